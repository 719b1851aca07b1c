namespace Skep.Numerics;

/// <summary>A binary heap in two spans that belong to the caller: the worst entry on top, where it can be replaced.</summary>
internal ref struct BoundedHeap<T>(Span<int> ids, Span<float> scores)
    where T : struct, IOrder
{
    private readonly Span<int> _ids = ids;
    private readonly Span<float> _scores = scores;

    public int Count { get; private set; }

    public readonly bool IsFull => Count == _ids.Length;

    public readonly float Worst => _scores[0];

    public void Add(int id, float score)
    {
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!Worse(id, score, parent)) break;
            Move(parent, at);
            at = parent;
        }

        (_ids[at], _scores[at]) = (id, score);
    }

    public readonly void ReplaceWorst(int id, float score) => Sink(id, score, Count);

    /// <summary>Takes the worst away again and again, to the end of what is left: best first remains. Ends the heap.</summary>
    public readonly void Sort()
    {
        for (var last = Count - 1; last > 0; last--)
        {
            var (id, score) = (_ids[last], _scores[last]);
            Move(0, last);
            Sink(id, score, last);
        }
    }

    private readonly void Sink(int id, float score, int count)
    {
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= count) break;
            if (child + 1 < count && Worse(_ids[child + 1], _scores[child + 1], child)) child++;
            if (!Worse(_ids[child], _scores[child], id, score)) break;
            Move(child, at);
            at = child;
        }

        (_ids[at], _scores[at]) = (id, score);
    }

    private readonly void Move(int from, int to) => (_ids[to], _scores[to]) = (_ids[from], _scores[from]);

    private readonly bool Worse(int id, float score, int than) => Worse(id, score, _ids[than], _scores[than]);

    private static bool Worse(int id, float score, int otherId, float other) => T.Better(other, score) || (!T.Better(score, other) && id > otherId);
}
