using System.Globalization;

namespace Skep.Vectors.Collections;

/// <summary>What the files of a collection are called.</summary>
/// <param name="folder">The folder, in full.</param>
internal sealed class CollectionPaths(string folder)
{
    /// <summary>Files that are being written end like this; those of a process that died are removed.</summary>
    public const string Temporary = ".tmp";

    private const string SegmentPrefix = "segment-", SegmentSuffix = ".skv", LogPrefix = "wal-", LogSuffix = ".log";

    public string Folder => folder;

    public string Manifest => Path.Combine(folder, "MANIFEST");

    public string Lock => Path.Combine(folder, "LOCK");

    public string Segment(int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{SegmentPrefix}{number}{SegmentSuffix}"));

    public string Log(int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{LogPrefix}{number}{LogSuffix}"));

    /// <summary>Numbers of the segments that are there.</summary>
    public IReadOnlyList<int> Segments() => Numbers(SegmentPrefix, SegmentSuffix);

    /// <summary>Numbers of the logs that are there, rising.</summary>
    public IReadOnlyList<int> Logs() => Numbers(LogPrefix, LogSuffix);

    /// <summary>Files that somebody began to write and did not finish.</summary>
    public IReadOnlyList<string> Unfinished() => Directory.GetFiles(folder, "*" + Temporary);

    private List<int> Numbers(string prefix, string suffix) =>
    [
        .. Directory.EnumerateFiles(folder, prefix + "*" + suffix)
            .Select(path => Path.GetFileName(path)[prefix.Length..^suffix.Length])
            .Where(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(text => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture))
            .Order(),
    ];
}
