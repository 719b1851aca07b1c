namespace Skep.Models;

/// <summary>Names of what travels in <c>AdditionalProperties</c> and <c>AdditionalCounts</c> beside what Microsoft.Extensions.AI has members for.</summary>
public static class ModelProperties
{
    /// <summary>In the options of a call: a string that is sent as <c>Idempotency-Key</c>.</summary>
    public const string IdempotencyKey = "skep.idempotency_key";

    /// <summary>In the first update of an answer: the provider's id of the request (a string), for its support.</summary>
    public const string RequestId = "skep.request_id";

    /// <summary>In the first update of an answer: the provider's <see cref="Models.RateLimits"/>.</summary>
    public const string RateLimits = "skep.rate_limits";

    /// <summary>In a tool call whose arguments are not a JSON object: their text.</summary>
    public const string RawArguments = "skep.raw_arguments";

    /// <summary>In a tool's result: <c>true</c> when the tool failed. The same as having an exception, but can be stored.</summary>
    public const string IsError = "skep.is_error";

    /// <summary>In the counts of usage: input tokens written to the provider's prompt cache, a part of the input.</summary>
    public const string CacheWriteTokens = "skep.cache_write_tokens";
}
