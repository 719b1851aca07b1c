using System.Threading.Channels;

namespace Skep.Storage.Writing;

/// <summary>
/// The one thread that writes. It takes everything that waits, writes it in one transaction, syncs once and then tells all
/// callers: while one sync runs the next group gathers.
/// </summary>
internal sealed class GroupCommitter
{
    /// <summary>Requests of a failed group that are tried alone and fail in a row before the rest is given up.</summary>
    private const int MaxFailuresInARow = 3;

    /// <summary>
    /// How often the thread lets others run before it starts a group that is smaller than the last one: the callers that were
    /// just told are about to append again, and joining them saves a sync.
    /// </summary>
    private const int MaxYields = 32;

    private readonly Channel<WriteRequest> _queue;
    private readonly LogWriter _writer;
    private readonly Checkpointer _checkpointer;
    private readonly StoreOptions _options;
    private readonly List<WriteRequest> _group = [];
    private readonly List<Exception?> _refusals = [];
    private readonly Thread _thread;
    private int _lastGroup;
    private long _commits;
    private long _appends;
    private long _events;
    private long _checkpoints;

    internal GroupCommitter(LogWriter writer, StoreOptions options)
    {
        _writer = writer;
        _options = options;
        _checkpointer = new Checkpointer(writer.Database, options);
        _queue = Channel.CreateBounded<WriteRequest>(new BoundedChannelOptions(options.MaxQueuedAppends) { SingleReader = true });
        _thread = new Thread(Run) { IsBackground = true, Name = "skep-writer" };
        _thread.Start();
    }

    internal StoreStatistics Statistics =>
        new(Volatile.Read(ref _commits), Volatile.Read(ref _appends), Volatile.Read(ref _events), Volatile.Read(ref _checkpoints));

    /// <summary>Queues a request and waits until it is on disk.</summary>
    internal async Task SubmitAsync(WriteRequest request, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        try
        {
            if (!_queue.Writer.TryWrite(request)) await _queue.Writer.WriteAsync(request, cancel);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SqliteStore), "the store was closed");
        }

        using var registration = cancel.UnsafeRegister(static (state, token) => ((WriteRequest)state!).Cancel(token), request);
        await request.Task;
    }

    /// <summary>Writes what waits and ends the thread.</summary>
    internal async Task StopAsync()
    {
        _queue.Writer.TryComplete();
        await _queue.Reader.Completion;
        await Task.Run(_thread.Join);
    }

    private void Run()
    {
        while (WaitForWork())
        {
            Gather();
            if (_group.Count == 0) continue;
            Commit();
            _lastGroup = _group.Count;
            _group.Clear();
            Checkpoint();
        }
    }

    private bool WaitForWork()
    {
        var more = _queue.Reader.WaitToReadAsync();
        return more.IsCompleted ? more.Result : more.AsTask().GetAwaiter().GetResult();
    }

    private void Gather()
    {
        for (var i = 0; i < MaxYields && _queue.Reader.Count < _lastGroup; i++) Thread.Yield();
        long bytes = 0;
        while (_group.Count < _options.MaxBatchAppends && bytes < _options.MaxBatchBytes && _queue.Reader.TryRead(out var request))
        {
            if (!request.TryTake()) continue;
            _group.Add(request);
            bytes += request.Bytes;
        }
    }

    private void Commit()
    {
        if (TryWrite(0, _group.Count) is not { } failure) return;
        if (_group.Count == 1) _group[0].SetException(failure);
        else CommitOneByOne();
    }

    /// <summary>
    /// Something in the group cannot be written. Alone, the others may: a small append still fits on a disk on which a large one
    /// did not.
    /// </summary>
    private void CommitOneByOne()
    {
        var inARow = 0;
        Exception? failure = null;
        for (var i = 0; i < _group.Count; i++)
        {
            if (inARow < MaxFailuresInARow)
            {
                failure = TryWrite(i, 1);
                inARow = failure is null ? 0 : inARow + 1;
            }

            if (failure is not null) _group[i].SetException(failure);
        }
    }

    /// <summary>Writes a part of the group in one transaction and tells its callers; when that fails, nothing of it is written and nobody is told.</summary>
    private Exception? TryWrite(int from, int count)
    {
        try
        {
            _refusals.Clear();
            _writer.Database.Execute("BEGIN IMMEDIATE");
            for (var i = from; i < from + count; i++) _refusals.Add(_group[i].Execute(_writer));
            _writer.Database.Execute("COMMIT");
            _writer.Database.RequireSameFile(); // Afterwards, so that nobody is told of what went into a file without a name.
        }
#pragma warning disable CA1031 // Whatever it was, the callers are told and the writer lives on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Undo() ?? e;
        }

        Count(from, count);
        for (var i = 0; i < count; i++) Tell(_group[from + i], _refusals[i]);
        return null;
    }

    private StorageException? Undo()
    {
        try
        {
            _writer.Database.Rollback();
            _writer.Forget();
            return null;
        }
        catch (StorageException e)
        {
            return e;
        }
    }

    private void Count(int from, int count)
    {
        Volatile.Write(ref _commits, _commits + 1);
        for (var i = 0; i < count; i++)
        {
            if (_refusals[i] is not null || _group[from + i] is not AppendRequest append) continue;
            Volatile.Write(ref _appends, _appends + 1);
            Volatile.Write(ref _events, _events + append.Events);
        }
    }

    private static void Tell(WriteRequest request, Exception? refusal)
    {
        if (refusal is null) request.SetResult();
        else request.SetException(refusal);
    }

    private void Checkpoint()
    {
        _checkpointer.AfterCommit(idle: _queue.Reader.Count == 0);
        Volatile.Write(ref _checkpoints, _checkpointer.Count);
    }
}
