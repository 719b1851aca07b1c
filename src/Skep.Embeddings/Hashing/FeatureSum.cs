using Skep.Embeddings.Text;

namespace Skep.Embeddings.Hashing;

/// <summary>
/// Adds features to a vector: the hash chooses one dimension and a sign. It counts in whole numbers, so that the order of adding does not matter and every machine
/// comes to the same sum.
/// </summary>
internal readonly ref struct FeatureSum(Span<long> sum, HashWeights weights)
{
    private const double Unit = SubLinear.One;

    // Hashes of different kinds of features.
    private const ulong WordKindOf = 1;
    private const ulong StemKind = 2;
    private const ulong RunKind = 3;

    private readonly Span<long> _sum = sum;
    private readonly long _word = Whole(weights.Word);
    private readonly long _stem = Whole(weights.Stem);
    private readonly long _pair = Whole(weights.Pair);
    private readonly long _stopWord = Whole(weights.StopWord);

    /// <summary>The hash by which a word is counted.</summary>
    public static ulong HashOf(ReadOnlySpan<char> word) => FeatureHash.Of(word, WordKindOf);

    /// <summary>Adds a word, its stem and its runs.</summary>
    /// <param name="word">The word.</param>
    /// <param name="hash">By <see cref="HashOf"/>.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="count">How often it occurs.</param>
    public void AddWord(ReadOnlySpan<char> word, ulong hash, WordKind kind, int count)
    {
        var weight = SubLinear.Of(count);
        if (kind == WordKind.Word && StopWords.Has(word))
        {
            Add(hash, weight, _word * _stopWord / SubLinear.One);
            return;
        }

        if (kind != WordKind.Sign && word.Length < weights.FullLength) weight = weight * word.Length / weights.FullLength;
        Add(hash, weight, _word);
        if (kind == WordKind.Sign) return;
        AddStem(word, weight);
        AddRuns(word, weight);
    }

    /// <summary>Adds two words that follow each other.</summary>
    public void AddPair(ulong hash, int count) => Add(hash, SubLinear.Of(count), _pair);

    private void AddStem(ReadOnlySpan<char> word, long weight)
    {
        if (_stem == 0) return;
        Span<char> copy = stackalloc char[word.Length];
        word.CopyTo(copy);
        Add(FeatureHash.Of(EnglishStem.Of(copy), StemKind), weight, _stem);
    }

    // The ends of a word are characters of their own, so that beginnings and endings differ from middles.
    private void AddRuns(ReadOnlySpan<char> word, long weight)
    {
        Span<char> marked = stackalloc char[word.Length + 2];
        word.CopyTo(marked[1..]);
        (marked[0], marked[^1]) = ('\u0002', '\u0003');
        AddRuns(marked, 3, weight, weights.Three);
        AddRuns(marked, 4, weight, weights.Four);
        AddRuns(marked, 5, weight, weights.Five);
    }

    // A long word has more runs and shall not weigh more for it.
    private void AddRuns(ReadOnlySpan<char> marked, int length, long weight, double ofKind)
    {
        var count = marked.Length - length + 1;
        if (ofKind <= 0 || count <= 0) return;
        var each = Whole(ofKind / Math.Sqrt(count));
        for (var i = 0; i < count; i++) Add(FeatureHash.Of(marked.Slice(i, length), RunKind), weight, each);
    }

    // The upper half of the hash chooses the dimension without a division, the lowest bit the sign.
    private void Add(ulong hash, long weight, long ofKind)
    {
        var dimension = (int)Math.BigMul(hash, (ulong)_sum.Length, out _);
        var value = weight * ofKind;
        _sum[dimension] += (hash & 1) == 0 ? value : -value;
    }

    private static long Whole(double weight) => (long)Math.Round(weight * Unit, MidpointRounding.AwayFromZero);
}
