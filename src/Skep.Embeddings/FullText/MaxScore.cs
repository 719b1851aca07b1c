using System.Buffers;
using System.Numerics;

namespace Skep.Embeddings.FullText;

/// <summary>
/// The best documents without looking at all of them (Turtle and Flood 1995, MaxScore): once the worst of the best so far scores more than some terms can give together, documents that have
/// none but those are not looked at. The answer, ties included, is the one of scoring everything.
/// </summary>
/// <remarks>
/// Documents go by in windows, whose sums stay in the processor's cache. Scores are sums of floats, which depend on the order of the terms: a document that is let in is summed
/// in that order anew unless it was already. Bounds are widened by more than the rounding of 64 terms.
/// Where it is known beforehand which documents may be found, no others are summed, and windows without any are passed over.
/// </remarks>
/// <param name="bm25">What documents score.</param>
/// <param name="terms">The terms, in the order in which their scores are summed.</param>
/// <param name="best">Where the best go.</param>
/// <param name="mayBeFound">Whether a document that is good enough may be found.</param>
/// <param name="allowed">Documents besides which none may be found; null for all.</param>
internal sealed class MaxScore(Bm25 bm25, IReadOnlyList<TermPostings> terms, TopHits best, Func<int, bool> mayBeFound, DocumentBits? allowed = null)
{
    private const int Window = 4096;
    private const float Slack = 1 + 1e-5f;

    /// <summary>Entries that are summed in the time in which one is looked up.</summary>
    private const int LookUp = 16;

    /// <summary>Entries whose bits are looked at in the time in which one is looked up.</summary>
    private const int BitLookUp = 32;

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
        var picked = ArrayPool<int>.Shared.Rent(Window);
        try
        {
            for (var first = 0; first < end; first += Window)
            {
                PassOver();
                if (_passedOver == terms.Count) return; // Nothing that is left can be good enough.
                var window = sums.AsSpan(0, Math.Min(Window, end - first));
                if (allowed is null) Take(first, window);
                else TakeAllowed(first, window, allowed.From(first, window.Length), picked);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(picked);
            ArrayPool<float>.Shared.Return(sums);
        }
    }

    private void Take(int first, Span<float> sums)
    {
        if (Sum(first, sums)) Look(first, sums);
    }

    private void TakeAllowed(int first, Span<float> sums, ReadOnlySpan<ulong> bits, Span<int> picked)
    {
        var count = DocumentBits.Count(bits);
        if (count > 0 && SumAllowed(first, sums, bits, count, picked)) LookAllowed(first, sums, bits);
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
            if (!Reaches(i, first, sums.Length)) continue;
            if (!any) sums.Clear();
            any = true;
            bm25.Add(terms[i], _begin[i], _end[i], first, sums);
        }

        return any;
    }

    /// <summary>The same for documents that may be found: by their bits or, where they are few, by looking them up.</summary>
    private bool SumAllowed(int first, Span<float> sums, ReadOnlySpan<ulong> bits, int count, Span<int> picked)
    {
        var any = false;
        for (var i = 0; i < terms.Count; i++)
        {
            if (!Reaches(i, first, sums.Length)) continue;
            if (!any) sums.Clear();
            any = true;
            if (count > sums.Length / 4 * 3) bm25.Add(terms[i], _begin[i], _end[i], first, sums); // Choosing costs more than it saves.
            else if (count * BitLookUp < _end[i] - _begin[i]) bm25.LookUp(terms[i], _begin[i], _end[i], first, bits, sums);
            else bm25.AddAllowed(terms[i], _begin[i], _end[i], first, bits, sums, picked);
        }

        return any;
    }

    /// <summary>Finds a term's entries of a window; false when it has none, or is passed over.</summary>
    private bool Reaches(int term, int first, int count)
    {
        if (_isPassedOver[term]) return false;
        _begin[term] = _end[term] = terms[term].From(_end[term], first);
        _end[term] = terms[term].From(_begin[term], first + count);
        return _begin[term] < _end[term];
    }

    private void Look(int first, ReadOnlySpan<float> sums)
    {
        var enough = Enough;
        for (var i = 0; i < sums.Length; i++)
        {
            if (sums[i] >= enough && sums[i] > 0 && Takes(first + i, sums[i])) enough = Enough;
        }
    }

    private void LookAllowed(int first, ReadOnlySpan<float> sums, ReadOnlySpan<ulong> bits)
    {
        var enough = Enough;
        for (var word = 0; word < bits.Length; word++)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                var i = (word << 6) + BitOperations.TrailingZeroCount(rest);
                if (sums[i] >= enough && sums[i] > 0 && Takes(first + i, sums[i])) enough = Enough;
            }
        }
    }

    /// <summary>Takes a document in, if it is one of the best.</summary>
    private bool Takes(int document, float sum)
    {
        var hit = new TextHit(bm25.KeyOf(document), _passedOver == 0 ? sum : Whole(document));
        if (!best.Takes(hit) || !mayBeFound(document)) return false;
        best.Add(hit);
        return true;
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
