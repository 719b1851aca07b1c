using Skep.Embeddings;
using Skep.Memory.Tables;
using Skep.Storage;
using Skep.Vectors;

namespace Skep.Memory.Finding;

/// <summary>
/// The full text and the metadata of all entries in memory, for processes that answer many searches: BM25 over 100,000 entries takes FTS5 tens of milliseconds where words are common,
/// and this a fraction of one. Filled in the background, then it follows the log of changes; when most of its rows are dead it is filled anew beside the one that answers.
/// One search at a time.
/// </summary>
internal sealed class WarmTexts(MemoryStore memory, KeptTexts? kept, string? folder) : IAsyncDisposable
{
    /// <summary>Entries from which it is worth its memory (about 600 bytes an entry); for fewer FTS5 is fast enough.</summary>
    internal const int From = 2_000;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private TextRows? _rows;
    private TextRows? _filling;
    private Task _warming = Task.CompletedTask;
    private bool _isTooLarge;
    private bool _hasLooked;

    /// <summary>The filling under way, or the last one.</summary>
    internal Task Warming
    {
        get
        {
            lock (_gate) return _warming;
        }
    }

    /// <summary>Rows of the index that answers, dead ones among them; -1 when none does. For tests.</summary>
    internal int Rows
    {
        get
        {
            lock (_gate) return _rows?.Rows ?? -1;
        }
    }

    /// <summary>Takes over what an earlier search of this process has filled.</summary>
    internal void Adopt()
    {
        lock (_gate)
        {
            if (_hasLooked || kept is null) return;
            _hasLooked = true;
            if (kept.Take(folder ?? "") is not { } there) return;
            if (there.Rows is not { } rows) _isTooLarge = true;
            else if (memory.Query(sql => MemoryState.Load(sql).Revision >= rows.Revision && ChangeLog.MarkOf(sql, rows.Revision) is { } mark && mark == there.Mark, false)) _ = rows.IsFilled ? _rows = rows : _filling = rows;
        }
    }

    /// <summary>Begins to fill it, unless it is filled, being filled, or not worth it.</summary>
    internal void Begin()
    {
        lock (_gate)
        {
            if (_rows is null && !_isTooLarge && memory.Query(static sql => MemoryState.Load(sql).Entries, 0) >= From) Fill_NeedsLock();
        }
    }

    /// <summary>Fills it now, if it is not.</summary>
    internal void Require()
    {
        lock (_gate)
        {
            if (_rows is not null) return;
            var rows = TextRows.Begin(memory);
            while (!rows.IsFilled) rows.ReadOn(memory);
            _rows = rows;
        }
    }

    /// <summary>The best entries; null when it cannot say, as it is not filled.</summary>
    internal FindList? Search(string text, MemoryPrefix prefix, EntryFilter? filter, int most, double weight, bool explain) =>
        Ask(rows => rows.Search(text, prefix, filter, most, weight, memory.Clock, explain));

    /// <summary>The entries that pass a filter, last written first; null when it cannot say.</summary>
    internal FindList? Passing(MemoryPrefix prefix, EntryFilter filter, int most) => Ask(rows => rows.Passing(prefix, filter, most));

    private FindList? Ask(Func<TextRows, FindList> question)
    {
        lock (_gate)
        {
            if (_rows is null || !Follow_NeedsLock()) return null;
            try
            {
                return question(_rows);
            }
            catch (VectorException)
            {
                return null; // A member of JSON that no entry has any more is only known to the database.
            }
        }
    }

    /// <summary>Ends the filling where it is; what there is by then is kept for the next search, if it is to be.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Warming;
        _stop.Dispose();
        if (kept is null || !_hasLooked) return;
        lock (_gate)
        {
            if (_isTooLarge) kept.Keep(new KeptTexts.Kept(folder ?? "", null, null));
            else if ((_rows ?? _filling) is { } rows) kept.Keep(new KeptTexts.Kept(folder ?? "", MarkOf(rows), rows));
            (_rows, _filling) = (null, null);
        }
    }

    private string? MarkOf(TextRows rows)
    {
        try
        {
            return memory.Query(sql => ChangeLog.MarkOf(sql, rows.Revision), null);
        }
        catch (StorageException)
        {
            return null; // Then the next search does not take it.
        }
    }

    private void Fill_NeedsLock()
    {
        if (_warming.IsCompleted && !_stop.IsCancellationRequested) _warming = Task.Run(Fill);
    }

    private void Fill()
    {
        try
        {
            var rows = _filling ??= TextRows.Begin(memory);
            while (!rows.IsFilled)
            {
                if (_stop.IsCancellationRequested) return;
                rows.ReadOn(memory);
            }

            lock (_gate) (_rows, _filling) = (rows, null);
        }
        catch (EmbeddingException)
        {
            lock (_gate) (_isTooLarge, _filling) = (true, null); // FTS5 goes on answering.
        }
        catch (Exception e) when (e is StorageException or ObjectDisposedException)
        {
            // The folder is being closed, or cannot be read: searches will say so.
        }
    }

    /// <summary>Takes in what has changed; false when that is no longer known, and it has to be filled anew.</summary>
    private bool Follow_NeedsLock()
    {
        try
        {
            var follows = _rows!.Follow(memory);
            if (!follows) _rows = null;
            else if (_rows.IsWorn) Fill_NeedsLock();
            return follows;
        }
        catch (EmbeddingException)
        {
            (_isTooLarge, _rows) = (true, null);
            return false;
        }
    }
}
