using System.Numerics;

namespace Skep.Embeddings.FullText;

/// <summary>Scores of one moment: Robertson and Zaragoza 2009, with the logarithm that is never negative (as Lucene has it).</summary>
internal sealed class Bm25
{
    private readonly DocumentTable _documents;
    private readonly double _k1, _fixedPart, _perTerm;
    private readonly int _count;

    /// <param name="documents">Documents.</param>
    /// <param name="count">How many are there.</param>
    /// <param name="length">Their terms together.</param>
    /// <param name="options">k₁ and b.</param>
    public Bm25(DocumentTable documents, int count, long length, TextIndexOptions options)
    {
        (_documents, _count, _k1) = (documents, count, options.K1);
        (_fixedPart, _perTerm) = (options.K1 * (1 - options.B), options.K1 * options.B * count / Math.Max(1, length));
    }

    /// <summary>What a term weighs.</summary>
    /// <param name="times">How often the query has it.</param>
    /// <param name="holding">How many documents have it.</param>
    public double Weight(int times, int holding) => times * Math.Log(1 + (_count - holding + 0.5) / (holding + 0.5)) * (_k1 + 1);

    public long KeyOf(int document) => _documents.Keys[document];

    /// <summary>What a term gives a document.</summary>
    public float Score(TermPostings term, int at, int document) => Score(term.Weight, term.Frequencies.Span[at], _documents.Lengths[document]);

    /// <summary>What a term gives a document with so many terms that has it so often.</summary>
    public float Score(double weight, byte frequency, int length) => (float)(weight * frequency / (frequency + _fixedPart + _perTerm * length));

    /// <summary>Adds what a term gives some documents.</summary>
    /// <param name="term">The term.</param>
    /// <param name="begin">The first place in its list.</param>
    /// <param name="end">The place after the last.</param>
    /// <param name="first">The document that the first sum belongs to.</param>
    /// <param name="sums">One for each document.</param>
    public void Add(TermPostings term, int begin, int end, int first, Span<float> sums)
    {
        var documents = term.Documents.Span[begin..end];
        var frequencies = term.Frequencies.Span[begin..end];
        var (lengths, weight) = (_documents.Lengths, term.Weight);
        for (var i = 0; i < documents.Length; i++) sums[documents[i] - first] += Score(weight, frequencies[i], lengths[documents[i]]);
    }

    /// <summary>The same for those that may be found, and no others, by looking at each entry of the list: first which they are, without a branch that could be foretold wrongly, then what they score.</summary>
    /// <param name="term">The term.</param>
    /// <param name="begin">The first place in its list.</param>
    /// <param name="end">The place after the last.</param>
    /// <param name="first">The document that the first sum and the first bit belong to.</param>
    /// <param name="allowed">A bit for each document.</param>
    /// <param name="sums">One for each document.</param>
    /// <param name="picked">Room for as many places as there are sums.</param>
    public void AddAllowed(TermPostings term, int begin, int end, int first, ReadOnlySpan<ulong> allowed, Span<float> sums, Span<int> picked)
    {
        var documents = term.Documents.Span[begin..end];
        var frequencies = term.Frequencies.Span[begin..end];
        var (lengths, weight, count) = (_documents.Lengths, term.Weight, 0);
        for (var i = 0; i < documents.Length; i++)
        {
            var at = documents[i] - first;
            picked[count] = i;
            count += (int)(allowed[at >> 6] >> at) & 1;
        }

        foreach (var i in picked[..count]) sums[documents[i] - first] += Score(weight, frequencies[i], lengths[documents[i]]);
    }

    /// <summary>The same by looking each document that may be found up in the list, for when they are far fewer than its entries.</summary>
    /// <inheritdoc cref="AddAllowed" path="/param"/>
    public void LookUp(TermPostings term, int begin, int end, int first, ReadOnlySpan<ulong> allowed, Span<float> sums)
    {
        var documents = term.Documents.Span[begin..end];
        var frequencies = term.Frequencies.Span[begin..end];
        var place = 0;
        for (var word = 0; word < allowed.Length; word++)
        {
            for (var rest = allowed[word]; rest != 0; rest &= rest - 1)
            {
                var at = (word << 6) + BitOperations.TrailingZeroCount(rest);
                place = TermPostings.From(documents, place, first + at);
                if (place == documents.Length) return;
                if (documents[place] == first + at) sums[at] += Score(term.Weight, frequencies[place], _documents.Lengths[first + at]);
            }
        }
    }
}
