using System.Globalization;
using System.Text;

namespace Skep.Vectors.Collections;

/// <summary>
/// Which files make up a collection, and what can never change about it. It is text with a checksum as the last line, replaced as a whole: whoever reads it
/// sees the state before a compaction or the one after it.
/// </summary>
/// <param name="Dimension">Numbers in a vector.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Codes">How rows are coded.</param>
/// <param name="M">Links of a row.</param>
/// <param name="Segment">Number of the segment; 0 while there is none.</param>
/// <param name="FirstLog">Number of the first log that is to be read on top of it.</param>
/// <param name="Sequence">The last log record that is contained in the segment.</param>
internal sealed record Manifest(int Dimension, VectorMetric Metric, VectorCodes Codes, int M, int Segment, int FirstLog, ulong Sequence)
{
    /// <summary>Version of all files of a collection.</summary>
    public const int Version = 1;

    private const string Title = "skep-vectors", Checksum = "crc32c";
    private const int MaxBytes = 4096;

    /// <summary>Reads it; null where there is none.</summary>
    /// <exception cref="VectorException">It is damaged, or of a later version.</exception>
    public static Manifest? Read(string path)
    {
        if (!File.Exists(path)) return null;
        var text = File.ReadAllText(path);
        var end = text.LastIndexOf(Checksum, StringComparison.Ordinal);
        if (text.Length > MaxBytes || end < 0 || text[end..] != Sealed(text[..end])) throw Damaged(path, "its checksum does not match");
        var lines = text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).ToDictionary(l => l[0], l => l[^1]);
        if (!lines.TryGetValue(Title, out var version)) throw Damaged(path, "it does not begin as one");
        if (version != Number(Version)) throw new VectorException(VectorFault.Incompatible, $"the collection '{path}' was written in version {version} of the format, and this program reads version {Version}: use a program that is as new as the one that wrote it");
        try
        {
            return new Manifest(
                int.Parse(lines["dimension"], CultureInfo.InvariantCulture),
                Enum.Parse<VectorMetric>(lines["metric"]),
                Enum.Parse<VectorCodes>(lines["codes"]),
                int.Parse(lines["m"], CultureInfo.InvariantCulture),
                int.Parse(lines["segment"], CultureInfo.InvariantCulture),
                int.Parse(lines["first-log"], CultureInfo.InvariantCulture),
                ulong.Parse(lines["sequence"], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException or ArgumentException)
        {
            throw Damaged(path, "a line is missing or holds what this version does not know");
        }
    }

    /// <summary>The file's bytes.</summary>
    public byte[] Write()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Title} {Version}\ndimension {Dimension}\nmetric {Metric}\ncodes {Codes}\nm {M}\nsegment {Segment}\nfirst-log {FirstLog}\nsequence {Sequence}\n");
        return Encoding.UTF8.GetBytes(text + Sealed(text));
    }

    /// <summary>Refuses options that these files were not written with.</summary>
    public void Require(VectorIndexOptions options, string folder)
    {
        Same(Dimension, options.Dimension, "dimensions");
        Same(Metric, options.Metric, "metric");
        Same(Codes, options.Codes, "codes");
        Same(M, options.Graph.M, "M");
        void Same<T>(T stored, T asked, string what)
        {
            if (!EqualityComparer<T>.Default.Equals(stored, asked))
                throw new VectorException(VectorFault.Incompatible, $"the collection in '{folder}' was made with {what} {stored}, and {asked} is asked for: open it with {stored}, or make a new collection in another folder and insert its records there");
        }
    }

    private static string Sealed(string text) => $"{Checksum} {Crc.Of(Encoding.UTF8.GetBytes(text)):x8}\n";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static VectorException Damaged(string path, string how) =>
        new(VectorFault.Damaged, $"'{path}' is damaged: {how}. It says which files belong to the collection, so nothing can be read without it: restore it from a snapshot");
}
