using Skep.Storage.Sqlite;

namespace Skep.Storage.Writing;

/// <summary>Saves changed snapshot items; the work is sized by the change, not by the snapshot.</summary>
internal sealed class SnapshotWriter(Database database)
{
    private readonly SqlStatement _findItem = database.Prepare("SELECT crc FROM snapshot_items WHERE stream = ?1 AND key = ?2");
    private readonly SqlStatement _putItem = database.Prepare(
        "INSERT INTO snapshot_items (stream, key, crc, payload) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (stream, key) DO UPDATE SET crc = excluded.crc, payload = excluded.payload");
    private readonly SqlStatement _removeItem = database.Prepare("DELETE FROM snapshot_items WHERE stream = ?1 AND key = ?2");
    private readonly SqlStatement _clear = database.Prepare("DELETE FROM snapshot_items WHERE stream = ?1");
    private readonly SqlStatement _putHead = database.Prepare(
        "INSERT INTO snapshots (stream, seq, version, items, digest, crc) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, version = excluded.version, items = excluded.items, digest = excluded.digest, crc = excluded.crc");

    /// <summary>Merges the items into the stored snapshot, or replaces it when the version differs. It is valid at the head's position.</summary>
    internal void Save(StreamHead head, int version, IReadOnlyList<SnapshotItem> items)
    {
        var snapshot = head.Snapshot is { } stored && stored.Version == version ? stored : Clear(head, version);
        foreach (var item in items) snapshot = item.Payload is { } payload ? Put(head, snapshot, item.Key, payload.Span) : Remove(head, snapshot, item.Key);
        snapshot = snapshot with { Seq = head.Seq };
        var crc = Checksum.OfSnapshot(head.NameChecksum, snapshot);
        _putHead.Bind(1, head.Id).Bind(2, snapshot.Seq).Bind(3, version).Bind(4, snapshot.Items).Bind(5, snapshot.Digest).Bind(6, crc).Run();
        head.Snapshot = snapshot;
    }

    private SnapshotHead Clear(StreamHead head, int version)
    {
        if (head.Snapshot is not null) _clear.Bind(1, head.Id).Run();
        return new SnapshotHead(head.Seq, version, 0, 0);
    }

    private SnapshotHead Put(StreamHead head, SnapshotHead snapshot, string key, ReadOnlySpan<byte> payload)
    {
        var old = Find(head, key);
        var crc = Checksum.OfSnapshotItem(head.NameChecksum, key, payload);
        _putItem.Bind(1, head.Id).Bind(2, key).Bind(3, crc).Bind(4, payload).Run();
        return snapshot with { Items = snapshot.Items + (old is null ? 1 : 0), Digest = snapshot.Digest + crc - (old ?? 0) };
    }

    private SnapshotHead Remove(StreamHead head, SnapshotHead snapshot, string key)
    {
        if (Find(head, key) is not { } old) return snapshot;
        _removeItem.Bind(1, head.Id).Bind(2, key).Run();
        return snapshot with { Items = snapshot.Items - 1, Digest = snapshot.Digest - old };
    }

    private long? Find(StreamHead head, string key)
    {
        var found = _findItem.Bind(1, head.Id).Bind(2, key).Step();
        long? crc = found ? _findItem.Number(0) : null;
        _findItem.Reset();
        return crc;
    }
}
