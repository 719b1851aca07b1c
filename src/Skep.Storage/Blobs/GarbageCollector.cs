namespace Skep.Storage;

/// <summary>One garbage collection over a blob directory.</summary>
/// <param name="directory">The blobs.</param>
/// <param name="temporaryPath">Where puts write.</param>
/// <param name="names">Held while a blob is looked at and removed.</param>
/// <param name="keepSince">What was put since then stays.</param>
internal sealed class GarbageCollector(string directory, string temporaryPath, Lock names, DateTimeOffset keepSince)
{
    private BlobGarbage _done;

    internal BlobGarbage Run(IReadOnlySet<string> referenced)
    {
        if (!Directory.Exists(directory)) return default;
        foreach (var shard in Directory.EnumerateDirectories(directory, "??")) Sweep(shard, referenced);
        if (Directory.Exists(temporaryPath)) SweepTemporary();
        return _done;
    }

    private void Sweep(string shard, IReadOnlySet<string> referenced)
    {
        var prefix = Path.GetFileName(shard);
        foreach (var path in Directory.EnumerateFiles(shard))
        {
            var sha256 = prefix + Path.GetFileName(path);
            // A file that is not named like a blob is not ours to remove.
            if (!Sha256Hex.IsValid(sha256) || referenced.Contains(sha256)) continue;
            if (Remove(path) is { } bytes) _done = _done with { Blobs = _done.Blobs + 1, Bytes = _done.Bytes + bytes };
        }
    }

    private void SweepTemporary()
    {
        foreach (var path in Directory.EnumerateFiles(temporaryPath))
            if (Remove(path) is { } bytes) _done = _done with { TemporaryFiles = _done.TemporaryFiles + 1, Bytes = _done.Bytes + bytes };
    }

    private long? Remove(string path)
    {
        lock (names)
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.LastWriteTimeUtc > keepSince.UtcDateTime) return null;
            var bytes = file.Length;
            file.Delete();
            return bytes;
        }
    }
}
