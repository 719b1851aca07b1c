namespace Skep.Testing;

/// <summary>What a server lets through. Limits that are null do not exist.</summary>
public sealed record ScriptLimits
{
    /// <summary>No limits.</summary>
    public static ScriptLimits None { get; } = new();

    /// <summary>Requests in a <see cref="Window"/>; more are answered 429.</summary>
    public int? Requests { get; init; }

    /// <summary>
    /// Tokens in a <see cref="Window"/>. A request needs room for its input (by <see cref="TokenRule"/>) and, once answered, counts with all that it used.
    /// </summary>
    public long? Tokens { get; init; }

    /// <summary>The time that requests and tokens are counted over; it slides.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Who shares the limits.</summary>
    public RateScope Per { get; init; }

    /// <summary>Longest conversation in tokens (by <see cref="TokenRule"/>, input and longest answer); longer ones are refused as the real servers do.</summary>
    public long? ContextTokens { get; init; }
}

/// <summary>Who shares a rate limit.</summary>
public enum RateScope
{
    /// <summary>Everybody who asks this server.</summary>
    Server,

    /// <summary>Requests with the same key.</summary>
    Key,

    /// <summary>Requests of the same agent.</summary>
    Agent,
}
