namespace Skep.Embeddings.Hashing;

/// <summary>Counts the pairs of words that follow each other. A pair for which there is no room is added to the sum at once.</summary>
internal sealed class PairCounts(int textLength) : IDisposable
{
    private FeatureCounts _counts = new(textLength);
    private ulong _before;

    public void Add(ulong word, FeatureSum sum)
    {
        var before = _before;
        _before = word;
        if (before == 0) return;
        var pair = FeatureHash.Of(before, word);
        if (_counts.Add(pair, out _) < 0) sum.AddPair(pair, 1);
    }

    public void AddTo(FeatureSum sum)
    {
        for (var slot = 0; slot < _counts.Slots; slot++)
        {
            var (hash, count) = _counts.At(slot);
            if (count > 0) sum.AddPair(hash, count);
        }
    }

    public void Dispose() => _counts.Dispose();
}
