namespace Skep.Vectors.Filtering;

/// <summary>Strings between two bounds in ordinal order; a prefix is such a range too.</summary>
/// <param name="Least">The lower bound, or none.</param>
/// <param name="WithLeast">Whether the lower bound belongs to it.</param>
/// <param name="Most">The upper bound, or none.</param>
/// <param name="WithMost">Whether the upper bound belongs to it.</param>
/// <param name="Prefix">With what strings must start, in place of bounds.</param>
internal readonly record struct TextRange(string? Least, bool WithLeast, string? Most, bool WithMost, string? Prefix)
{
    /// <summary>Less than 0 below the range, 0 in it, more than 0 above it; never falls as strings rise.</summary>
    public int Side(string text)
    {
        if (Prefix is not null)
        {
            return string.CompareOrdinal(text, 0, Prefix, 0, Prefix.Length);
        }

        if (Least is not null && string.CompareOrdinal(text, Least) is var low && (low < 0 || (low == 0 && !WithLeast)))
        {
            return -1;
        }

        return Most is not null && string.CompareOrdinal(text, Most) is var high && (high > 0 || (high == 0 && !WithMost)) ? 1 : 0;
    }
}

/// <summary>
/// The codes of a dictionary in the order of their strings, and each code's place in it. Made by the first reader who asks for a range, and again when many
/// codes have come since; those that came since are compared one by one.
/// </summary>
internal sealed class TextOrder
{
    private readonly int[] _codes;

    private TextOrder(int[] codes, int[] ranks) => (_codes, Ranks) = (codes, ranks);

    /// <summary>By code plus one, its place in the order; -1 for a missing value, and at the end for codes that came later.</summary>
    public int[] Ranks { get; }

    public int Count => _codes.Length;

    public long Bytes => _codes.Length * 8L;

    public ReadOnlySpan<int> Codes => _codes;

    public static TextOrder Of(ReadOnlySpan<string> texts)
    {
        var sorted = texts.ToArray();
        var codes = new int[sorted.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = i;
        }

        Array.Sort(sorted, codes, StringComparer.Ordinal);
        var ranks = new int[codes.Length + 2];
        (ranks[0], ranks[^1]) = (-1, -1);
        for (var i = 0; i < codes.Length; i++)
        {
            ranks[codes[i] + 1] = i;
        }

        return new TextOrder(codes, ranks);
    }

    /// <summary>Whether so many codes have come since that sorting again pays.</summary>
    public bool IsStale(int count) => count - _codes.Length > Math.Max(256, _codes.Length / 8);

    /// <summary>The places of a range's strings: from the first to before the second.</summary>
    public (int From, int To) Find(TextRange range, TextDictionary dictionary) =>
        (First(dictionary, text => range.Side(text) >= 0), First(dictionary, text => range.Side(text) > 0));

    private int First(TextDictionary dictionary, Func<string, bool> holds)
    {
        var (low, high) = (0, _codes.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = holds(dictionary[_codes[middle]]) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
