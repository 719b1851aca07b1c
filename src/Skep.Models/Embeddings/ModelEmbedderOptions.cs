using Skep.Models.Limits;

namespace Skep.Models.Embeddings;

/// <summary>How a <see cref="ModelEmbedder"/> asks its model.</summary>
public sealed record ModelEmbedderOptions
{
    /// <summary>Most texts of a request, 1 to <see cref="OpenAIEmbeddingGenerator.MaxTexts"/>. Default: 128.</summary>
    public int BatchTexts { get; init; } = 128;

    /// <summary>Tokens, by our high guess, after which a request takes no further text; one text may have more. Default: 100,000.</summary>
    public long BatchTokens { get; init; } = 100_000;

    /// <summary>Longest text, in UTF-16 units. Models cut, or refuse, much shorter ones. Default: 1 Mi.</summary>
    public int MaxText { get; init; } = 1 << 20;

    /// <summary>Dimensions that are asked for, of models that can shorten their vectors; null: the model's own.</summary>
    public int? Dimension { get; init; }

    /// <summary>How failed requests are tried again.</summary>
    public CallRetryOptions Retry { get; init; } = new();

    /// <summary>Who asks, for the fair shares of the provider's rate.</summary>
    public string Agent { get; init; } = "embedder";

    /// <summary>The clock of the waiting between tries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal static void Check(ModelEmbedderOptions options)
    {
        if (options.BatchTexts is < 1 or > OpenAIEmbeddingGenerator.MaxTexts)
            throw new ArgumentOutOfRangeException(nameof(options), options.BatchTexts, $"BatchTexts is 1 to {OpenAIEmbeddingGenerator.MaxTexts}.");
        if (options.BatchTokens < 1) throw new ArgumentOutOfRangeException(nameof(options), options.BatchTokens, "BatchTokens is at least 1.");
        if (options.MaxText < 1) throw new ArgumentOutOfRangeException(nameof(options), options.MaxText, "MaxText is at least 1.");
    }
}
