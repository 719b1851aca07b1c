namespace Skep.Vectors.Collections;

/// <summary>Removes files that belong to the collection no more, or never came to.</summary>
internal static class Leftovers
{
    public static void Remove(FileSystem files, CollectionPaths? paths, Manifest? manifest)
    {
        if (paths is null || manifest is null) return;
        foreach (var path in paths.Unfinished()) TryDelete(files, path);
        foreach (var number in paths.Segments().Where(n => n != manifest.Segment)) TryDelete(files, paths.Segment(number));
        foreach (var number in paths.Logs().Where(n => n < manifest.FirstLog)) TryDelete(files, paths.Log(number));
    }

    private static void TryDelete(FileSystem files, string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            // It only takes room, and the next time it is tried again.
        }
    }
}
