namespace Skep.Storage;

/// <summary>Settings of a store; the defaults suit a developer's machine.</summary>
public sealed record StoreOptions
{
    /// <summary>Tells the time that is written into the lock file. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Most appends that share one commit. Default 1024.</summary>
    public int MaxBatchAppends { get; init; } = 1024;

    /// <summary>Payload bytes after which a commit takes no further appends. Default 8 MiB.</summary>
    public long MaxBatchBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Most appends that wait; further callers wait for room. Default 8192.</summary>
    public int MaxQueuedAppends { get; init; } = 8192;

    /// <summary>Bytes in the write-ahead log after which it is moved into the database when nobody waits. Default 4 MiB.</summary>
    public long CheckpointBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes in the write-ahead log after which it is moved even though appends wait. Default 32 MiB.</summary>
    public long MaxLogBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Largest database that is examined whole when its last owner did not close it. Default 64 MiB, some tenths of a second.</summary>
    public long MaxBytesCheckedOnOpen { get; init; } = 64 * 1024 * 1024;

    /// <summary>Events that are deleted in one commit when a stream is deleted. Default 2000.</summary>
    public int DeleteChunk { get; init; } = 2000;

    /// <summary>Tables of components that live in the same database. Default: none.</summary>
    public IReadOnlyList<StoreModule> Modules { get; init; } = [];

    /// <summary>For tests: a database of at most so many pages, to be full on demand.</summary>
    internal int MaxPages { get; init; }
}
