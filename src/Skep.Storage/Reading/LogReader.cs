using Skep.Storage.Sqlite;
using Skep.Storage.Writing;

namespace Skep.Storage.Reading;

/// <summary>Reads on one connection, and checks that everything is what was written.</summary>
internal sealed class LogReader(Database database) : IDisposable
{
    private const string StreamColumns =
        "SELECT s.name, s.id, s.seq, s.created, s.updated, s.crc, m.crc, m.payload FROM streams s LEFT JOIN summaries m ON m.stream = s.id";

    private readonly SqlStatement _begin = database.Prepare("BEGIN");
    private readonly SqlStatement _commit = database.Prepare("COMMIT");
    private readonly SqlStatement _find = database.Prepare(StreamColumns + " WHERE s.name = ?1");
    private readonly SqlStatement _list = database.Prepare(StreamColumns + " ORDER BY s.id DESC LIMIT ?1");
    private readonly SqlStatement _events = database.Prepare("SELECT id, type, version, at, crc, payload FROM events WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3");
    private readonly SqlStatement _snapshot = database.Prepare("SELECT seq, version, items, digest, crc FROM snapshots WHERE stream = ?1");
    private readonly SqlStatement _items = database.Prepare("SELECT key, crc, payload FROM snapshot_items WHERE stream = ?1");
    private readonly SqlStatement _types = database.Prepare("SELECT id, name FROM event_types");
    private readonly SqlStatement _referencing = database.Prepare("SELECT s.name FROM blob_refs b JOIN streams s ON s.id = b.stream WHERE b.sha256 = ?1 ORDER BY s.id");
    private readonly Dictionary<long, (string Name, uint Checksum)> _typeNames = [];

    private readonly HashSet<StoreModule> _modules = [];

    /// <summary>The connection as components see it.</summary>
    internal SqlSession Session { get; } = new(database);

    /// <summary>The connection.</summary>
    internal Database Database => database;

    /// <summary>Runs several queries on one state of the database.</summary>
    internal T InTransaction<T>(Func<LogReader, T> read)
    {
        _begin.Run();
        var result = read(this);
        _commit.Run();
        return result;
    }

    /// <summary>Whether a component's tables are there, in the version that this program knows.</summary>
    /// <exception cref="StorageException">They have another version.</exception>
    internal bool Has(StoreModule module)
    {
        if (_modules.Contains(module)) return true;
        var version = ModuleRegistry.VersionOf(database, module.Name);
        if (version == 0) return false;
        if (version > module.Steps.Count) throw ModuleRegistry.TooNew(database, module, version);
        if (version < module.Steps.Count)
            throw new StorageException(StorageFault.Locked, $"the tables '{module.Name}' in '{database.Path}' were written by an older program: run a command that writes, or restart the process that owns the folder, to bring them up to date");
        return _modules.Add(module);
    }

    internal StreamInfo? Find(string stream) => FindEntry(stream)?.Info;

    internal List<StreamInfo> List(int limit)
    {
        _list.Bind(1, limit);
        var streams = new List<StreamInfo>();
        while (_list.Step()) streams.Add(Entry(_list).Info);
        _list.Reset();
        return streams;
    }

    /// <summary>Reads the next events, at most so many and about so many bytes.</summary>
    internal EventPage ReadPage(string stream, long fromSeq, int limit, long maxBytes)
    {
        if (FindEntry(stream) is not { } entry || entry.Info.Seq < fromSeq) return EventPage.End;
        var expected = Math.Min(limit, entry.Info.Seq - fromSeq + 1);
        var nameChecksum = Checksum.Of(stream);
        var events = new List<StoredEvent>((int)expected);
        long bytes = 0;
        _events.Bind(1, EventKey.Of(entry.Id, fromSeq)).Bind(2, EventKey.Of(entry.Id, entry.Info.Seq)).Bind(3, limit);
        while (bytes < maxBytes && _events.Step())
        {
            var e = Event(stream, nameChecksum, fromSeq + events.Count);
            bytes += e.Payload.Length;
            events.Add(e);
        }

        _events.Reset();
        if (bytes < maxBytes && events.Count < expected) throw Damaged(stream, $"its log should end at {entry.Info.Seq}, event {fromSeq + events.Count} is missing");
        return new EventPage(events, fromSeq + events.Count > entry.Info.Seq);
    }

