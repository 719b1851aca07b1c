namespace Skep.Vectors.Collections;

/// <summary>Something that the writer does in its turn.</summary>
internal abstract class Commit
{
    private readonly TaskCompletionSource<int> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when it is done: on disk, and seen by every search that begins later.</summary>
    public Task<int> Done => _done.Task;

    public void Succeed(int result) => _done.TrySetResult(result);

    public void Fail(Exception reason) => _done.TrySetException(reason);
}

/// <summary>A batch for the log.</summary>
/// <param name="kind">What it says.</param>
/// <param name="content">As <see cref="BatchContent"/> writes it.</param>
/// <param name="records">The records of an upsert, whose fields are checked once more when it is its turn; empty for a delete.</param>
internal sealed class BatchCommit(LogRecordKind kind, byte[] content, IReadOnlyList<VectorRecord> records) : Commit
{
    public LogRecordKind Kind => kind;

    public byte[] Content => content;

    public IReadOnlyList<VectorRecord> Records => records;

    public uint Checksum { get; } = Crc.Of(content);
}

/// <summary>Something that needs the writer's thread between two batches.</summary>
/// <param name="work">What.</param>
internal sealed class WorkCommit(Action work) : Commit
{
    public Action Work => work;
}
