namespace Skep.Cli.Collecting;

/// <summary>Removes runs: first the log, so that a run is never seen half, then its folder, then blobs that nothing refers to any more.</summary>
internal sealed class RunCollector(SkepFolder folder, SqliteStore store, BlobStore blobs)
{
    /// <summary>Removes the runs, and what earlier interrupted removals have left.</summary>
    public async Task<(int Runs, BlobGarbage Blobs, int Folders)> CollectAsync(IReadOnlyList<string> runs, CancellationToken cancel)
    {
        var removed = 0;
        foreach (var run in runs)
            if (await store.DeleteStreamAsync(run, cancel)) removed++;
        var folders = RemoveFolders();
        // We own the folder: no run is being started whose blobs might be on disk before its log.
        return (removed, blobs.CollectGarbage(store.ReferencedBlobs(), TimeSpan.Zero), folders);
    }

    /// <summary>A run's folder without a log is a remnant; links are never followed.</summary>
    private int RemoveFolders()
    {
        if (!Directory.Exists(folder.RunsPath)) return 0;
        var known = store.List().Select(s => s.Stream).ToHashSet(StringComparer.Ordinal);
        var removed = 0;
        foreach (var path in Directory.EnumerateDirectories(folder.RunsPath).Where(p => !known.Contains(Path.GetFileName(p))))
        {
            if (new DirectoryInfo(path).LinkTarget is not null) continue;
            Directory.Delete(path, recursive: true);
            removed++;
        }

        return removed;
    }
}
