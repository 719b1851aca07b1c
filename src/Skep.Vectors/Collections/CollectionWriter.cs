using System.Threading.Channels;

namespace Skep.Vectors.Collections;

/// <summary>
/// The one that writes: takes all batches that wait, appends them to the log with one sync, then lets readers see them, then tells their callers. A batch
/// that cannot be stored is refused before anything of it is.
/// </summary>
internal sealed class CollectionWriter : IAsyncDisposable
{
    /// <summary>Batches that may wait; callers wait beyond that.</summary>
    private const int MaxWaiting = 256;

    /// <summary>Bytes that are appended with one sync.</summary>
    private const long MaxGroupBytes = 32L << 20;

    private readonly Channel<Commit> _waiting = Channel.CreateBounded<Commit>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly CollectionState _state;
    private readonly Action _onAppended;
    private readonly List<int> _replaced = [];
    private readonly Task _loop;
    private FieldBudget _fields;

    /// <summary>Starts to write.</summary>
    /// <param name="state">The collection.</param>
    /// <param name="log">Its log; null for a collection in memory alone.</param>
    /// <param name="onAppended">Told after rows came in.</param>
    public CollectionWriter(CollectionState state, LogFile? log, Action onAppended)
    {
        (_state, Log, _onAppended) = (state, log, onAppended);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>The log that is written to. Changed by the writer's thread alone, through <see cref="DoAsync"/>.</summary>
    public LogFile? Log { get; private set; }

    /// <summary>Stores a batch. Ends when it is on disk and seen.</summary>
    public async Task<int> CommitAsync(BatchCommit batch, CancellationToken cancel)
    {
        await SendAsync(batch, cancel);
        return await batch.Done;
    }

    /// <summary>Does something between two batches.</summary>
    public async Task DoAsync(Action work, CancellationToken cancel = default)
    {
        var commit = new WorkCommit(work);
        await SendAsync(commit, cancel);
        await commit.Done;
    }

    /// <summary>Goes on in another log. On the writer's thread.</summary>
    public void SwitchLog(LogFile next)
    {
        Log?.Dispose();
        Log = next;
    }

    /// <summary>Lets readers see another generation, and gives the old one's memory back when its readers have left. On the writer's thread.</summary>
    public void SwitchGeneration(Generation next)
    {
        var old = _state.Current;
        _state.Current = next;
        _state.Epochs.WaitForReaders();
        old.Dispose();
    }

    /// <summary>Writes what waits, and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        Log?.Dispose();
    }

    private async Task SendAsync(Commit commit, CancellationToken cancel)
    {
        try
        {
            await _waiting.Writer.WriteAsync(commit, cancel);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(VectorCollection), "the collection is closed");
        }
    }

    private async Task LoopAsync()
    {
        List<BatchCommit> group = [];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            WorkCommit? work = null;
            long bytes = 0;
            while (work is null && bytes < MaxGroupBytes && _waiting.Reader.TryRead(out var commit))
            {
                work = commit as WorkCommit;
                if (commit is not BatchCommit batch) continue;
                group.Add(batch);
                bytes += batch.Content.Length;
            }

            Write(group);
            group.Clear();
            if (work is not null) Do(work);
        }

        Close();
    }

    private static void Do(WorkCommit work)
    {
        try
        {
            work.Work();
            work.Succeed(0);
        }
        catch (Exception e)
        {
            work.Fail(e);
        }
    }

    private void Write(List<BatchCommit> group)
    {
        if (group.Count == 0) return;
        var accepted = Accepted(group);
        try
        {
            Log?.Append([.. accepted.Select(b => (b.Kind, (ReadOnlyMemory<byte>)b.Content, b.Checksum))]);
        }
        catch (VectorException e)
        {
            foreach (var batch in accepted) batch.Fail(e);
            return;
        }

        try
        {
            Apply(accepted);
        }
        catch (Exception e)
        {
            // What is on disk and what is seen differ now, which only reading it again mends.
            var fault = new VectorException(VectorFault.Damaged, $"a stored batch could not be taken in: {e.Message}; open the collection again", e);
            _state.Fail(fault);
            foreach (var batch in accepted) batch.Fail(fault);
        }
    }

    /// <summary>The batches that fit, each on top of those before it; the others are refused.</summary>
    private List<BatchCommit> Accepted(List<BatchCommit> group)
    {
        var generation = _state.Current;
        var schema = generation.Fields.View.Schema;
        var (rows, bytes) = (0, 0L);
        List<BatchCommit> accepted = [];
        foreach (var batch in group)
        {
            try
            {
                _state.RequireSound();
                var grown = schema;
                foreach (var record in batch.Records)
                {
                    if (record.Fields is { Count: > 0 } fields) grown = grown.Accept(fields);
                }

                var besides = batch.Content.Length - (batch.Records.Count * (long)_state.Options.Index.Dimension * sizeof(float));
                if (batch.Records.Count > 0) generation.Index.RequireRoom(rows + batch.Records.Count, generation.Keys.BytesOf(generation.Index.Count) + _fields.Of(generation) + bytes + besides);
                (schema, rows, bytes) = (grown, rows + batch.Records.Count, bytes + besides);
                accepted.Add(batch);
            }
            catch (VectorException e)
            {
                batch.Fail(e);
            }
        }

        return accepted;
    }

    private void Apply(List<BatchCommit> group)
    {
        var generation = _state.Current;
        _state.TurnVersion();
        var results = group.ConvertAll(b => b.Kind == LogRecordKind.Upsert ? generation.Upsert(b.Content, _replaced) : generation.Delete(b.Content));
        DeleteReplaced(generation);
        _state.TurnVersion();
        for (var i = 0; i < group.Count; i++) group[i].Succeed(results[i]);
        _onAppended();
    }

    /// <summary>Rows whose place others took go once no search runs that began before the others came: it finds the old or the new one, never neither.</summary>
    private void DeleteReplaced(Generation generation)
    {
        if (_replaced.Count == 0) return;
        _state.Epochs.WaitForReaders();
        foreach (var row in _replaced) generation.Index.Delete(row);
        _replaced.Clear();
    }

    /// <summary>So that damage to the last batches can be told from a crash.</summary>
    private void Close()
    {
        try
        {
            Log?.Append([(LogRecordKind.Close, default, Crc.Start)]);
        }
        catch (VectorException e)
        {
            _state.BackgroundFault = e;
        }
    }

    /// <summary>Bytes of fields, which are added up anew only now and then: it takes a while.</summary>
    private struct FieldBudget
    {
        private const int Every = 4096;
        private Generation? _of;
        private int _rows;
        private long _bytes;

        public long Of(Generation generation)
        {
            var view = generation.Fields.View;
            if (_of == generation && view.Rows - _rows < Every) return _bytes;
            (_of, _rows, _bytes) = (generation, view.Rows, view.Bytes);
            return _bytes;
        }
    }
}
