namespace Skep.Storage;

/// <summary>One event to append. Storage does not look inside <see cref="Payload"/>.</summary>
/// <param name="Type">Name of the event type, at most <see cref="StorageLimits.MaxTypeLength"/> characters.</param>
/// <param name="Version">Version of the payload's shape, from 1. Whoever reads old versions upgrades them.</param>
/// <param name="AtUnixMs">When it happened, in milliseconds since 1970, as told by the writer.</param>
/// <param name="Payload">The payload, at most <see cref="StorageLimits.MaxPayloadBytes"/> bytes.</param>
public readonly record struct NewEvent(string Type, int Version, long AtUnixMs, ReadOnlyMemory<byte> Payload);

/// <summary>One event of a stream as it was read.</summary>
/// <param name="Seq">Position in its stream, from 1, without gaps.</param>
/// <param name="Type">Name of the event type.</param>
/// <param name="Version">Version of the payload's shape.</param>
/// <param name="AtUnixMs">When it happened, in milliseconds since 1970.</param>
/// <param name="Payload">The payload.</param>
public readonly record struct StoredEvent(long Seq, string Type, int Version, long AtUnixMs, ReadOnlyMemory<byte> Payload);

/// <summary>One changed part of a snapshot. A snapshot is a set of items by key; saving writes only those that changed.</summary>
/// <param name="Key">Key within the stream's snapshot.</param>
/// <param name="Payload">The item, or null to remove it.</param>
public readonly record struct SnapshotItem(string Key, ReadOnlyMemory<byte>? Payload);

/// <summary>A stream's snapshot as it was read: the whole set of items, valid after the event <paramref name="Seq"/>.</summary>
/// <param name="Seq">The last event that is contained in it.</param>
/// <param name="Version">Version of the shape, as given when it was saved.</param>
/// <param name="Items">All items.</param>
public sealed record StoredSnapshot(long Seq, int Version, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Items);

/// <summary>What one append does, all of it in one transaction.</summary>
/// <param name="Stream">Stream id (a run id), at most <see cref="StorageLimits.MaxStreamIdLength"/> characters.</param>
/// <param name="ExpectedSeq">The stream's last sequence number as the writer knows it; 0 creates the stream.</param>
/// <param name="Events">Events, in order; may be empty when only a snapshot or a summary is written.</param>
public sealed record Append(string Stream, long ExpectedSeq, IReadOnlyList<NewEvent> Events)
{
    /// <summary>Replaces the stream's summary, a small payload that lists are made from. Null leaves it.</summary>
    public ReadOnlyMemory<byte>? Summary { get; init; }

    /// <summary>Changed snapshot items; with <see cref="SnapshotVersion"/> they are valid after the last event of this append. Null: no snapshot.</summary>
    public IReadOnlyList<SnapshotItem>? Snapshot { get; init; }

    /// <summary>Version of the snapshot's shape. A version other than the stored one replaces the whole set.</summary>
    public int SnapshotVersion { get; init; }

    /// <summary>SHA-256 (lower-case hex) of blobs that the stream refers to from now on; they outlive garbage collection as long as the stream does.</summary>
    public IReadOnlyList<string> BlobRefs { get; init; } = [];
}

/// <summary>A stream in a list.</summary>
/// <param name="Stream">Stream id.</param>
/// <param name="Seq">Last sequence number.</param>
/// <param name="CreatedUnixMs">Time of its first event.</param>
/// <param name="UpdatedUnixMs">Time of its last event.</param>
/// <param name="Summary">Its summary, possibly empty.</param>
public sealed record StreamInfo(string Stream, long Seq, long CreatedUnixMs, long UpdatedUnixMs, ReadOnlyMemory<byte> Summary);

/// <summary>An append-only log of many streams with optimistic concurrency.</summary>
public interface IEventLog
{
    /// <summary>
    /// Appends, and completes when the events are on disk. Appends of several callers share one commit.
    /// </summary>
    /// <exception cref="ConcurrencyException">The stream's last sequence number is not <see cref="Append.ExpectedSeq"/>; nothing was written.</exception>
    /// <exception cref="StorageException">The write failed (disk full, damaged file, …); nothing of this append was written.</exception>
    Task AppendAsync(Append append, CancellationToken cancel = default);

    /// <summary>Reads events with a sequence number of at least <paramref name="fromSeq"/>, in order.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    IEnumerable<StoredEvent> Read(string stream, long fromSeq = 1, int limit = int.MaxValue);

    /// <summary>Reads a stream's snapshot, or null when it has none.</summary>
    StoredSnapshot? ReadSnapshot(string stream);

    /// <summary>Finds one stream, or null.</summary>
    StreamInfo? Find(string stream);

    /// <summary>Lists streams, newest first.</summary>
    IReadOnlyList<StreamInfo> List(int limit = int.MaxValue);
}

/// <summary>Bounds of what the store accepts.</summary>
public static class StorageLimits
{
    /// <summary>Longest stream id.</summary>
    public const int MaxStreamIdLength = 128;

    /// <summary>Longest event type name.</summary>
    public const int MaxTypeLength = 64;

    /// <summary>Largest event payload: 1 MiB. What is larger belongs into a blob.</summary>
    public const int MaxPayloadBytes = 1024 * 1024;

    /// <summary>Most events in one append.</summary>
    public const int MaxEventsPerAppend = 100_000;

    /// <summary>Most bytes in one append, everything counted: 64 MiB.</summary>
    public const long MaxAppendBytes = 64 * 1024 * 1024;

    /// <summary>Longest key of a snapshot item.</summary>
    public const int MaxSnapshotKeyLength = 256;

    /// <summary>Most changed snapshot items in one append.</summary>
    public const int MaxSnapshotItemsPerAppend = 100_000;

    /// <summary>Most blobs that one append may refer to.</summary>
    public const int MaxBlobRefsPerAppend = 10_000;

    /// <summary>Most different event types in one database. Types are names in code, so reaching this means that data was used as a type.</summary>
    public const int MaxEventTypes = 4096;

    /// <summary>Most events in one stream.</summary>
    public const long MaxSeq = uint.MaxValue;
}

/// <summary>Something is wrong with the store; the message says what, where and what to do.</summary>
public class StorageException : Exception
{
    /// <summary>Makes an exception.</summary>
    public StorageException(StorageFault fault, string message, Exception? inner = null) : base(message, inner) => Fault = fault;

    /// <summary>What kind of fault it is.</summary>
    public StorageFault Fault { get; }
}

/// <summary>Another writer has appended to the stream: the caller's picture of it is stale.</summary>
public sealed class ConcurrencyException(string stream, long expected, long actual)
    : StorageException(StorageFault.Conflict, $"run '{stream}' was changed by another writer: expected its log to end at {expected}, it ends at {actual}")
{
    /// <summary>The last sequence number that the writer expected.</summary>
    public long Expected { get; } = expected;

    /// <summary>The last sequence number that is there.</summary>
    public long Actual { get; } = actual;
}

/// <summary>Kinds of storage faults.</summary>
public enum StorageFault
{
    /// <summary>A stale writer.</summary>
    Conflict,

    /// <summary>The file is damaged or is no database.</summary>
    Corrupt,

    /// <summary>No space left.</summary>
    Full,

    /// <summary>The folder or file cannot be written.</summary>
    ReadOnly,

    /// <summary>Another process owns the folder.</summary>
    Locked,

    /// <summary>The folder was written by a newer version.</summary>
    TooNew,

    /// <summary>The caller's data exceeds a bound.</summary>
    TooLarge,

    /// <summary>Anything else that the operating system reports.</summary>
    Io,
}
