using System.Buffers;
using System.Numerics;

namespace Skep.Embeddings.FullText;

/// <summary>
/// The documents that a search may find, as one bit for each: what the others score need not be known. The bits come by key, and as a rule keys are the numbers of
/// documents, so that they are copied; else each document's key is looked up once.
/// </summary>
internal sealed class DocumentBits : IDisposable
{
    private readonly ulong[] _words;
    private readonly int _length;

    /// <param name="keys">Keys that may be found: key k is bit k % 64 of word k / 64; keys beyond the words may not.</param>
    /// <param name="documents">All documents.</param>
    /// <param name="end">How many of them there are.</param>
    /// <param name="keysAreNumbers">Whether each document's key is its number.</param>
    public DocumentBits(ReadOnlySpan<ulong> keys, DocumentTable documents, int end, bool keysAreNumbers)
    {
        _length = (end + 63) >> 6;
        _words = ArrayPool<ulong>.Shared.Rent(Math.Max(1, _length));
        var words = _words.AsSpan(0, _length);
        words.Clear();
        if (keysAreNumbers) keys[..Math.Min(keys.Length, _length)].CopyTo(words);
        else Map(keys, documents.Keys.AsSpan(0, end), words);
        if ((end & 63) != 0) words[^1] &= (1UL << (end & 63)) - 1;
    }

    /// <summary>The bits of some documents, whose first is a multiple of 64.</summary>
    public ReadOnlySpan<ulong> From(int first, int count) => _words.AsSpan(first >> 6, (count + 63) >> 6);

    /// <summary>How many bits are set.</summary>
    public static int Count(ReadOnlySpan<ulong> words)
    {
        var count = 0;
        foreach (var word in words) count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Gives the words back.</summary>
    public void Dispose() => ArrayPool<ulong>.Shared.Return(_words);

    private static void Map(ReadOnlySpan<ulong> bits, ReadOnlySpan<long> keys, Span<ulong> words)
    {
        var most = (ulong)bits.Length * 64;
        for (var document = 0; document < keys.Length; document++)
        {
            var key = (ulong)keys[document]; // Below zero is beyond all.
            if (key < most) words[document >> 6] |= (bits[(int)(key >> 6)] >> (int)(key & 63) & 1) << document;
        }
    }
}
