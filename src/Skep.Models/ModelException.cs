namespace Skep.Models;

/// <summary>What went wrong with a call of a model. The kind decides whether, and when, it is worth another try.</summary>
public enum ModelFault
{
    /// <summary>Too many requests or tokens (429). The whole provider slows down.</summary>
    RateLimited,

    /// <summary>The provider is overloaded (529, 503). The whole provider slows down.</summary>
    Overloaded,

    /// <summary>The provider failed (other 5xx).</summary>
    ServerError,

    /// <summary>Nobody answers at its address, or the connection broke before anything came.</summary>
    Unreachable,

    /// <summary>A stream ended in the middle of an answer.</summary>
    StreamDropped,

    /// <summary>Nothing came for as long as is waited.</summary>
    TimedOut,

    /// <summary>What came is not what the wire format says.</summary>
    Malformed,

    /// <summary>The key is missing or wrong (401).</summary>
    Unauthorized,

    /// <summary>The key may not do this (403).</summary>
    Forbidden,

    /// <summary>There is no such model or address (404).</summary>
    NotFound,

    /// <summary>The conversation is longer than the model's window.</summary>
    ContextTooLong,

    /// <summary>The provider will not take this request (other 4xx).</summary>
    BadRequest,

    /// <summary>The provider refuses to answer this (content filter, refusal).</summary>
    Filtered,

    /// <summary>The circuit of the provider is open: it failed too often just now.</summary>
    CircuitOpen,
}

/// <summary>A call of a model failed.</summary>
/// <param name="fault">What went wrong.</param>
/// <param name="message">What, where and how to fix it, for people; without keys.</param>
/// <param name="inner">What caused it.</param>
public sealed class ModelException(ModelFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong.</summary>
    public ModelFault Fault { get; } = fault;

    /// <summary>HTTP status, if there was one.</summary>
    public int? Status { get; init; }

    /// <summary>How long the provider asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider's id of the request, for its support; null when it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>What the provider said about its limits beside the failure; null when nothing.</summary>
    public RateLimits? RateLimits { get; init; }

    /// <summary>Tokens that are known to have been taken before the call failed; null when nobody knows.</summary>
    public TokenCount? Used { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient => Fault is ModelFault.RateLimited or ModelFault.Overloaded or ModelFault.ServerError or ModelFault.Unreachable
        or ModelFault.StreamDropped or ModelFault.TimedOut or ModelFault.CircuitOpen;

    /// <summary>Whether the provider as a whole is to be left alone for a while.</summary>
    public bool SlowsProvider => Fault is ModelFault.RateLimited or ModelFault.Overloaded;
}
