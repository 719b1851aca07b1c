using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>Counts what exists: the totals, less what has expired and waits for the sweeper.</summary>
internal static class StatsReader
{
    internal static MemoryStats Read(SqlSession sql, long now, int top, MemoryLimits limits)
    {
        var state = MemoryState.Load(sql);
        var expired = Expired(sql, now);
        var namespaces = Namespaces(sql, MemoryPrefix.All, after: null, expired).ToList();
        var dead = expired.Values.Sum(static e => e.Entries);
        return new MemoryStats
        {
            Revision = state.Revision,
            Entries = state.Entries - dead,
            Bytes = state.Bytes - expired.Values.Sum(static e => e.Bytes),
            WithTtl = CountWithTtl(sql) - dead,
            ExpiredUnswept = dead,
            Changes = ChangeLog.Count(sql),
            Namespaces = namespaces.Count,
            Top = [.. namespaces.OrderByDescending(static n => n.Bytes).ThenBy(static n => n.Name, StringComparer.Ordinal).Take(top)],
            Limits = limits,
        };
    }

    internal static NamespacePage Page(SqlSession sql, MemoryPrefix prefix, string? after, int limit, long now)
    {
        var page = Namespaces(sql, prefix, after, Expired(sql, now)).Take(limit + 1).ToList();
        return page.Count <= limit ? new NamespacePage(page, null) : new NamespacePage(page[..limit], page[limit - 1].Name);
    }

    private static IEnumerable<NamespaceInfo> Namespaces(SqlSession sql, MemoryPrefix prefix, string? after, Dictionary<string, (long Entries, long Bytes)> expired)
    {
        var rows = sql.Sql("SELECT name, entries, bytes FROM memory_namespaces WHERE name > ?1 ORDER BY name").Bind(1, after ?? "");
        while (rows.Step())
        {
            var name = rows.Text(0);
            expired.TryGetValue(name, out var dead);
            // A namespace belongs to a prefix as the entries in it do: 'swarm' and 'swarm/' both mean the namespace 'swarm' and those beneath.
            if (rows.Number(1) > dead.Entries && (prefix.Contains(name) || prefix.Contains(name + "/"))) yield return new NamespaceInfo(name, rows.Number(1) - dead.Entries, rows.Number(2) - dead.Bytes);
        }

        rows.Reset();
    }

    private static Dictionary<string, (long Entries, long Bytes)> Expired(SqlSession sql, long now)
    {
        var sums = new Dictionary<string, (long Entries, long Bytes)>(StringComparer.Ordinal);
        var rows = sql.Sql("SELECT path, size FROM memory_entries WHERE expires IS NOT NULL AND expires <= ?1").Bind(1, now);
        while (rows.Step())
        {
            var path = rows.Text(0);
            sums.TryGetValue(MemoryPath.NamespaceOf(path), out var sum);
            sums[MemoryPath.NamespaceOf(path)] = (sum.Entries + 1, sum.Bytes + EntryRow.BytesOf(path, rows.Number(1)));
        }

        rows.Reset();
        return sums;
    }

    private static long CountWithTtl(SqlSession sql)
    {
        var row = sql.Sql("SELECT count(*) FROM memory_entries WHERE expires IS NOT NULL");
        return row.Step() ? row.Number(0) : 0;
    }
}
