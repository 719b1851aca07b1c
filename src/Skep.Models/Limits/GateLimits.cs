namespace Skep.Models.Limits;

/// <summary>What a provider allows. Each limit is optional; what is not known is learned from the provider's refusals and headers.</summary>
/// <param name="RequestsPerMinute">Requests in any minute, 1 to <see cref="MostRequestsPerMinute"/>.</param>
/// <param name="TokensPerMinute">Tokens in any minute, input and output together.</param>
/// <param name="MaxInFlight">Calls at the same time.</param>
public sealed record GateLimits(int? RequestsPerMinute = null, long? TokensPerMinute = null, int? MaxInFlight = null)
{
    /// <summary>Highest limit of requests that is counted; a provider that allows more is treated as one without a limit.</summary>
    public const int MostRequestsPerMinute = 100_000;

    /// <summary>Throws when a limit cannot be kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is below 1 or above what is counted; the message names it.</exception>
    internal void Check()
    {
        if (RequestsPerMinute is < 1 or > MostRequestsPerMinute)
            throw Bad(nameof(RequestsPerMinute), RequestsPerMinute, $"must be 1 to {MostRequestsPerMinute}; leave it out if the provider has no such limit");
        if (TokensPerMinute is < 1) throw Bad(nameof(TokensPerMinute), TokensPerMinute, "must be at least 1; leave it out if the provider has no such limit");
        if (MaxInFlight is < 1) throw Bad(nameof(MaxInFlight), MaxInFlight, "must be at least 1; leave it out for no limit");
    }

    private static ArgumentOutOfRangeException Bad(string name, object? value, string rule) => new(name, value, $"{name} {rule}.");
}

/// <summary>What a provider's rate-limit headers said of one resource. Anything may be missing.</summary>
/// <param name="Limit">What is allowed in a minute.</param>
/// <param name="Remaining">What is left of it.</param>
/// <param name="Reset">Time until nothing of it counts as used any more.</param>
public readonly record struct RateHint(long? Limit, long? Remaining = null, TimeSpan? Reset = null);
