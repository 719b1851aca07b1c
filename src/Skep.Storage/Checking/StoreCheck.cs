using Skep.Storage.Reading;

namespace Skep.Storage.Checking;

/// <summary>Reads everything there is and lists what is wrong.</summary>
internal sealed class StoreCheck(SqliteStore store, ReaderPool readers, BlobStore? blobs)
{
    private readonly List<string> _problems = [];
    private long _streams;
    private long _events;
    private long _blobs;

    private bool IsFull => _problems.Count >= StoreReport.MaxProblems;

    internal StoreReport Run(CancellationToken cancel)
    {
        Guard(CheckStructure);
        Guard(CheckOrphans);
        foreach (var stream in StreamNames())
        {
            cancel.ThrowIfCancellationRequested();
            if (IsFull) break;
            Guard(() => CheckStream(stream));
        }

        Guard(() => CheckBlobs(cancel));
        return new StoreReport(_problems, _streams, _events, _blobs);
    }

    private void CheckStructure()
    {
        var lines = readers.Read(static reader => reader.Database.QueryTexts($"PRAGMA integrity_check({StoreReport.MaxProblems})"), []);
        foreach (var line in lines.Where(static line => line != "ok")) Report($"database structure: {line}");
    }

    /// <summary>Rows whose stream is gone without having been deleted: the stream's entry was lost.</summary>
    private void CheckOrphans()
    {
        foreach (var (table, column) in new[] { ("events", "id >> 32"), ("snapshot_items", "stream"), ("snapshots", "stream"), ("summaries", "stream"), ("blob_refs", "stream") })
        {
            var orphans = readers.Read(reader => reader.Database.QueryTexts(
                $"SELECT DISTINCT {column} FROM {table} WHERE {column} NOT IN (SELECT id FROM streams) AND {column} NOT IN (SELECT stream FROM deleted_streams) LIMIT {StoreReport.MaxProblems}"), []);
            foreach (var id in orphans) Report($"table {table}: rows of stream number {id}, which is not listed");
        }
    }

    private List<string> StreamNames()
    {
        List<string> names = [];
        Guard(() => names = readers.Read(static reader => reader.Database.QueryTexts("SELECT name FROM streams ORDER BY id"), []));
        return names;
    }

    private void CheckStream(string stream)
    {
        _streams++;
        foreach (var _ in store.Read(stream)) _events++;
        var snapshot = store.ReadSnapshot(stream);
        if (snapshot is not null && store.Find(stream) is { } info && snapshot.Seq > info.Seq)
            Report($"run '{stream}': its snapshot is of event {snapshot.Seq}, its log ends at {info.Seq}");
    }

    private void CheckBlobs(CancellationToken cancel)
    {
        if (blobs is null) return;
        foreach (var blob in store.ReferencedBlobs())
        {
            cancel.ThrowIfCancellationRequested();
            if (IsFull) return;
            if (!blobs.Exists(blob)) Report($"blob {blob} is missing; it belongs to {Users(blob)}");
            else if (!blobs.Verify(blob)) Report($"blob {blob} is not what was written; it belongs to {Users(blob)}");
            else _blobs++;
        }
    }

    private string Users(string blob) => string.Join(", ", store.StreamsReferencing(blob).Take(3).Select(static stream => $"run '{stream}'"));

    private void Guard(Action check)
    {
        try
        {
            if (!IsFull) check();
        }
        catch (StorageException e)
        {
            Report(e.Message);
        }
    }

    private void Report(string problem)
    {
        // What keeps the database from being opened is the same for every check.
        if (!IsFull && !_problems.Contains(problem)) _problems.Add(problem);
    }
}
