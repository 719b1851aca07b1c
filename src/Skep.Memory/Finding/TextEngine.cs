using Skep.Memory.Tables;
using Skep.Storage;

namespace Skep.Memory.Finding;

/// <summary>
/// Full text and metadata by what there is: FTS5 in the database, which is there at once; and an index in memory where many searches are answered (the owner of the folder), or where FTS5 is
/// not compiled in or does not cover all entries yet.
/// </summary>
/// <param name="memory">The memory.</param>
/// <param name="isLasting">Whether the process may answer many searches.</param>
/// <param name="kept">What earlier searches of the process have left, and later ones find; null for nothing.</param>
/// <param name="folder">Of which folder.</param>
internal sealed class TextEngine(MemoryStore memory, bool isLasting, KeptTexts? kept = null, string? folder = null) : IAsyncDisposable
{
    private readonly WarmTexts _warm = new(memory, kept, folder);
    private int _searches;

    /// <summary>The index in memory.</summary>
    internal WarmTexts Warm => _warm;

    internal async Task<FindList> SearchAsync(string text, MemoryPrefix prefix, EntryFilter? filter, int most, double weight, bool explain, CancellationToken cancel)
    {
        Begin();
        if (_warm.Search(text, prefix, filter, most, weight, explain) is { } warm) return warm;
        var filled = memory.IsOwner ? await new TextFiller(memory).FillAsync(anew: false, null, cancel) : default;
        var query = new TextQuery(text, prefix, filter, most);
        if (memory.Query(sql => Answers(sql, filled) ? query.Run(sql, weight) : null, null) is { } cold) return cold;
        _warm.Require();
        return _warm.Search(text, prefix, filter, most, weight, explain) ?? new FindList("text", "no entries", weight, [], []);
    }

    /// <summary>The entries that pass a filter, last written first.</summary>
    internal FindList Passing(MemoryPrefix prefix, EntryFilter filter, int most)
    {
        Begin();
        return _warm.Passing(prefix, filter, most) ?? memory.Query(sql => FilterList.Of(sql, prefix, filter, most), FilterList.Empty);
    }

    public ValueTask DisposeAsync() => _warm.DisposeAsync();

    /// <summary>Whether FTS5 has all that was stored before the search began: what it lacks by now was stored meanwhile.</summary>
    private static bool Answers(SqlSession sql, TextState filled) =>
        TextTable.IsPossible(sql) && TextState.Load(sql) is var now && (now.IsComplete || (now.IsThere && filled.IsComplete && now.Filled >= filled.Filled));

    private void Begin()
    {
        _warm.Adopt();
        // The first search of a process may be its only one.
        if (isLasting && (kept?.Searched() ?? Interlocked.Increment(ref _searches)) > 1) _warm.Begin();
    }
}
