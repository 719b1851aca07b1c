using System.Globalization;
using Skep.Vectors.Collections;

namespace Skep.Bench.Vectors;

/// <summary>What of this process is in memory, by the system's own account: memory of its own, and pages of a segment, by what lies in them.</summary>
/// <param name="Own">Bytes without a file: heaps, code, and what was copied out of the file.</param>
/// <param name="Walked">Bytes of the mapped file that hold codes and links.</param>
/// <param name="Rest">Bytes of the mapped file that hold vectors in full precision and keys, of which a search wants those of what it finds: the system takes them back when it needs the memory.</param>
internal readonly record struct SegmentMemory(long Own, long Walked, long Rest)
{
    private static readonly SegmentPart[] Graph = [SegmentPart.Codec, SegmentPart.Codes, SegmentPart.Parts, SegmentPart.Level0, SegmentPart.Levels, SegmentPart.UpperAt, SegmentPart.Upper];

    /// <summary>Reads it; Linux only.</summary>
    /// <param name="segment">The segment's path, or null if none is open.</param>
    public static SegmentMemory Now(string? segment)
    {
        var (own, walked, rest, isFile, isGraph) = (0L, 0L, 0L, false, false);
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (IsHeader(line))
            {
                isFile = segment is not null && line.EndsWith(segment, StringComparison.Ordinal);
                isGraph = isFile && PartAt(segment!, OffsetOf(line)) is { } part && Graph.Contains(part);
            }
            else if (line.StartsWith("Anonymous:", StringComparison.Ordinal)) own += Bytes(line);
            else if (isFile && line.StartsWith("Rss:", StringComparison.Ordinal) && isGraph) walked += Bytes(line);
            else if (isFile && line.StartsWith("Rss:", StringComparison.Ordinal)) rest += Bytes(line);
        }

        return new SegmentMemory(own, walked, rest);
    }

    /// <summary>Whether a part of the segment is mapped from its file: codes and links are until they were copied into memory.</summary>
    public static bool IsMapped(string segment, SegmentPart part) => File.ReadLines("/proc/self/smaps")
        .Any(line => IsHeader(line) && line.EndsWith(segment, StringComparison.Ordinal) && StartsAt(segment, OffsetOf(line)) == part);

    private static bool IsHeader(string line) => line.Length > 0 && char.IsAsciiHexDigitLower(line[0]) && line.Contains('-', StringComparison.Ordinal);

    private static long OffsetOf(string line) => long.Parse(line.Split(' ')[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static long Bytes(string line) => long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim().TrimEnd("kB"), CultureInfo.InvariantCulture) * 1024;

    private static SegmentPart? PartAt(string segment, long offset) => Sections(segment).Where(s => offset >= s.Offset && offset < s.Offset + s.Length).Select(s => (SegmentPart?)s.Part).FirstOrDefault();

    private static SegmentPart? StartsAt(string segment, long offset) => Sections(segment).Where(s => offset == s.Offset).Select(s => (SegmentPart?)s.Part).FirstOrDefault();

    private static IReadOnlyList<SegmentSection> Sections(string segment)
    {
        using var file = SegmentFile.Open(FileSystem.Real, segment);
        return file.Head.Sections;
    }
}
