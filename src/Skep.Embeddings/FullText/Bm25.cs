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
}
