using Skep.Memory.Tables;
using Skep.Storage;

namespace Skep.Memory.Finding;

/// <summary>Brings entries into the full text that were there before it was, in portions that leave room for other writers.</summary>
internal sealed class TextFiller(MemoryStore memory)
{
    /// <summary>Entries of one transaction.</summary>
    private const int Batch = 500;

    /// <summary>Bytes of values after which a transaction ends early.</summary>
    private const long BatchBytes = 4 * 1024 * 1024;

    /// <summary>Fills what is missing. Does nothing where this SQLite has no full text.</summary>
    /// <param name="anew">Make the table again, even if it is complete.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Ends it between two portions; the next one goes on there.</param>
    internal async Task FillAsync(bool anew, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        if (!memory.Query(TextTable.IsPossible, false)) return;
        var state = memory.Query(TextState.Load, default);
        if (state.IsComplete && !anew) return;
        if (!state.IsThere || anew) state = await memory.MaintainAsync(TextTable.Make, 0, cancel);
        while (!state.IsComplete)
        {
            state = await memory.MaintainAsync(Step, BatchBytes, cancel);
            progress?.Report(new IndexProgress("texts", state.Filled, state.Wanted));
        }
    }

    private static TextState Step(SqlSession sql)
    {
        var state = TextState.Load(sql);
        var (last, count, bytes) = (state.Filled, 0, 0L);
        var rows = sql.Sql("SELECT d.id, e.path, e.type, e.value FROM memory_docs d JOIN memory_entries e ON e.path = d.path WHERE d.id > ?1 AND d.id <= ?2 ORDER BY d.id LIMIT ?3")
            .Bind(1, state.Filled).Bind(2, state.Wanted).Bind(3, Batch);
        while (bytes < BatchBytes && rows.Step())
        {
            (last, count, bytes) = (rows.Number(0), count + 1, bytes + rows.Blob(3).Length);
            var type = (MemoryContentType)rows.Number(2);
            TextTable.Add(sql, last, rows.Text(1), TextTable.TextOf(type, rows.Blob(3)));
            if (type == MemoryContentType.Json) FieldTable.Learn(sql, rows.Blob(3));
        }

        var atEnd = count < Batch && bytes < BatchBytes;
        state = state with { Filled = atEnd ? state.Wanted : last };
        state.Save(sql);
        return state;
    }
}
