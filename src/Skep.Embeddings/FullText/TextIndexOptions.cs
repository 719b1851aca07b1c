namespace Skep.Embeddings.FullText;

/// <summary>How a <see cref="TextIndex"/> scores, and how large it may get.</summary>
public sealed record TextIndexOptions
{
    /// <summary>BM25's k₁: how much further occurrences of a word add. At least 0; 0: they add nothing. Default: 1.2.</summary>
    public double K1 { get; init; } = 1.2;

    /// <summary>BM25's b: how much long texts are marked down, 0 (not at all) to 1. Default: 0.75.</summary>
    public double B { get; init; } = 0.75;

    /// <summary>Whether English endings are taken off words, so that plurals and tenses meet. Default: yes.</summary>
    public bool Stemming { get; init; } = true;

    /// <summary>Most bytes that the index takes, by its own count of arrays and words. While it is compacted it takes up to twice that. Default: 256 MiB.</summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    internal void Check()
    {
        if (!double.IsFinite(K1) || K1 < 0) throw Wrong($"K1 is {K1}. It is at least 0; 1.2 is usual");
        if (!(B is >= 0 and <= 1)) throw Wrong($"B is {B}. It is from 0 to 1; 0.75 is usual");
        if (MaxBytes < 1) throw Wrong($"MaxBytes is {MaxBytes}. It is at least 1");
    }

    private static EmbeddingException Wrong(string what) => new(EmbeddingFault.BadArgument, "a text index: " + what);
}

/// <summary>A text that was found.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Score">Its BM25 score: above 0, larger is better; comparable only within one answer.</param>
public readonly record struct TextHit(long Key, double Score);
