using System.Buffers;
using Skep.Embeddings.Text;

namespace Skep.Embeddings.Hashing;

/// <summary>Counts the different words of a text and keeps their letters, within bounds. A word for which there is no room is added to the sum at once, as often as it comes.</summary>
internal sealed class WordCounts : IDisposable
{
    /// <summary>Room for the letters of different words, in characters.</summary>
    private const int MaxLetters = 1 << 19;

    private FeatureCounts _counts;
    private Word[] _words;
    private readonly int _capacity;
    private char[] _letters;
    private int _used;

    public WordCounts(int textLength)
    {
        _counts = new(textLength);
        _words = ArrayPool<Word>.Shared.Rent(_counts.Slots);
        _capacity = Math.Min((textLength * LetterFolding.MaxExpansion) + WordReader.MaxWord, MaxLetters);
        _letters = ArrayPool<char>.Shared.Rent(_capacity);
    }

    public void Add(ReadOnlySpan<char> word, ulong hash, WordKind kind, FeatureSum sum)
    {
        if (_used + word.Length > _capacity && !_counts.Has(hash))
        {
            sum.AddWord(word, hash, kind, 1);
            return;
        }

        var slot = _counts.Add(hash, out var isNew);
        if (slot < 0)
        {
            sum.AddWord(word, hash, kind, 1);
        }
        else if (isNew)
        {
            word.CopyTo(_letters.AsSpan(_used));
            _words[slot] = new(_used, (short)word.Length, kind);
            _used += word.Length;
        }
    }

    public void AddTo(FeatureSum sum)
    {
        for (var slot = 0; slot < _counts.Slots; slot++)
        {
            var (hash, count) = _counts.At(slot);
            if (count > 0) sum.AddWord(_letters.AsSpan(_words[slot].Start, _words[slot].Length), hash, _words[slot].Kind, count);
        }
    }

    public void Dispose()
    {
        _counts.Dispose();
        ArrayPool<Word>.Shared.Return(_words);
        ArrayPool<char>.Shared.Return(_letters);
        (_words, _letters) = ([], []);
    }

    private readonly record struct Word(int Start, short Length, WordKind Kind);
}
