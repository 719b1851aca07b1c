using System.Buffers;

namespace Skep.Embeddings.FullText;

/// <summary>
/// The best documents without looking at all of them (Turtle and Flood 1995, MaxScore): once the worst of the best so far scores more than some terms can give together, documents that have
/// none but those are not looked at. The answer, ties included, is the one of scoring everything.
/// </summary>
/// <remarks>
/// Documents go by in windows, whose sums stay in the processor's cache. Scores are sums of floats, which depend on the order of the terms: a document that is let in is summed
/// in that order anew unless it was already. Bounds are widened by more than the rounding of 64 terms.
/// </remarks>
internal sealed class MaxScore(Bm25 bm25, IReadOnlyList<TermPostings> terms, TopHits best, Func<int, bool> mayBeFound)
{
    private const int Window = 4096;
    private const float Slack = 1 + 1e-5f;

    /// <summary>Entries that are summed in the time in which one is looked up.</summary>
    private const int LookUp = 16;

    // Terms by what each can give at most, least first.
    private readonly int[] _byMost = [.. Enumerable.Range(0, terms.Count).OrderBy(i => terms[i].Most)];
    private readonly bool[] _isPassedOver = new bool[terms.Count];
    private readonly int[] _begin = new int[terms.Count];
    private readonly int[] _end = new int[terms.Count];
    private int _passedOver;
    private float _passedOverMost;

    /// <summary>Takes in all documents below a number.</summary>
    public void Run(int end)
    {
        var sums = ArrayPool<float>.Shared.Rent(Window);
        try
        {
            for (var first = 0; first < end; first += Window)
            {
                PassOver();
                if (_passedOver == terms.Count) return; // Nothing that is left can be good enough.
                var window = sums.AsSpan(0, Math.Min(Window, end - first));
                if (Sum(first, window)) Look(first, window);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(sums);
        }
    }

    /// <summary>Passes over as many terms as saves the most, of those that cannot be good enough together. They get more as the worst of the best gets better.</summary>
    private void PassOver()
    {
        var (most, skipped, left, saved) = (0f, 0L, terms.Sum(static t => (long)t.Count), 0L);
        for (var count = 1; count <= terms.Count; count++)
        {
            var term = terms[_byMost[count - 1]];
            most += term.Most;
            if (most * Slack >= best.Least) return;
            (skipped, left) = (skipped + term.Count, left - term.Count);
            if (skipped - (LookUp * left) is var saves && saves <= saved) continue;
            saved = saves;
            if (count <= _passedOver) continue;
            for (; _passedOver < count; _passedOver++) _isPassedOver[_byMost[_passedOver]] = true;
            _passedOverMost = most;
        }
    }

    /// <summary>Sums what the other terms give, in their order; false when they give nothing.</summary>
    private bool Sum(int first, Span<float> sums)
    {
        var any = false;
        for (var i = 0; i < terms.Count; i++)
        {
            if (_isPassedOver[i]) continue;
            _begin[i] = _end[i] = terms[i].From(_end[i], first);
            _end[i] = terms[i].From(_begin[i], first + sums.Length);
            if (_begin[i] == _end[i]) continue;
            if (!any) sums.Clear();
            any = true;
            bm25.Add(terms[i], _begin[i], _end[i], first, sums);
        }

        return any;
    }

    private void Look(int first, ReadOnlySpan<float> sums)
    {
        var enough = Enough;
        for (var i = 0; i < sums.Length; i++)
        {
            if (sums[i] < enough || sums[i] <= 0) continue;
            var score = _passedOver == 0 ? sums[i] : Whole(first + i);
            var hit = new TextHit(bm25.KeyOf(first + i), score);
            if (!best.Takes(hit) || !mayBeFound(first + i)) continue;
            best.Add(hit);
            enough = Enough;
        }
    }

    /// <summary>What the terms that are summed must give together, so that the others can make it good enough.</summary>
    private float Enough => (float)(best.Least / Slack) - (_passedOverMost * Slack);

    /// <summary>A document's score from all terms, in their order.</summary>
    private float Whole(int document)
    {
        var sum = 0f;
        for (var i = 0; i < terms.Count; i++)
        {
            // Documents only grow, so that a term that is passed over goes on where it was.
            var at = terms[i].From(_begin[i], document);
            if (_isPassedOver[i]) _begin[i] = at;
            if (at < terms[i].Count && terms[i].DocumentAt(at) == document) sum += bm25.Score(terms[i], at, document);
        }

        return sum;
    }
}
