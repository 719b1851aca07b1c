namespace Skep.Vectors.Collections;

/// <content>Compaction, snapshots, checks and figures.</content>
public sealed partial class VectorCollection
{
    /// <summary>How large it is and what it is doing.</summary>
    public CollectionStats Stats
    {
        get
        {
            using var reading = Read();
            var (index, keys, fields) = (reading.Generation.Index, reading.Generation.Keys, reading.Generation.Fields.View);
            var rows = index.Count;
            var rowBytes = (long)rows * index.Rows.Length * sizeof(float);
            return new CollectionStats
            {
                Live = index.Live,
                Rows = rows,
                Linked = index.Linked,
                RowBytes = rowBytes - index.MappedBytes,
                MappedRowBytes = index.MappedBytes,
                GraphBytes = index.BytesInUse - rowBytes,
                KeyBytes = keys.BytesOf(rows),
                FieldBytes = fields.Bytes,
                UnreadFieldBytes = fields.UnreadBytes,
                LogBytes = _state.EarlierLogBytes + (_writer.Log?.Length ?? 0),
                Segment = _state.Manifest?.Segment ?? 0,
                SegmentBytes = reading.Generation.Segment?.Bytes ?? 0,
                Compactions = _state.Compactions,
                BackgroundFault = _state.BackgroundFault?.Message,
            };
        }
    }

    /// <summary>
    /// Moves everything into the graph, writes the records that are left as a new segment and goes on from there; the old segment and its log are removed.
    /// Reads and writes go on meanwhile. It takes memory for a second index while it runs.
    /// </summary>
    /// <exception cref="VectorException">The disk refuses; the collection goes on as it was.</exception>
    public async Task CompactAsync(CancellationToken cancel = default)
    {
        await MaintainAsync(_compactor.CompactAsync, cancel);
    }

    /// <summary>Moves everything that is there into the graph, and returns when that is done.</summary>
    public async Task LinkAsync(CancellationToken cancel = default)
    {
        await MaintainAsync(stop => Task.Run(() => _linker.Link(stop), stop), cancel);
    }

    /// <summary>Copies the collection, as it is at one moment, into a folder where it can be opened. Reads and writes go on meanwhile.</summary>
    /// <param name="folder">A folder that is empty, or is not there yet.</param>
    /// <param name="cancel">Ends it between two files; the folder is then not complete, and is refused when it is opened.</param>
    /// <exception cref="VectorException">The folder is not empty, the collection has no files, or the disk refuses.</exception>
    public async Task SnapshotAsync(string folder, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (_state.Paths is not { } paths) throw new VectorException(VectorFault.BadArgument, "a collection in memory has no files to copy: open it with a folder");
        await MaintainAsync(stop => new Snapshot(_state, _writer, paths, new CollectionPaths(Path.GetFullPath(folder))).WriteAsync(stop), cancel);
    }

    /// <summary>Reads all files and compares them with their checksums. Damaged codes and links are made anew; what cannot be is named, and from then on refused unless losses are accepted.</summary>
    public async Task<VerificationReport> VerifyAsync(CancellationToken cancel = default)
    {
        VerificationReport report = new(0, []);
        await MaintainAsync(async stop => report = await new Verifier(_state, _writer, _compactor).CheckAsync(stop), cancel);
        return report;
    }

    private async Task CheckInBackgroundAsync()
    {
        try
        {
            var report = Options.VerifyOnOpen ? new VerificationReport(0, []) : await VerifyAsync(_stop.Token);
            // From here on the rows are in memory as far as there is room: whoever scans or compacts them may read on.
            await MaintainAsync(stop => Task.Run(() => _state.Current.Index.ExpectRowReads(areApart: false), stop), _stop.Token);
            if (!report.IsSound) _state.BackgroundFault = new VectorException(VectorFault.Damaged, string.Join("; ", report.Problems));
            else if (Options.KeepGraphInMemory) await MaintainAsync(stop => Task.Run(_state.Current.Index.DetachGraph, stop), _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The collection is being closed.
        }
        catch (VectorException e)
        {
            _state.BackgroundFault = e;
        }
    }

    /// <summary>After a while of writing, the log takes longer to read than a new segment would take to write.</summary>
    private async Task CompactIfWorthwhileAsync(CancellationToken cancel)
    {
        if (!Options.AutoCompact) return;
        var stats = Stats;
        const int few = 10_000;
        var isLogLong = _state.Paths is not null && stats.LogBytes > Math.Max(Math.Max(Options.CompactAfterLogBytes, stats.SegmentBytes), _compactAgainAt);
        var areManyDead = stats.Rows - stats.Live > Math.Max(few, stats.Rows / 3) && stats.LogBytes >= _compactAgainAt;
        if (!isLogLong && !areManyDead) return;
        // If the disk refuses, not at once again.
        _compactAgainAt = stats.LogBytes * 2;
        await MaintainAsync(_compactor.CompactAsync, cancel);
        _compactAgainAt = 0;
    }

    /// <summary>Does one thing at a time; closing the collection ends it.</summary>
    private async Task MaintainAsync(Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed), this);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stop.Token);
        await _state.Maintenance.WaitAsync(either.Token);
        try
        {
            await work(either.Token);
        }
        finally
        {
            _state.Maintenance.Release();
        }
    }
}
