using Skep.Storage;

namespace Skep.Simulation;

/// <summary>A log in memory that fails as disks and databases do: before anything is written, or after it, with the answer lost.</summary>
internal sealed class SimDisk(SimRandom random) : IEventLog
{
    private readonly List<StoredEvent> _events = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _snapshot = [];
    private long _snapshotSeq;
    private int _snapshotVersion;

    public double FailureRate { get; set; }

    /// <summary>Events whose append was acknowledged: these must never be lost.</summary>
    public long Acknowledged { get; private set; }

    public long LastSeq => _events.Count;

    public int Failures { get; private set; }

    public int Conflicts { get; private set; }

    public Task AppendAsync(Append append, CancellationToken cancel = default)
    {
        if (append.ExpectedSeq != LastSeq)
        {
            Conflicts++;
            throw new ConcurrencyException(append.Stream, append.ExpectedSeq, LastSeq);
        }

        if (random.Chance(FailureRate)) Fail();
        foreach (var e in append.Events)
            _events.Add(new StoredEvent(LastSeq + 1, e.Type, e.Version, e.AtUnixMs, e.Payload.ToArray()));
        Save(append);
        if (random.Chance(FailureRate)) Fail();
        Acknowledged = LastSeq;
        return Task.CompletedTask;
    }

    public IEnumerable<StoredEvent> Read(string stream, long fromSeq = 1, int limit = int.MaxValue) => _events.Skip((int)fromSeq - 1).Take(limit).ToList();

    public StoredSnapshot? ReadSnapshot(string stream) =>
        _snapshotSeq == 0 ? null : new StoredSnapshot(_snapshotSeq, _snapshotVersion, new Dictionary<string, ReadOnlyMemory<byte>>(_snapshot));

    public StreamInfo? Find(string stream) => null;

    public IReadOnlyList<StreamInfo> List(int limit = int.MaxValue) => [];

    private void Save(Append append)
    {
        if (append.Snapshot is null) return;
        foreach (var item in append.Snapshot)
        {
            if (item.Payload is { } payload) _snapshot[item.Key] = payload.ToArray();
            else _snapshot.Remove(item.Key);
        }

        (_snapshotSeq, _snapshotVersion) = (LastSeq, append.SnapshotVersion);
    }

    private void Fail()
    {
        Failures++;
        throw new StorageException(StorageFault.Io, "the simulated disk failed");
    }
}
