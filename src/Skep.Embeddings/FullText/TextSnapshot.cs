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

    internal TextSnapshot(ConcurrentDictionary<string, Postings> terms, DocumentTable documents, int end, long generation, int count, long length, bool keysAreNumbers, TextIndexOptions options)
    {
        (_terms, _documents, _options) = (terms, documents, options);
        (End, Generation, Count, Length) = (end, generation, count, length);
        KeysAreNumbers = keysAreNumbers;
        Scores = new Bm25(documents, count, length, options);
    }

    /// <summary>Texts that there are.</summary>
    public int Count { get; }

    /// <summary>Documents below this number belong to it.</summary>
    internal int End { get; }

    /// <summary>Documents that were removed in a later generation belong to it.</summary>
    internal long Generation { get; }

    /// <summary>Terms of all texts together.</summary>
    internal long Length { get; }

    /// <summary>Whether each document's key is its number, as where rows are numbered from 0 on and none was replaced.</summary>
    internal bool KeysAreNumbers { get; }

    /// <summary>The texts that match best, best first; equal scores by key, ascending.</summary>
    /// <param name="query">What is looked for. A text matches when it has at least one of its words.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="filter">Which keys may be found; null: all.</param>
    /// <returns>At most <paramref name="k"/>; empty for a query without words.</returns>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadArgument"/>: <paramref name="k"/> is below 1.</exception>
    public IReadOnlyList<TextHit> Search(ReadOnlySpan<char> query, int k, Func<long, bool>? filter = null)
    {
        RequireResults(k);
        return Best(query, k, null, filter);
    }

    /// <summary>The same among keys that are known beforehand. What the others would score is not looked at, so that few keys take little time.</summary>
    /// <param name="keys">Which keys may be found, as bits: key <c>n</c> is bit <c>n % 64</c> of word <c>n / 64</c>. Keys that have no bit are not found.</param>
    /// <param name="query">What is looked for. A text matches when it has at least one of its words.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="filter">Which of these keys may be found after all, asked only of texts that are good enough; null: all.</param>
    /// <returns>At most <paramref name="k"/>; empty for a query without words.</returns>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadArgument"/>: <paramref name="k"/> is below 1.</exception>
    public IReadOnlyList<TextHit> SearchAmong(ReadOnlySpan<ulong> keys, ReadOnlySpan<char> query, int k, Func<long, bool>? filter = null)
    {
        RequireResults(k);
        using var allowed = new DocumentBits(keys, _documents, End, KeysAreNumbers);
        return Best(query, k, allowed, filter);
    }

    private static void RequireResults(int k)
    {
        if (k < 1) throw new EmbeddingException(EmbeddingFault.BadArgument, $"{k} results were asked for. Ask for at least 1");
    }

    private List<TextHit> Best(ReadOnlySpan<char> query, int k, DocumentBits? allowed, Func<long, bool>? filter)
    {
        var terms = Terms.OfQuery(query, _options.Stemming, MaxQueryTerms);
        if (Count == 0 || terms.Count == 0) return [];
        var best = new TopHits(k);
        new MaxScore(Scores, Find(terms), best, document => IsThere(document) && (filter is null || filter(_documents.Keys[document])), allowed).Run(End);
        return best.Take();
    }

    /// <summary>How documents of this moment are scored.</summary>
    internal Bm25 Scores { get; }

    /// <summary>Whether a document had not been removed at this moment.</summary>
    internal bool IsThere(int document) => _documents.Removed[document] > Generation;

    /// <summary>The terms of a query that are there, in the order in which their scores are summed.</summary>
    internal List<TermPostings> Find(Dictionary<string, int> terms)
    {
        var found = new List<TermPostings>(terms.Count);
        foreach (var (term, times) in terms.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            if (!_terms.TryGetValue(term, out var postings)) continue;
            var (documents, frequencies) = postings.Below(End);
            if (documents.Length == 0) continue;
            var weight = Scores.Weight(times, CountThere(documents.Span));
            found.Add(new TermPostings(documents, frequencies, weight, postings.Most(documents.Span, frequencies.Span, Scores, weight, _documents.Lengths)));
        }

        return found;
    }

    private int CountThere(ReadOnlySpan<int> documents)
    {
        if (Count == End) return documents.Length;
        var count = 0;
        foreach (var document in documents)
        {
            if (IsThere(document)) count++;
        }

        return count;
    }
}
