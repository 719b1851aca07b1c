namespace Skep.Models.Limits;

/// <summary>How a <see cref="ProviderGate"/> behaves. All times are at least zero.</summary>
public sealed record GateOptions
{
    /// <summary>What the provider is known to allow.</summary>
    public GateLimits Limits { get; init; } = new();

    /// <summary>Most calls that wait for a turn; one more is refused at once.</summary>
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>
    /// Longest that a request takes from here to where the provider counts it. A place in the minute is given again that much later, so that one
    /// request that was slow under way and one that was quick do not meet in the same minute over there.
    /// </summary>
    public TimeSpan Delivery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>First wait after a refusal that does not say how long to wait; it doubles with each refused probe.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest such wait.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A provider that asks for a longer wait than this gets one probe after this.</summary>
    public TimeSpan LongestHold { get; init; } = TimeSpan.FromHours(1);

    /// <summary>When the circuit opens.</summary>
    public BreakerOptions Breaker { get; init; } = new();

    /// <summary>Where jitter comes from: equal seeds wait equally long.</summary>
    public int Seed { get; init; }
}

/// <summary>When a provider's circuit opens: if of at least <see cref="MinimumCalls"/> calls within <see cref="Window"/> a share of <see cref="FailureRatio"/> failed.</summary>
public sealed record BreakerOptions
{
    /// <summary>Share of failed calls that opens the circuit: above 0, to 1.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>Fewer calls than this within the window open nothing; at least 2.</summary>
    public int MinimumCalls { get; init; } = 5;

    /// <summary>How far back calls count; at least half a second.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the circuit stays open the first time; at least half a second. It doubles each time that the probe fails.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest that it stays open.</summary>
    public TimeSpan LongestBreak { get; init; } = TimeSpan.FromMinutes(5);
}
