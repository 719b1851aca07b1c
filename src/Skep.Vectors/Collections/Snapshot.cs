namespace Skep.Vectors.Collections;

/// <summary>Copies the files of a collection. The manifest comes last: a folder without it is no collection.</summary>
internal sealed class Snapshot(CollectionState state, CollectionWriter writer, CollectionPaths from, CollectionPaths to)
{
    /// <summary>Writes it. The caller has <see cref="CollectionState.Maintenance"/>, so that no file goes away meanwhile.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        var manifest = state.Manifest!;
        var (last, length) = (0, 0L);
        await writer.DoAsync(() => (last, length) = (writer.Log!.Number, writer.Log.Length), cancel);
        await Task.Run(() => Copy(manifest, last, length, cancel), cancel);
    }

    private void Copy(Manifest manifest, int lastLog, long lastLength, CancellationToken cancel)
    {
        try
        {
            state.Files.CreateFolder(to.Folder);
            if (Directory.EnumerateFileSystemEntries(to.Folder).Any()) throw new VectorException(VectorFault.BadArgument, $"the folder '{to.Folder}' is not empty: name a new one for the snapshot");
            if (manifest.Segment > 0) CopyWhole(from.Segment(manifest.Segment), to.Segment(manifest.Segment));
            for (var log = manifest.FirstLog; log < lastLog; log++)
            {
                cancel.ThrowIfCancellationRequested();
                CopyWhole(from.Log(log), to.Log(log));
            }

            cancel.ThrowIfCancellationRequested();
            state.Files.Copy(from.Log(lastLog), to.Log(lastLog), lastLength);
            state.Files.Replace(to.Manifest, manifest.Write());
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            throw DiskFaults.Map(e, "write the snapshot", to.Folder);
        }
    }

    private void CopyWhole(string source, string target) => state.Files.Copy(source, target, new FileInfo(source).Length);
}