    internal StoredSnapshot? ReadSnapshot(string stream)
    {
        if (FindEntry(stream) is not { } entry || !_snapshot.Bind(1, entry.Id).Step())
        {
            _snapshot.Reset();
            return null;
        }

        var head = new SnapshotHead(_snapshot.Number(0), (int)_snapshot.Number(1), _snapshot.Number(2), _snapshot.Number(3));
        var crc = _snapshot.Number(4);
        _snapshot.Reset();
        if (crc != Checksum.OfSnapshot(Checksum.Of(stream), head)) throw Damaged(stream, "its snapshot's entry is not what was written");
        return new StoredSnapshot(head.Seq, head.Version, ReadItems(stream, entry.Id, head));
    }

    internal IReadOnlyList<string> StreamsReferencing(string blob)
    {
        _referencing.Bind(1, Convert.FromHexString(blob));
        var streams = new List<string>();
        while (_referencing.Step()) streams.Add(_referencing.Text(0));
        _referencing.Reset();
        return streams;
    }

    public void Dispose() => database.Dispose();

    private (StreamInfo Info, long Id)? FindEntry(string stream)
    {
        (StreamInfo, long)? entry = _find.Bind(1, stream).Step() ? Entry(_find) : null;
        _find.Reset();
        return entry;
    }

    private (StreamInfo Info, long Id) Entry(SqlStatement row)
    {
        var info = new StreamInfo(row.Text(0), row.Number(2), row.Number(3), row.Number(4), row.Blob(7).ToArray());
        var checksum = Checksum.Of(info.Stream);
        if (row.Number(5) != Checksum.OfStream(checksum, row.Number(1), info.Seq, info.CreatedUnixMs, info.UpdatedUnixMs)) throw Damaged(info.Stream, "its entry is not what was written");
        if (row.Number(6) != 0 && row.Number(6) != Checksum.OfSummary(checksum, info.Summary.Span)) throw Damaged(info.Stream, "its summary is not what was written");
        return (info, row.Number(1));
    }

    private StoredEvent Event(string stream, uint nameChecksum, long seq)
    {
        var actual = EventKey.SeqOf(_events.Number(0));
        if (actual != seq) throw Damaged(stream, $"event {seq} is missing");
        var type = TypeOf(stream, seq, _events.Number(1));
        var e = new StoredEvent(seq, type.Name, (int)_events.Number(2), _events.Number(3), _events.Blob(5).ToArray());
        if (_events.Number(4) != Checksum.OfEvent(nameChecksum, seq, type.Checksum, e.Version, e.AtUnixMs, e.Payload.Span)) throw Damaged(stream, $"event {seq} is not what was written");
        return e;
    }

    private (string Name, uint Checksum) TypeOf(string stream, long seq, long id)
    {
        if (_typeNames.TryGetValue(id, out var known)) return known;
        while (_types.Step()) _typeNames[_types.Number(0)] = (_types.Text(1), Checksum.Of(_types.Text(1)));
        _types.Reset();
        return _typeNames.TryGetValue(id, out known) ? known : throw Damaged(stream, $"event {seq} has no type");
    }

    private Dictionary<string, ReadOnlyMemory<byte>> ReadItems(string stream, long id, SnapshotHead head)
    {
        var items = new Dictionary<string, ReadOnlyMemory<byte>>();
        var nameChecksum = Checksum.Of(stream);
        long digest = 0;
        _items.Bind(1, id);
        while (_items.Step())
        {
            var key = _items.Text(0);
            var payload = _items.Blob(2).ToArray();
            var crc = Checksum.OfSnapshotItem(nameChecksum, key, payload);
            if (_items.Number(1) != crc) throw Damaged(stream, $"item '{key}' of its snapshot is not what was written");
            digest += crc;
            items[key] = payload;
        }

        _items.Reset();
        if (items.Count != head.Items || digest != head.Digest) throw Damaged(stream, $"its snapshot should have {head.Items} items and has {items.Count}, or others");
        return items;
    }

    private StorageException Damaged(string stream, string what) => SqliteFaults.Damaged(database.Path, $"run '{stream}': {what}");
}

/// <summary>Some events, in order.</summary>
/// <param name="Events">The events.</param>
/// <param name="AtEnd">Whether there were no more when it was read.</param>
internal sealed record EventPage(IReadOnlyList<StoredEvent> Events, bool AtEnd)
{
    internal static readonly EventPage End = new([], true);
}
