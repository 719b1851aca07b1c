using Skep.Memory.Tables;
using Skep.Storage;

namespace Skep.Memory.Finding;

/// <summary>Brings entries into the full text that are not in it yet, in portions that leave room for other writers.</summary>
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
    /// <returns>The state when it was complete.</returns>
    internal async Task<TextState> FillAsync(bool anew, IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        if (!memory.Query(TextTable.IsPossible, false)) return default;
        var state = memory.Query(TextState.Load, default);
        if (state.IsComplete && !anew) return state;
        if (!state.IsThere || anew) state = await memory.MaintainAsync(TextTable.Make, 0, cancel);
        while (!state.IsComplete)
        {
            state = await memory.MaintainAsync(Step, BatchBytes, cancel);
            progress?.Report(new IndexProgress("texts", state.Filled, state.Last));
        }

        return state;
    }

    /// <summary>Another process's program, or another search, may have begun anew meanwhile.</summary>
    private static TextState Step(SqlSession sql) => TextState.Load(sql).IsThere ? TextCatchUp.Run(sql, Batch, BatchBytes) : TextTable.Make(sql);
}
