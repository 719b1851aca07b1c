using Skep.Storage.Sqlite;

namespace Skep.Storage.Writing;

/// <summary>
/// Deletes streams in two steps: an entry in <c>deleted_streams</c> makes one disappear at once, then its rows go in bounded
/// portions, each in somebody's commit. A crash in between leaves the entry, and the next owner goes on.
/// </summary>
internal sealed class Purger(Database database)
{
    private readonly SqlStatement _find = database.Prepare("SELECT id FROM streams WHERE name = ?1");
    private readonly SqlStatement _hide = database.Prepare("DELETE FROM streams WHERE id = ?1");
    private readonly SqlStatement _mark = database.Prepare("INSERT INTO deleted_streams (stream) VALUES (?1)");
    private readonly SqlStatement _unmark = database.Prepare("DELETE FROM deleted_streams WHERE stream = ?1");
    private readonly SqlStatement _summary = database.Prepare("DELETE FROM summaries WHERE stream = ?1");
    private readonly SqlStatement _snapshot = database.Prepare("DELETE FROM snapshots WHERE stream = ?1");
    private readonly SqlStatement _events = database.Prepare(
        "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3)");
    private readonly SqlStatement _items = database.Prepare(
        "DELETE FROM snapshot_items WHERE stream = ?1 AND key IN (SELECT key FROM snapshot_items WHERE stream = ?1 ORDER BY key LIMIT ?2)");
    private readonly SqlStatement _blobs = database.Prepare(
        "DELETE FROM blob_refs WHERE stream = ?1 AND sha256 IN (SELECT sha256 FROM blob_refs WHERE stream = ?1 ORDER BY sha256 LIMIT ?2)");
    private readonly SqlStatement _changes = database.Prepare("SELECT changes()");

    internal long? MarkDeleted(string stream)
    {
        long? id = _find.Bind(1, stream).Step() ? _find.Number(0) : null;
        _find.Reset();
        if (id is not { } found) return null;
        _hide.Bind(1, found).Run();
        _mark.Bind(1, found).Run();
        _summary.Bind(1, found).Run();
        _snapshot.Bind(1, found).Run();
        return found;
    }

    internal bool Purge(long stream, int rows)
    {
        if (Removed(_events.Bind(1, EventKey.Of(stream, 0)).Bind(2, EventKey.Of(stream, uint.MaxValue)).Bind(3, rows)) > 0) return false;
        if (Removed(_items.Bind(1, stream).Bind(2, rows)) > 0) return false;
        if (Removed(_blobs.Bind(1, stream).Bind(2, rows)) > 0) return false;
        _unmark.Bind(1, stream).Run();
        return true;
    }

    private long Removed(SqlStatement delete)
    {
        delete.Run();
        _changes.Step();
        var count = _changes.Number(0);
        _changes.Reset();
        return count;
    }
}
