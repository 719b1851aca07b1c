namespace Skep.Embeddings.Hashing;

/// <summary>
/// How much each kind of feature counts. The defaults were tuned on one half of the questions of bench/Skep.Bench/Data/retrieval and rounded; docs/embeddings.md reports the other half. Around
/// them the quality is flat. They are a part of the model: whoever changes a default changes the model's name.
/// </summary>
internal sealed record HashWeights
{
    /// <summary>The defaults.</summary>
    public static HashWeights Default { get; } = new();

    /// <summary>A word as it is written.</summary>
    public double Word { get; init; } = 0.5;

    /// <summary>A word's stem.</summary>
    public double Stem { get; init; } = 1;

    /// <summary>Two words that follow each other, stop words left out.</summary>
    public double Pair { get; init; } = 0.25;

    /// <summary>All runs of three characters of a word, its ends marked, together.</summary>
    public double Three { get; init; } = 0.25;

    /// <summary>All runs of four.</summary>
    public double Four { get; init; } = 1.5;

    /// <summary>All runs of five.</summary>
    public double Five { get; init; } = 1.5;

    /// <summary>Factor of English stop words, which have no runs.</summary>
    public double StopWord { get; init; } = 0.5;

    /// <summary>Words shorter than this count less, in proportion: short words are common ones. 0 or 1: all count alike.</summary>
    public int FullLength { get; init; } = 5;
}
