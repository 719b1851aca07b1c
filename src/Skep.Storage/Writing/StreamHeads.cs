using Skep.Storage.Sqlite;

namespace Skep.Storage.Writing;

/// <summary>
/// Ends of the streams, cached: this is the only writer, so what it wrote is what is there. After a rolled-back transaction the
/// cache must be cleared.
/// </summary>
internal sealed class StreamHeads(Database database)
{
    /// <summary>Streams that are remembered; beyond it the cache starts anew, which costs three look-ups per stream.</summary>
    private const int MaxCached = 4096;

    private readonly Dictionary<string, StreamHead> _cache = [];
    private readonly SqlStatement _find = database.Prepare("SELECT id, seq, created, updated, crc FROM streams WHERE name = ?1");
    private readonly SqlStatement _lastEvent = database.Prepare("SELECT max(id) FROM events WHERE id BETWEEN ?1 AND ?2");
    private readonly SqlStatement _snapshot = database.Prepare("SELECT seq, version, items, digest, crc FROM snapshots WHERE stream = ?1");

    internal StreamHead? Find(string name)
    {
        if (_cache.TryGetValue(name, out var head)) return head;
        head = Load(name);
        if (head is not null) Add(name, head);
        return head;
    }

    internal void Add(string name, StreamHead head)
    {
        if (_cache.Count >= MaxCached) _cache.Clear();
        _cache[name] = head;
    }

    internal void Remove(string name) => _cache.Remove(name);

    internal void Clear() => _cache.Clear();

    private StreamHead? Load(string name)
    {
        _find.Bind(1, name);
        if (!_find.Step())
        {
            _find.Reset();
            return null;
        }

        var head = new StreamHead(_find.Number(0), name) { Seq = _find.Number(1), Created = _find.Number(2), Updated = _find.Number(3) };
        var crc = _find.Number(4);
        _find.Reset();
        if (crc != Checksum.OfStream(head.NameChecksum, head.Id, head.Seq, head.Created, head.Updated)) throw Damaged(name, "its entry is not what was written");
        RequireLastEvent(name, head);
        head.Snapshot = LoadSnapshot(name, head);
        return head;
    }

    /// <summary>Nothing is appended to a log that has lost its end.</summary>
    private void RequireLastEvent(string name, StreamHead head)
    {
        _lastEvent.Bind(1, head.EventId(0)).Bind(2, head.EventId(uint.MaxValue)).Step();
        var last = EventKey.SeqOf(_lastEvent.Number(0));
        _lastEvent.Reset();
        if (last != head.Seq) throw Damaged(name, $"its log should end at {head.Seq} and ends at {last}");
    }

    private SnapshotHead? LoadSnapshot(string name, StreamHead head)
    {
        _snapshot.Bind(1, head.Id);
        if (!_snapshot.Step())
        {
            _snapshot.Reset();
            return null;
        }

        var snapshot = new SnapshotHead(_snapshot.Number(0), (int)_snapshot.Number(1), _snapshot.Number(2), _snapshot.Number(3));
        var crc = _snapshot.Number(4);
        _snapshot.Reset();
        return crc == Checksum.OfSnapshot(head.NameChecksum, snapshot) ? snapshot : throw Damaged(name, "its snapshot's entry is not what was written");
    }

    private StorageException Damaged(string stream, string what) => SqliteFaults.Damaged(database.Path, $"run '{stream}': {what}");
}
