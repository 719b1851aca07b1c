using Microsoft.Extensions.AI;
using Skep.Models.Limits;

namespace Skep.Models;

/// <summary>Finds what answers under a model's name. The seam for hosts that bring their own <see cref="IChatClient"/>.</summary>
public interface IModelSource
{
    /// <summary>The route to a model. Asked before every call, so that a changed model answers the next one. Thread-safe and quick.</summary>
    /// <param name="model">As a plan names it: <c>provider/model</c>, or a bare model name of the default provider.</param>
    /// <exception cref="ModelException">There is no such provider, or it has no key.</exception>
    ModelRoute Resolve(string model);
}

/// <summary>How to reach a model.</summary>
/// <param name="Provider">Name of the provider: what shares rate limits and a circuit breaker.</param>
/// <param name="Model">The model's name at the provider.</param>
/// <param name="Client">Speaks the provider's wire format. Throws <see cref="ModelException"/>.</param>
/// <param name="Gate">Shared by all agents of the provider.</param>
public sealed record ModelRoute(string Provider, string Model, IChatClient Client, IProviderGate Gate)
{
    /// <summary>Window that is counted on when nothing is known, in tokens.</summary>
    public const int DefaultContextTokens = 128_000;

    /// <summary>What it costs; null when unknown.</summary>
    public ModelPrice? Price { get; init; }

    /// <summary>Input and output that fit, in tokens.</summary>
    public int ContextTokens { get; init; } = DefaultContextTokens;

    /// <summary>Longest answer in tokens; null: the provider's own.</summary>
    public int? MaxOutputTokens { get; init; }
}

/// <summary>Prices in US dollars for a million tokens.</summary>
/// <param name="Input">Input that is not from a cache.</param>
/// <param name="Output">Output.</param>
/// <param name="CacheRead">Input that is read from the provider's prompt cache; null: as other input.</param>
/// <param name="CacheWrite">Input that is written to it; null: as other input.</param>
public sealed record ModelPrice(decimal Input, decimal Output, decimal? CacheRead = null, decimal? CacheWrite = null)
{
    private const decimal Million = 1_000_000m;

    /// <summary>Dollars for a call.</summary>
    public decimal Of(in TokenCount tokens) =>
        (tokens.Input * Input + tokens.Output * Output + tokens.CacheRead * (CacheRead ?? Input) + tokens.CacheWrite * (CacheWrite ?? Input)) / Million;

    /// <summary>Dollars that the cache saved: what the same call would have cost without it, less what it cost. Negative when writing cost more.</summary>
    public decimal SavedBy(in TokenCount tokens) => Of(new TokenCount(tokens.Input + tokens.CacheRead + tokens.CacheWrite, tokens.Output)) - Of(tokens);
}

/// <summary>Tokens of a call. The four kinds do not overlap.</summary>
/// <param name="Input">Input that was neither read from nor written to a cache.</param>
/// <param name="Output">Output, reasoning included.</param>
/// <param name="CacheRead">Input read from the prompt cache.</param>
/// <param name="CacheWrite">Input written to the prompt cache.</param>
public readonly record struct TokenCount(long Input, long Output, long CacheRead = 0, long CacheWrite = 0)
{
    /// <summary>Most tokens of a kind that are believed of one call. What is more is a provider's mistake, and sums of it would not be numbers any more.</summary>
    public const long MostOfKind = 1_000_000_000;

    /// <summary>All of them.</summary>
    public long Total => Input + Output + CacheRead + CacheWrite;

    /// <summary>
    /// Counts what a client reported. Microsoft.Extensions.AI counts cached input as a part of all input, and so do our clients with
    /// <see cref="ModelProperties.CacheWriteTokens"/>; here the kinds are apart.
    /// </summary>
    public static TokenCount FromUsage(UsageDetails usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        var read = Bounded(usage.CachedInputTokenCount ?? 0);
        var write = usage.AdditionalCounts is { } more && more.TryGetValue(ModelProperties.CacheWriteTokens, out var count) ? Bounded(count) : 0;
        return new(Bounded(Bounded(usage.InputTokenCount ?? 0) - read - write), Bounded(usage.OutputTokenCount ?? 0), read, write);
    }

    private static long Bounded(long count) => Math.Clamp(count, 0, MostOfKind);

    /// <summary>Adds up.</summary>
    public static TokenCount operator +(TokenCount a, TokenCount b) =>
        new(a.Input + b.Input, a.Output + b.Output, a.CacheRead + b.CacheRead, a.CacheWrite + b.CacheWrite);
}
