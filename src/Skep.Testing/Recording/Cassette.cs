namespace Skep.Testing;

/// <summary>Recorded exchanges, in the order in which they ended.</summary>
/// <param name="entries">The exchanges.</param>
public sealed class Cassette(IReadOnlyList<CassetteEntry> entries)
{
    /// <summary>Exchanges that a file may hold.</summary>
    public const int MaxEntries = 100_000;

    /// <summary>The exchanges.</summary>
    public IReadOnlyList<CassetteEntry> Entries { get; } = entries;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">A line is no exchange; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Cassette Load(string path)
    {
        List<CassetteEntry> entries = [];
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.AsSpan().IsWhiteSpace()) continue;
            if (entries.Count >= MaxEntries) throw new InvalidDataException($"{path}:{number}: a cassette has at most {MaxEntries} exchanges; split it.");
            entries.Add(CassetteEntry.FromLine(line) ?? throw new InvalidDataException(
                $"{path}:{number}: this line is no recorded exchange (JSON with 'request' and 'response'); if it is the last one, the recording was cut off: remove the line, or record again."));
        }

        return new Cassette(entries);
    }
}
