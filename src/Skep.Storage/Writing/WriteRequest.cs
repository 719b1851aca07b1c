namespace Skep.Storage.Writing;

/// <summary>
/// Something that waits to be written; its task completes when the commit that contains it is on disk. Continuations never run
/// on the writer's thread.
/// </summary>
internal abstract class WriteRequest() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Cancelled = 2;

    private int _state;

    /// <summary>Roughly how many bytes it writes.</summary>
    internal virtual long Bytes => 0;

    /// <summary>Writes within the open transaction.</summary>
    /// <returns>Why it cannot be written although the database is well (a conflict): then it has written nothing.</returns>
    internal abstract Exception? Execute(LogWriter writer);

    /// <summary>The writer takes it; false when the caller has given up before. From then on it is written whatever the caller wants.</summary>
    internal bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>The caller gives up; without effect once it is taken.</summary>
    internal void Cancel(CancellationToken cancel)
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting) TrySetCanceled(cancel);
    }
}

/// <summary>Appends to a stream.</summary>
internal sealed class AppendRequest(Append append, long bytes) : WriteRequest
{
    internal int Events => append.Events.Count;

    internal override long Bytes => bytes;

    internal override Exception? Execute(LogWriter writer) => writer.Append(append);
}

/// <summary>Makes a stream disappear for readers.</summary>
internal sealed class DeleteRequest(string stream) : WriteRequest
{
    /// <summary>The id under which its rows are still there, or null when there was no such stream.</summary>
    internal long? DeletedId { get; private set; }

    internal override Exception? Execute(LogWriter writer)
    {
        DeletedId = writer.MarkDeleted(stream);
        return null;
    }
}

/// <summary>Removes some rows of a deleted stream.</summary>
internal sealed class PurgeRequest(long id, int rows) : WriteRequest
{
    /// <summary>Whether all are removed.</summary>
    internal bool Done { get; private set; }

    internal override Exception? Execute(LogWriter writer)
    {
        Done = writer.Purge(id, rows);
        return null;
    }
}

/// <summary>Runs something on the writer's connection, for tests that need a fault on demand.</summary>
internal sealed class ProbeRequest(Action<Sqlite.Database> action) : WriteRequest
{
    internal override Exception? Execute(LogWriter writer)
    {
        action(writer.Database);
        return null;
    }
}
