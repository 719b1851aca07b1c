using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>What a write needs to know of the row that is there.</summary>
internal sealed record EntryHead(string Path, long Version, long Floor, long Created, long Updated, long? Expires, long Size)
{
    private const string Query = "SELECT path, version, floor, created, updated, expires, size FROM memory_entries";

    /// <summary>The highest version that the entry has ever had or may be confused with.</summary>
    internal long Highest => Math.Max(Version, Floor);

    internal long Bytes => EntryRow.BytesOf(Path, Size);

    internal static EntryHead? Find(SqlSession sql, string path)
    {
        var row = sql.Sql(Query + " WHERE path = ?1").Bind(1, path);
        var head = row.Step() ? Read(row) : null;
        row.Reset();
        return head;
    }

    /// <summary>The first rows of a stretch that were last written up to a revision.</summary>
    internal static List<EntryHead> InRange(SqlSession sql, PathRange range, long upToRevision, int limit) =>
        All(sql.Sql(Query + " WHERE path >= ?1 AND path < ?2 AND rev <= ?3 ORDER BY path LIMIT ?4")
            .Bind(1, range.From).Bind(2, range.To).Bind(3, upToRevision).Bind(4, limit));

    /// <summary>Rows whose time is up, longest first.</summary>
    internal static List<EntryHead> Expired(SqlSession sql, long now, int limit) =>
        All(sql.Sql(Query + " WHERE expires IS NOT NULL AND expires <= ?1 ORDER BY expires, path LIMIT ?2").Bind(1, now).Bind(2, limit));

    private static List<EntryHead> All(SqlStatement rows)
    {
        var heads = new List<EntryHead>();
        while (rows.Step()) heads.Add(Read(rows));
        rows.Reset();
        return heads;
    }

    private static EntryHead Read(SqlStatement row) =>
        new(row.Text(0), row.Number(1), row.Number(2), row.Number(3), row.Number(4), row.NumberOrNull(5), row.Number(6));
}
