namespace Skep.Models;

/// <summary>What a provider says about its limits in the headers of an answer. Null: it did not say.</summary>
public sealed record RateLimits
{
    /// <summary>Requests that are allowed in the provider's period (usually a minute).</summary>
    public long? RequestLimit { get; init; }

    /// <summary>Requests that are left of it.</summary>
    public long? RequestsLeft { get; init; }

    /// <summary>Until all requests are allowed again.</summary>
    public TimeSpan? RequestsReset { get; init; }

    /// <summary>Tokens that are allowed in the period. Where input and output are limited apart: of input.</summary>
    public long? TokenLimit { get; init; }

    /// <summary>Tokens that are left of it.</summary>
    public long? TokensLeft { get; init; }

    /// <summary>Until all tokens are allowed again.</summary>
    public TimeSpan? TokensReset { get; init; }
}

/// <summary>Hears what providers say about their limits. A gate that is one gets every answer's.</summary>
public interface IRateLimitObserver
{
    /// <summary>An answer, good or bad, had these headers. Thread-safe and quick.</summary>
    void Observe(RateLimits limits);
}
