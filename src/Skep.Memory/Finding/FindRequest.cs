using Skep.Embeddings;

namespace Skep.Memory;

/// <summary>By which lists entries are found.</summary>
public enum FindMode
{
    /// <summary>By words and by vectors where a text is given, by vectors alone where only a vector is, by neither where only a filter is.</summary>
    Auto,

    /// <summary>By words: BM25.</summary>
    Text,

    /// <summary>By nearness of vectors; a text is embedded.</summary>
    Vector,

    /// <summary>By both, fused by ranks.</summary>
    Hybrid,
}

/// <summary>What to find, best first. At least one of <see cref="Text"/>, <see cref="Vector"/> and <see cref="Filter"/>.</summary>
public sealed record FindRequest
{
    /// <summary>Most entries that one search returns.</summary>
    public const int MaxK = 1_000;

    /// <summary>Most characters of a text to search by.</summary>
    public const int MaxText = 16_384;

    /// <summary>Weight of the list by words unless another is given. BM25 finds better than hash embeddings do (docs/embeddings.md), so it counts more.</summary>
    public const double DefaultTextWeight = 3;

    /// <summary>Words to find. An entry need not have all of them.</summary>
    public string? Text { get; init; }

    /// <summary>A vector whose neighbours to find.</summary>
    public ReadOnlyMemory<float>? Vector { get; init; }

    /// <summary>What made <see cref="Vector"/>; null: the model of the namespace that is searched.</summary>
    public EmbeddingModelId? VectorModel { get; init; }

    /// <summary>A condition on metadata, see docs/filters.md and docs/memory-search.md for the fields; null for none.</summary>
    public string? Filter { get; init; }

    /// <summary>Among which entries, see <see cref="MemoryPrefix"/>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Most entries, 1 to <see cref="MaxK"/>.</summary>
    public int K { get; init; } = 10;

    /// <summary>By which lists.</summary>
    public FindMode Mode { get; init; }

    /// <summary>How much the list by words counts, at least 0.</summary>
    public double TextWeight { get; init; } = DefaultTextWeight;

    /// <summary>How much each list by vectors counts, at least 0.</summary>
    public double VectorWeight { get; init; } = 1;

    /// <summary>Chooses results unlike each other (maximal marginal relevance): 1 for relevance alone, 0 for variety alone; null for no such choice.</summary>
    public double? Lambda { get; init; }

    /// <summary>After which age an entry counts half; null for no such weighting.</summary>
    public TimeSpan? HalfLife { get; init; }

    /// <summary>How much entries of namespaces count; null for all the same.</summary>
    public IReadOnlyDictionary<string, double>? NamespaceWeights { get; init; }

    /// <summary>Whether to read the values too.</summary>
    public bool WithValues { get; init; }

    /// <summary>Throws when it makes no sense, whatever the memory holds.</summary>
    internal void Require()
    {
        if (Text is null && Vector is null && Filter is null) throw Bad("say what to find: a text, a vector or a filter");
        if (Text is { } text && string.IsNullOrWhiteSpace(text)) throw Bad("the text to find is empty: give words, or leave it out");
        if (Text is { Length: > MaxText }) throw Bad($"the text to find has {Text.Length} characters, and {MaxText} are allowed: give the words that matter");
        if (K is < 1 or > MaxK) throw Bad($"{K} cannot be the most entries of a search: give 1 to {MaxK}");
        if (Mode is < FindMode.Auto or > FindMode.Hybrid) throw Bad($"search mode {(int)Mode} does not exist");
        if (Mode is FindMode.Text or FindMode.Hybrid && Text is null) throw Bad($"mode {Mode.ToString().ToLowerInvariant()} needs a text");
        if (Mode is FindMode.Vector && Text is null && Vector is null) throw Bad("mode vector needs a text or a vector");
        if (!Weighs(TextWeight) || !Weighs(VectorWeight)) throw Bad("weights are finite numbers from 0 on");
        if (Lambda is { } lambda && !(lambda is >= 0 and <= 1)) throw Bad($"lambda is {lambda}; it is from 0 (variety) to 1 (relevance)");
        if (HalfLife is { } half && half <= TimeSpan.Zero) throw Bad("a half-life is above zero");
    }

    private static bool Weighs(double weight) => double.IsFinite(weight) && weight >= 0;

    private static MemoryException Bad(string message) => new(MemoryFault.InvalidRequest, message);
}
