using System.Globalization;
using Skep.Embeddings.Text;

namespace Skep.Embeddings.Hashing;

/// <summary>
/// Vectors without a model: signed feature hashing of words, pairs of words and runs of three to five characters (Weinberger et al. 2009; subwords as in fastText), with sub-linear
/// counts, normalised to length 1. Nothing is downloaded or learnt. They are lexical: texts are near when they share words, parts of words and spellings, and not when they mean
/// the same in other words. docs/embeddings.md has the measured quality.
/// </summary>
/// <remarks>
/// The same text gives the same vector, to the last bit, on every machine and under every culture. What counts as a word and which letters are one: <c>docs/embeddings.md</c>. Thread-safe;
/// a call takes a few pooled arrays, at most about 10 MiB for the longest text.
/// </remarks>
public sealed class HashEmbedder : IEmbedder
{
    /// <summary>Dimensions unless others are asked for.</summary>
    public const int DefaultDimension = 384;

    /// <summary>Fewest dimensions.</summary>
    public const int MinDimension = 128;

    /// <summary>Most dimensions.</summary>
    public const int MaxDimension = 1024;

    /// <summary>Longest text, in UTF-16 units. A longer one would be a blur of everything anyway: embed its parts.</summary>
    public const int MaxText = 1 << 20;

    /// <summary>Name of the model; another way of making vectors gets another.</summary>
    public const string ModelName = "skep-hash-1";

    private readonly HashWeights _weights;

    /// <summary>For vectors of some dimension: more keep features apart better, and take more room.</summary>
    /// <param name="dimension"><see cref="MinDimension"/> to <see cref="MaxDimension"/>.</param>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadArgument"/>: the dimension is out of its bounds.</exception>
    public HashEmbedder(int dimension = DefaultDimension)
        : this(dimension, HashWeights.Default)
    {
    }

    internal HashEmbedder(int dimension, HashWeights weights)
    {
        if (dimension is < MinDimension or > MaxDimension)
            throw new EmbeddingException(EmbeddingFault.BadArgument, $"hash embeddings of {Shown(dimension)} dimensions. They have {MinDimension} to {Shown(MaxDimension)}");
        (Model, _weights) = (new(ModelName, dimension, Normalised: true), weights);
    }

    /// <inheritdoc />
    public EmbeddingModelId Model { get; }

    /// <summary>The vector of a text.</summary>
    /// <param name="text">At most <see cref="MaxText"/> UTF-16 units, with at least one letter, digit or sign beyond ASCII.</param>
    /// <param name="vector">Where it goes: as many numbers as there are dimensions.</param>
    /// <exception cref="EmbeddingException">
    /// <see cref="EmbeddingFault.EmptyText"/>, <see cref="EmbeddingFault.TextTooLong"/>, or <see cref="EmbeddingFault.BadArgument"/> for a place of another length.
    /// </exception>
    public void Embed(ReadOnlySpan<char> text, Span<float> vector)
    {
        if (!TryEmbed(text, vector))
            throw new EmbeddingException(EmbeddingFault.EmptyText, $"a text of {Shown(text.Length)} characters has no letter and no digit, so there is nothing to embed. Leave it out of the vector index, or give it words");
    }

    /// <summary>The vector of a text, or zeros and false when it has nothing to embed.</summary>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.TextTooLong"/>, or <see cref="EmbeddingFault.BadArgument"/> for a place of another length.</exception>
    public bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector)
    {
        if (vector.Length != Model.Dimension)
            throw new EmbeddingException(EmbeddingFault.BadArgument, $"a place for {Shown(vector.Length)} numbers was given for a vector of {Model}. Give one for {Shown(Model.Dimension)}");
        if (text.Length > MaxText)
            throw new EmbeddingException(EmbeddingFault.TextTooLong, $"a text of {Shown(text.Length)} characters is longer than the {Shown(MaxText)} that are embedded at once. Embed it in parts");
        Span<long> sum = stackalloc long[MaxDimension];
        sum = sum[..Model.Dimension];
        sum.Clear();
        var any = Sum(text, new FeatureSum(sum, _weights));
        Normalise(sum, vector);
        return any;
    }

    /// <inheritdoc />
    public ValueTask EmbedAsync(IReadOnlyList<string> texts, Memory<float> vectors, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (vectors.Length != (long)texts.Count * Model.Dimension)
            throw new EmbeddingException(EmbeddingFault.BadArgument, $"a place for {Shown(vectors.Length)} numbers was given for {Shown(texts.Count)} vectors of {Model}. Give one for {Shown(texts.Count * Model.Dimension)}");
        for (var i = 0; i < texts.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            Embed(texts[i], vectors.Span.Slice(i * Model.Dimension, Model.Dimension));
        }

        return ValueTask.CompletedTask;
    }

    private static string Shown(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    // Words are counted first: runs are made once for each different word.
    private static bool Sum(ReadOnlySpan<char> text, FeatureSum sum)
    {
        using var words = new WordCounts(text.Length);
        using var pairs = new PairCounts(text.Length);
        var reader = new WordReader(text, stackalloc char[WordReader.Scratch]);
        var any = false;
        while (reader.Next())
        {
            any = true;
            var hash = FeatureSum.HashOf(reader.Current);
            words.Add(reader.Current, hash, reader.Kind, sum);
            if (reader.Kind != WordKind.Compound && !StopWords.Has(reader.Current)) pairs.Add(hash, sum);
        }

        words.AddTo(sum);
        pairs.AddTo(sum);
        return any;
    }

    // Signs can cancel each other out in theory; then there is no direction, and the vector is zero.
    private static void Normalise(ReadOnlySpan<long> sum, Span<float> vector)
    {
        var squares = 0.0;
        foreach (var value in sum) squares += (double)value * value;
        var length = Math.Sqrt(squares);
        for (var i = 0; i < vector.Length; i++) vector[i] = squares > 0 ? (float)(sum[i] / length) : 0;
    }
}
