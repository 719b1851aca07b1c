using System.Numerics;

namespace Skep.Vectors;

/// <summary>A set of rows, one bit each. Not changed while a search uses it.</summary>
public sealed class RowBits
{
    private readonly ulong[] _words;

    /// <summary>A set from its words: bit i of word w stands for row 64 w + i.</summary>
    public RowBits(ulong[] words)
    {
        ArgumentNullException.ThrowIfNull(words);
        _words = words;
        foreach (var word in words) Count += BitOperations.PopCount(word);
    }

    /// <summary>How many rows are in it.</summary>
    public int Count { get; }

    /// <summary>Its words.</summary>
    public ReadOnlySpan<ulong> Words => _words;

    /// <summary>Whether a row is in it.</summary>
    public bool Contains(int row) => (uint)(row >> 6) < (uint)_words.Length && (_words[row >> 6] & (1UL << row)) != 0;
}
