namespace Skep.Testing;

/// <summary>What the rate limit of a server did to those who asked.</summary>
public sealed record RateStatistics
{
    /// <summary>Requests that were let in.</summary>
    public long Allowed { get; init; }

    /// <summary>Requests that were refused.</summary>
    public long Refused { get; init; }

    /// <summary>Requests for a turn that had been refused the time before as well.</summary>
    public long RefusedTwiceInARow { get; init; }

    /// <summary>Requests that came before the time that a refusal had told their sender.</summary>
    public long CameTooEarly { get; init; }

    /// <summary>By agent; those that nobody names are counted under the empty name.</summary>
    public IReadOnlyDictionary<string, CallerStatistics> Agents { get; init; } = new Dictionary<string, CallerStatistics>(StringComparer.Ordinal);

    /// <summary>By key, as it came; requests without one under the empty name.</summary>
    public IReadOnlyDictionary<string, CallerStatistics> Keys { get; init; } = new Dictionary<string, CallerStatistics>(StringComparer.Ordinal);
}

/// <summary>What the rate limit did to one of those who asked.</summary>
/// <param name="Allowed">Requests that were let in.</param>
/// <param name="Refused">Requests that were refused.</param>
/// <param name="LongestRefusedRow">Most refusals without a request let in between.</param>
public sealed record CallerStatistics(long Allowed, long Refused, int LongestRefusedRow);
