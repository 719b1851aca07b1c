using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>Counts entries and bytes per namespace, so that no statistics need to look at all entries.</summary>
internal sealed class NamespaceTotals(SqlSession sql)
{
    private readonly Dictionary<string, (long Entries, long Bytes)> _added = new(StringComparer.Ordinal);

    /// <summary>Entries directly in a namespace, those that have expired and were not swept yet included.</summary>
    internal static long EntriesOf(SqlSession sql, string name)
    {
        var row = sql.Sql("SELECT entries FROM memory_namespaces WHERE name = ?1").Bind(1, name);
        var entries = row.Step() ? row.Number(0) : 0;
        row.Reset();
        return entries;
    }

    internal void Add(string name, long entries, long bytes)
    {
        _added.TryGetValue(name, out var sum);
        _added[name] = (sum.Entries + entries, sum.Bytes + bytes);
    }

    internal void Save()
    {
        foreach (var (name, sum) in _added)
        {
            if (sum == (0, 0)) continue;
            sql.Sql(
                    """
                    INSERT INTO memory_namespaces (name, entries, bytes) VALUES (?1, ?2, ?3)
                    ON CONFLICT (name) DO UPDATE SET entries = entries + excluded.entries, bytes = bytes + excluded.bytes
                    """)
                .Bind(1, name).Bind(2, sum.Entries).Bind(3, sum.Bytes).Run();
            if (sum.Entries < 0) sql.Sql("DELETE FROM memory_namespaces WHERE name = ?1 AND entries <= 0").Bind(1, name).Run();
        }
    }
}
