using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>How far the full text is behind the entries.</summary>
/// <param name="IsThere">Whether the table is there and says the truth about the entries that it covers.</param>
/// <param name="Filled">Entries with numbers up to this one are in it.</param>
/// <param name="Last">The highest number of an entry.</param>
/// <param name="Outdated">Texts in it that are no entry's any more.</param>
internal readonly record struct TextState(bool IsThere, long Filled, long Last, long Outdated)
{
    /// <summary>
    /// Most entries that a transaction leaves for later. Together they cost less than one by one: 64 of some hundred bytes take 3 ms, and the next search for words or the
    /// next store after them waits for that.
    /// </summary>
    internal const long MaxBacklog = 64;

    private const string Query =
        """
        SELECT texts, filled, coalesce((SELECT max(id) FROM memory_docs), 0),
               coalesce((SELECT max(seq) FROM memory_outdated) - (SELECT min(seq) FROM memory_outdated) + 1, 0)
        FROM memory_search WHERE id = 1
        """;

    /// <summary>Entries, about, that wait to be put in or taken out.</summary>
    internal long Backlog => Math.Max(0, Last - Filled) + Outdated;

    internal bool IsComplete => IsThere && Last <= Filled && Outdated == 0;

    /// <summary>Whether what is missing is no more than stores leave for the next search.</summary>
    internal bool IsKeptUp => IsThere && Backlog <= MaxBacklog;

    internal static TextState Load(SqlSession sql)
    {
        var row = sql.Sql(Query);
        var state = row.Step() ? new TextState(row.Number(0) != 0, row.Number(1), row.Number(2), row.Number(3)) : default;
        row.Reset();
        return state;
    }

    internal bool Covers(long id) => IsThere && id <= Filled;

    internal void Save(SqlSession sql) =>
        sql.Sql("UPDATE memory_search SET texts = ?1, filled = ?2 WHERE id = 1").Bind(1, IsThere ? 1 : 0).Bind(2, Filled).Run();
}
