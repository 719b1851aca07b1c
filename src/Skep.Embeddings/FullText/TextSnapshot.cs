using System.Buffers;
using System.Collections.Concurrent;

namespace Skep.Embeddings.FullText;

/// <summary>
/// A <see cref="TextIndex"/> as it stood at one moment. What is written after that does not show in it, and searching takes no lock. Thread-safe; it keeps the arrays of its moment in memory.
/// </summary>
public sealed class TextSnapshot
{
    /// <summary>Most different terms of a query; further ones are passed over.</summary>
    public const int MaxQueryTerms = 64;

    private readonly ConcurrentDictionary<string, Postings> _terms;
    private readonly DocumentTable _documents;
    private readonly TextIndexOptions _options;

    internal TextSnapshot(ConcurrentDictionary<string, Postings> terms, DocumentTable documents, int end, long generation, int count, long length, TextIndexOptions options)
    {
        (_terms, _documents, _options) = (terms, documents, options);
        (End, Generation, Count, Length) = (end, generation, count, length);
    }

    /// <summary>Texts that there are.</summary>
    public int Count { get; }

    /// <summary>Documents below this number belong to it.</summary>
    internal int End { get; }

    /// <summary>Documents that were removed in a later generation belong to it.</summary>
    internal long Generation { get; }

    /// <summary>Terms of all texts together.</summary>
    internal long Length { get; }

    /// <summary>The texts that match best, best first; equal scores by key, ascending.</summary>
    /// <param name="query">What is looked for. A text matches when it has at least one of its words.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="filter">Which keys may be found; null: all.</param>
    /// <returns>At most <paramref name="k"/>; empty for a query without words.</returns>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadArgument"/>: <paramref name="k"/> is below 1.</exception>
    public IReadOnlyList<TextHit> Search(ReadOnlySpan<char> query, int k, Func<long, bool>? filter = null)
    {
        if (k < 1) throw new EmbeddingException(EmbeddingFault.BadArgument, $"{k} results were asked for. Ask for at least 1");
        var terms = Terms.OfQuery(query, _options.Stemming, MaxQueryTerms);
        if (Count == 0 || terms.Count == 0) return [];
        var scores = ArrayPool<float>.Shared.Rent(End);
        try
        {
            scores.AsSpan(0, End).Clear();
            foreach (var (term, times) in terms.OrderBy(t => t.Key, StringComparer.Ordinal)) Score(term, times, scores);
            return Best(scores.AsSpan(0, End), k, filter);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    // Robertson and Zaragoza 2009, with the logarithm that is never negative (as Lucene has it).
    private void Score(string term, int times, float[] scores)
    {
        if (!_terms.TryGetValue(term, out var postings)) return;
        var (listed, counts) = postings.Below(End);
        var documents = listed.Span;
        var frequencies = counts.Span;
        var holding = CountThere(documents);
        var (lengths, removed) = (_documents.Lengths, _documents.Removed);
        var weight = times * Math.Log(1 + (Count - holding + 0.5) / (holding + 0.5)) * (_options.K1 + 1);
        var (fixedPart, perTerm) = (_options.K1 * (1 - _options.B), _options.K1 * _options.B * Count / Math.Max(1, Length));
        for (var i = 0; i < documents.Length; i++)
        {
            var document = documents[i];
            if (removed[document] <= Generation) continue;
            scores[document] += (float)(weight * frequencies[i] / (frequencies[i] + fixedPart + perTerm * lengths[document]));
        }
    }

    private int CountThere(ReadOnlySpan<int> documents)
    {
        if (Count == End) return documents.Length;
        var count = 0;
        foreach (var document in documents)
        {
            if (_documents.Removed[document] > Generation) count++;
        }

        return count;
    }

    private List<TextHit> Best(ReadOnlySpan<float> scores, int k, Func<long, bool>? filter)
    {
        var worstFirst = new PriorityQueue<TextHit, TextHit>(BetterLast.Instance);
        for (var document = 0; document < scores.Length; document++)
        {
            if (scores[document] <= 0) continue;
            var hit = new TextHit(_documents.Keys[document], scores[document]);
            if (worstFirst.Count == k && BetterLast.Instance.Compare(hit, worstFirst.Peek()) <= 0) continue;
            if (filter is not null && !filter(hit.Key)) continue;
            if (worstFirst.Count == k) worstFirst.EnqueueDequeue(hit, hit);
            else worstFirst.Enqueue(hit, hit);
        }

        var best = new List<TextHit>(worstFirst.Count);
        while (worstFirst.TryDequeue(out var hit, out _)) best.Add(hit);
        best.Reverse();
        return best;
    }

    private sealed class BetterLast : IComparer<TextHit>
    {
        public static BetterLast Instance { get; } = new();

        public int Compare(TextHit a, TextHit b) => a.Score.CompareTo(b.Score) is var order and not 0 ? order : b.Key.CompareTo(a.Key);
    }
}
