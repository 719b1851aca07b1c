using System.Numerics;
using System.Runtime.InteropServices;

namespace Skep.Vectors.Filtering;

/// <summary>Operations on bits in words of 64; bit <c>i</c> is bit <c>i % 64</c> of word <c>i / 64</c>.</summary>
internal static class BitWords
{
    /// <summary>Words that hold a number of bits.</summary>
    public static int Words(int bits) => (int)(((uint)bits + 63) >> 6);

    /// <summary>Clears the bits from <paramref name="bits"/> on.</summary>
    public static void Clip(Span<ulong> words, int bits)
    {
        var whole = bits >> 6;
        if (whole < words.Length)
        {
            words[whole] &= (1UL << (bits & 63)) - 1;
            words[(whole + 1)..].Clear();
        }
    }

    /// <summary>Sets the first bits and clears the others.</summary>
    public static void Fill(Span<ulong> words, int bits)
    {
        words.Fill(ulong.MaxValue);
        Clip(words, bits);
    }

    public static void Set(Span<ulong> words, int bit) => words[bit >> 6] |= 1UL << bit;

    public static bool Has(ReadOnlySpan<ulong> words, int bit) => (words[bit >> 6] >> bit & 1) != 0;

    public static int Count(ReadOnlySpan<ulong> words)
    {
        var (even, odd, i) = (0, 0, 0);
        for (; i + 1 < words.Length; i += 2)
        {
            even += BitOperations.PopCount(words[i]);
            odd += BitOperations.PopCount(words[i + 1]);
        }

        return even + odd + (i < words.Length ? BitOperations.PopCount(words[i]) : 0);
    }

    /// <summary>Clears what the other lacks; what lies beyond the other's end is cleared too.</summary>
    public static void And(Span<ulong> words, ReadOnlySpan<ulong> other)
    {
        var shared = Math.Min(words.Length, other.Length);
        words[shared..].Clear();
        var wide = Wide(words[..shared]);
        var wideOther = Wide(other[..shared]);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] &= wideOther[i];
        }

        for (var i = wide.Length * Vector<ulong>.Count; i < shared; i++)
        {
            words[i] &= other[i];
        }
    }

    /// <summary>Sets what the other has, as far as there is room.</summary>
    public static void Or(Span<ulong> words, ReadOnlySpan<ulong> other)
    {
        var shared = Math.Min(words.Length, other.Length);
        var wide = Wide(words[..shared]);
        var wideOther = Wide(other[..shared]);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] |= wideOther[i];
        }

        for (var i = wide.Length * Vector<ulong>.Count; i < shared; i++)
        {
            words[i] |= other[i];
        }
    }

    /// <summary>Clears what the other has.</summary>
    public static void AndNot(Span<ulong> words, ReadOnlySpan<ulong> other)
    {
        var shared = Math.Min(words.Length, other.Length);
        var wide = Wide(words[..shared]);
        var wideOther = Wide(other[..shared]);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] &= ~wideOther[i];
        }

        for (var i = wide.Length * Vector<ulong>.Count; i < shared; i++)
        {
            words[i] &= ~other[i];
        }
    }

    /// <summary>Turns every one of the first bits; the others become clear.</summary>
    public static void Not(Span<ulong> words, int bits)
    {
        var wide = Wide(words);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = ~wide[i];
        }

        for (var i = wide.Length * Vector<ulong>.Count; i < words.Length; i++)
        {
            words[i] = ~words[i];
        }

        Clip(words, bits);
    }

    private static Span<Vector<ulong>> Wide(Span<ulong> words) => MemoryMarshal.Cast<ulong, Vector<ulong>>(words);

    private static ReadOnlySpan<Vector<ulong>> Wide(ReadOnlySpan<ulong> words) => MemoryMarshal.Cast<ulong, Vector<ulong>>(words);
}
