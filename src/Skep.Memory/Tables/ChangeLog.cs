using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>The remembered changes. Their numbers have no gaps: the oldest one tells what is no longer known.</summary>
internal static class ChangeLog
{
    /// <summary>After so many changes the oldest are removed.</summary>
    internal const int TrimEvery = 64;

    /// <summary>Changes that are looked at in one read.</summary>
    private const int PageRows = 512;

    private const string Query =
        "SELECT rev, kind, path, version, at FROM memory_changes WHERE rev > ?1 ORDER BY rev LIMIT ?2";

    internal static void Trim(SqlSession sql, long upTo)
    {
        if (upTo > 0) sql.Sql("DELETE FROM memory_changes WHERE rev <= ?1").Bind(1, upTo).Run();
    }

    internal static long Count(SqlSession sql)
    {
        var row = sql.Sql("SELECT min(rev), max(rev) FROM memory_changes");
        return row.Step() && !row.IsNull(0) ? row.Number(1) - row.Number(0) + 1 : 0;
    }

    /// <summary>What a change was, to tell one memory from another that is at the same revision; null when it is no longer known.</summary>
    internal static string? MarkOf(SqlSession sql, long revision)
    {
        var row = sql.Sql("SELECT kind, at, version, path FROM memory_changes WHERE rev = ?1").Bind(1, revision);
        var mark = row.Step() ? $"{row.Number(0)} {row.Number(1)} {row.Number(2)} {row.Text(3)}" : null;
        row.Reset();
        return mark;
    }

    /// <summary>Which entries changed after a revision, at most some of them, and up to which revision that is; null when they are no longer all known.</summary>
    internal static (IReadOnlyList<string> Paths, long UpTo)? PathsAfter(SqlSession sql, long revision, int limit)
    {
        var latest = MemoryState.Load(sql).Revision;
        if (revision > latest || (revision < latest && revision < OldestOf(sql, latest) - 1)) return null;
        var paths = new HashSet<string>(StringComparer.Ordinal);
        var rows = sql.Sql("SELECT rev, path FROM memory_changes WHERE rev > ?1 ORDER BY rev LIMIT ?2").Bind(1, revision).Bind(2, limit);
        while (rows.Step())
        {
            revision = rows.Number(0);
            paths.Add(rows.Text(1));
        }

        rows.Reset();
        return ([.. paths], revision);
    }

    /// <summary>The changes of some entries after a revision; first of all a <see cref="MemoryChangeKind.Lagged"/> if some are no longer known.</summary>
    internal static ChangePage Read(SqlSession sql, MemoryPrefix prefix, long after, int limit)
    {
        var latest = MemoryState.Load(sql).Revision;
        if (after > latest) throw new MemoryException(MemoryFault.FutureRevision, $"revision {after} has not been reached, the memory is at {latest}: it is another memory or an older copy; list the entries anew and watch from the list's revision");
        if (after == latest) return new ChangePage([], latest, AtEnd: true);
        var forgotten = OldestOf(sql, latest) - 1;
        if (after < forgotten) return new ChangePage([new MemoryChange(forgotten, MemoryChangeKind.Lagged, "", 0, 0)], forgotten, forgotten == latest);
        return Scan(sql, prefix, after, latest, limit);
    }

    private static ChangePage Scan(SqlSession sql, MemoryPrefix prefix, long after, long latest, int limit)
    {
        var changes = new List<MemoryChange>();
        long bytes = 0;
        var rows = sql.Sql(Query).Bind(1, after).Bind(2, PageRows);
        while (changes.Count < limit && bytes < MemoryLimits.MaxPageBytes && rows.Step())
        {
            after = rows.Number(0);
            if (rows.Text(2) is var path && !prefix.Contains(path)) continue;
            var kind = (MemoryChangeKind)rows.Number(1);
            var entry = kind == MemoryChangeKind.Stored ? EntryReader.FindAt(sql, path, after) : null;
            bytes += entry?.Size ?? 0;
            changes.Add(new MemoryChange(after, kind, path, rows.Number(3), rows.Number(4), entry));
        }

        rows.Reset();
        return new ChangePage(changes, after, after >= latest);
    }

    private static long OldestOf(SqlSession sql, long latest)
    {
        var row = sql.Sql("SELECT rev FROM memory_changes ORDER BY rev LIMIT 1");
        var oldest = row.Step() ? row.Number(0) : latest + 1;
        row.Reset();
        return oldest;
    }
}
