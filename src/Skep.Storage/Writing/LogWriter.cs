using Skep.Storage.Sqlite;

namespace Skep.Storage.Writing;

/// <summary>Writes appends within an open transaction. Used by one thread.</summary>
internal sealed class LogWriter
{
    private readonly StreamHeads _heads;
    private readonly EventTypes _types;
    private readonly SnapshotWriter _snapshots;
    private readonly Purger _purger;
    private readonly SqlStatement _insertStream;
    private readonly SqlStatement _updateStream;
    private readonly SqlStatement _insertEvent;
    private readonly SqlStatement _setSummary;
    private readonly SqlStatement _addBlobRef;
    private long _lastStream;

    internal LogWriter(Database database)
    {
        Database = database;
        Session = new SqlSession(database);
        Savepoint = database.Prepare("SAVEPOINT work");
        UndoToSavepoint = database.Prepare("ROLLBACK TO work");
        ReleaseSavepoint = database.Prepare("RELEASE work");
        _heads = new StreamHeads(database);
        _types = new EventTypes(database);
        _snapshots = new SnapshotWriter(database);
        _purger = new Purger(database);
        _insertStream = database.Prepare("INSERT INTO streams (id, name, seq, created, updated, crc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _updateStream = database.Prepare("UPDATE streams SET seq = ?2, created = ?3, updated = ?4, crc = ?5 WHERE id = ?1");
        _insertEvent = database.Prepare("INSERT INTO events (id, type, version, at, crc, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _setSummary = database.Prepare("INSERT INTO summaries (stream, crc, payload) VALUES (?1, ?2, ?3) ON CONFLICT (stream) DO UPDATE SET crc = excluded.crc, payload = excluded.payload");
        _addBlobRef = database.Prepare("INSERT INTO blob_refs (stream, sha256) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        Forget();
    }

    /// <summary>The connection, which is in a transaction while requests execute.</summary>
    internal Database Database { get; }

    /// <summary>The connection as components see it.</summary>
    internal SqlSession Session { get; }

    internal SqlStatement Savepoint { get; }

    internal SqlStatement UndoToSavepoint { get; }

    internal SqlStatement ReleaseSavepoint { get; }

    /// <summary>Forgets what was learned, after a rollback.</summary>
    internal void Forget()
    {
        _heads.Clear();
        _types.Load();
        _lastStream = Database.QueryLong(
            "SELECT max(coalesce((SELECT max(id) FROM streams), 0), coalesce((SELECT max(stream) FROM deleted_streams), 0), coalesce((SELECT max(id) FROM events), 0) >> 32)");
    }

    /// <summary>Writes one append.</summary>
    /// <returns>Why it cannot be: then nothing of it was written. That is found out before the first row.</returns>
    internal Exception? Append(Append append)
    {
        var head = _heads.Find(append.Stream);
        if ((head?.Seq ?? 0) != append.ExpectedSeq) return new ConcurrencyException(append.Stream, append.ExpectedSeq, head?.Seq ?? 0);
        if (TooManyTypes(append) is { } tooMany) return tooMany;

        if (head is null) head = Create(append);
        else if (append.Events.Count > 0) Advance(head, append);
        WriteEvents(head, append);
        if (append.Summary is { } summary) SetSummary(head, summary.Span);
        if (append.Snapshot is { } items) _snapshots.Save(head, append.SnapshotVersion, items);
        foreach (var blob in append.BlobRefs) AddBlobRef(head, blob);
        return null;
    }

    /// <summary>Hides a stream from readers; <see cref="Purge"/> then removes its rows.</summary>
    /// <returns>Its number, or null when there is none of that name.</returns>
    internal long? MarkDeleted(string stream)
    {
        // The entry is looked up past the cache and its checks: a damaged stream must be deletable.
        var id = _purger.MarkDeleted(stream);
        _heads.Remove(stream);
        return id;
    }

    /// <summary>Removes at most so many rows of a deleted stream; true when none is left.</summary>
    internal bool Purge(long stream, int rows) => _purger.Purge(stream, rows);

    private StreamHead Create(Append append)
    {
        if (_lastStream >= EventKey.MaxStreamId) throw SqliteFaults.Damaged(Database.Path, "a stream has an impossible number");
        var head = new StreamHead(++_lastStream, append.Stream);
        Move(head, append);
        _insertStream.Bind(1, head.Id).Bind(2, append.Stream).Bind(3, head.Seq).Bind(4, head.Created).Bind(5, head.Updated).Bind(6, ChecksumOf(head)).Run();
        _heads.Add(append.Stream, head);
        return head;
    }

    private void Advance(StreamHead head, Append append)
    {
        Move(head, append);
        _updateStream.Bind(1, head.Id).Bind(2, head.Seq).Bind(3, head.Created).Bind(4, head.Updated).Bind(5, ChecksumOf(head)).Run();
    }

    private static void Move(StreamHead head, Append append)
    {
        if (append.Events.Count == 0) return;
        if (head.Seq == 0) head.Created = append.Events[0].AtUnixMs;
        head.Updated = append.Events[^1].AtUnixMs;
        head.Seq += append.Events.Count;
    }

    private static uint ChecksumOf(StreamHead head) => Checksum.OfStream(head.NameChecksum, head.Id, head.Seq, head.Created, head.Updated);

    private void WriteEvents(StreamHead head, Append append)
    {
        for (var i = 0; i < append.Events.Count; i++)
        {
            var e = append.Events[i];
            var seq = append.ExpectedSeq + i + 1;
            var type = _types.Of(e.Type);
            var crc = Checksum.OfEvent(head.NameChecksum, seq, type.NameChecksum, e.Version, e.AtUnixMs, e.Payload.Span);
            _insertEvent.Bind(1, head.EventId(seq)).Bind(2, type.Id).Bind(3, e.Version).Bind(4, e.AtUnixMs).Bind(5, crc).Bind(6, e.Payload.Span).Run();
        }
    }

    private void SetSummary(StreamHead head, ReadOnlySpan<byte> summary) =>
        _setSummary.Bind(1, head.Id).Bind(2, Checksum.OfSummary(head.NameChecksum, summary)).Bind(3, summary).Run();

    private void AddBlobRef(StreamHead head, string blob) => _addBlobRef.Bind(1, head.Id).Bind(2, Convert.FromHexString(blob)).Run();

    private StorageException? TooManyTypes(Append append)
    {
        if (append.Events.Count <= _types.Room) return null;
        var added = append.Events.Select(static e => e.Type).Where(type => !_types.IsKnown(type)).Distinct().Count();
        return added <= _types.Room ? null : new StorageException(
            StorageFault.TooLarge,
            $"run '{append.Stream}' cannot be appended to: with it there would be more than {StorageLimits.MaxEventTypes} event types; types are names of kinds, put what varies into the payload");
    }
}
