using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>Reads entries, expired ones included: callers look at the clock after they have read, which is later.</summary>
internal static class EntryReader
{
    private const string From = " FROM memory_entries e";
    private const string WithValue = "SELECT " + EntryRow.Columns + ", value" + From;
    private const string WithoutValue = "SELECT " + EntryRow.Columns + From;
    private const string WithState = "SELECT " + EntryRow.Columns + ", value, s.rev FROM memory_state s LEFT JOIN memory_entries e ON e.path = ?1 WHERE s.id = 1";
    private const string Range = " WHERE e.path >= ?1 AND e.path < ?2 ORDER BY e.path LIMIT ?3";

    internal static MemoryEntry? Find(SqlSession sql, string path, bool withValue = true)
    {
        var row = sql.Sql((withValue ? WithValue : WithoutValue) + " WHERE e.path = ?1").Bind(1, path);
        var entry = row.Step() ? EntryRow.Read(row, withValue) : null;
        row.Reset();
        return entry;
    }

    /// <summary>An entry with the revision that the memory is at: one statement, which needs no transaction around it.</summary>
    internal static (long Revision, MemoryEntry? Entry) Look(SqlSession sql, string path)
    {
        var row = sql.Sql(WithState).Bind(1, path);
        if (!row.Step()) throw MemoryState.Missing();
        var found = (row.Number(EntryRow.ValueColumn + 1), row.IsNull(0) ? null : EntryRow.Read(row, withValue: true));
        row.Reset();
        return found;
    }

    /// <summary>The entry as it was stored by a change; null when a later change has replaced or removed it.</summary>
    internal static MemoryEntry? FindAt(SqlSession sql, string path, long revision)
    {
        var row = sql.Sql(WithValue + " WHERE e.path = ?1 AND e.rev = ?2").Bind(1, path).Bind(2, revision);
        var entry = row.Step() ? EntryRow.Read(row, withValue: true) : null;
        row.Reset();
        return entry;
    }

    /// <summary>Entries in order, beginning after a path.</summary>
    internal static IEnumerable<MemoryEntry> Scan(SqlSession sql, MemoryPrefix prefix, string? after, bool withValues, int limit = int.MaxValue)
    {
        foreach (var range in prefix.Ranges)
        {
            var from = after is not null && string.CompareOrdinal(after, range.From) >= 0 ? PathRange.After(after) : range.From;
            var rows = sql.Sql((withValues ? WithValue : WithoutValue) + Range).Bind(1, from).Bind(2, range.To).Bind(3, limit);
            while (rows.Step()) yield return EntryRow.Read(rows, withValues);
            rows.Reset();
        }
    }
}
