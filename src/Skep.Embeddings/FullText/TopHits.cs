namespace Skep.Embeddings.FullText;

/// <summary>The best hits so far: higher scores first, equal ones by key, ascending.</summary>
internal sealed class TopHits(int k)
{
    private readonly PriorityQueue<TextHit, TextHit> _worstFirst = new(BetterLast.Instance);

    /// <summary>The score that a further hit must have at least; 0 while there is room.</summary>
    public double Least { get; private set; }

    /// <summary>Whether a hit would be among them.</summary>
    public bool Takes(TextHit hit) => _worstFirst.Count < k || BetterLast.Instance.Compare(hit, _worstFirst.Peek()) > 0;

    /// <summary>Adds one that <see cref="Takes"/> says yes to.</summary>
    public void Add(TextHit hit)
    {
        if (_worstFirst.Count == k) _worstFirst.EnqueueDequeue(hit, hit);
        else _worstFirst.Enqueue(hit, hit);
        if (_worstFirst.Count == k) Least = _worstFirst.Peek().Score;
    }

    /// <summary>Takes them out, best first.</summary>
    public List<TextHit> Take()
    {
        var best = new List<TextHit>(_worstFirst.Count);
        while (_worstFirst.TryDequeue(out var hit, out _)) best.Add(hit);
        best.Reverse();
        return best;
    }

    private sealed class BetterLast : IComparer<TextHit>
    {
        public static BetterLast Instance { get; } = new();

        public int Compare(TextHit a, TextHit b) => a.Score.CompareTo(b.Score) is var order and not 0 ? order : b.Key.CompareTo(a.Key);
    }
}
