namespace Skep.Vectors.Filtering;

/// <summary>
/// Bits that one writer sets at rising places while others read. A reader takes bits below the row count that it knows; a word that grows under its hands
/// differs above that only.
/// </summary>
internal sealed class GrowingBits
{
    private ulong[] _words = [];

    public long Bytes => Volatile.Read(ref _words).Length * 8L;

    public void Set(int bit)
    {
        if (bit >> 6 >= _words.Length)
        {
            var grown = new ulong[Math.Max(4, Math.Max(BitWords.Words(bit + 1), _words.Length * 3 / 2))];
            _words.CopyTo(grown, 0);
            Volatile.Write(ref _words, grown);
        }

        _words[bit >> 6] |= 1UL << bit;
    }

    /// <summary>Takes over all bits at once, where none is set and nobody reads yet.</summary>
    public void Fill(ReadOnlySpan<ulong> words) => Volatile.Write(ref _words, words.ToArray());

    public bool Has(int bit)
    {
        var words = Volatile.Read(ref _words);
        return bit >> 6 < words.Length && BitWords.Has(words, bit);
    }

    /// <summary>Overwrites the target with the first bits.</summary>
    public void CopyTo(Span<ulong> target, int bits)
    {
        var words = Volatile.Read(ref _words);
        var shared = Math.Min(words.Length, target.Length);
        words.AsSpan(0, shared).CopyTo(target);
        target[shared..].Clear();
        BitWords.Clip(target, bits);
    }

    /// <summary>Sets in the target which of the first bits are set here; the target's own last word may get later ones, and is clipped by its owner.</summary>
    public void OrInto(Span<ulong> target) => BitWords.Or(target, Volatile.Read(ref _words));

    public int Count(int bits)
    {
        var words = Volatile.Read(ref _words);
        var whole = Math.Min(bits >> 6, words.Length);
        var last = whole < words.Length ? words[whole] & ((1UL << (bits & 63)) - 1) : 0;
        return BitWords.Count(words.AsSpan(0, whole)) + System.Numerics.BitOperations.PopCount(last);
    }
}
