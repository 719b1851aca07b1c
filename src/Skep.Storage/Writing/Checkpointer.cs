using Skep.Storage.Sqlite;

namespace Skep.Storage.Writing;

/// <summary>
/// Decides when the write-ahead log is moved into the database. Done by the writer's own connection between two commits: nobody
/// else checkpoints, and afterwards the log is written over from its start, which costs less per sync than a growing file.
/// </summary>
internal sealed class Checkpointer(Database database, StoreOptions options)
{
    /// <summary>A page and its header in the log.</summary>
    private const int FrameBytes = 4096 + 24;

    private long _logBytes;
    private long _nextTry;

    /// <summary>How often it was done.</summary>
    internal long Count { get; private set; }

    /// <summary>Called after each commit.</summary>
    /// <param name="idle">Whether nobody waits to write.</param>
    internal void AfterCommit(bool idle)
    {
        _logBytes += database.TakePagesWritten() * FrameBytes;
        if (_logBytes < Math.Max(_nextTry, idle ? options.CheckpointBytes : options.MaxLogBytes)) return;
        Count++;
        if (database.TryCheckpoint()) (_logBytes, _nextTry) = (0, 0);
        else _nextTry = _logBytes + options.CheckpointBytes; // A reader needs the log, or the disk is full: the data is safe where it is.
        _ = database.TakePagesWritten();
    }
}
