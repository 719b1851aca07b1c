namespace Skep.Agents.Budgets;

/// <summary>The adaptive optimiser of a query's calls. Off unless a host turns it on.</summary>
public sealed record AdaptiveOptions
{
    /// <summary>Whether anything is proposed at all.</summary>
    public bool Enabled { get; init; }

    /// <summary>What is looked at, in this order; at most one acts at a time.</summary>
    public IReadOnlyList<AdaptiveRule> Rules { get; init; } = [];

    /// <summary>After an action nothing is proposed for this long. At least the window of the metrics, so that the next decision is about calls after the action.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most actions in one query; after them nothing is proposed any more.</summary>
    public int MostActions { get; init; } = 10;
}

/// <summary>When a metric stays high, do something. The rule acts once, and again only after the metric was low in between.</summary>
/// <param name="Name">Its name, for the reason and for its memory; unique among the rules.</param>
/// <param name="Metric">What is looked at.</param>
/// <param name="Above">High is above this: seconds, tokens, or a share from 0 to 1.</param>
/// <param name="ClearBelow">Low is below this. Not above <paramref name="Above"/>; the gap between the two keeps it from flapping.</param>
/// <param name="Do">What is done.</param>
public sealed record AdaptiveRule(string Name, AdaptiveMetric Metric, double Above, double ClearBelow, AdaptiveStep Do)
{
    /// <summary>How long it must stay high before the rule acts.</summary>
    public TimeSpan Sustained { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Least time between two actions of the rule.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Fewer calls than this in the window say nothing.</summary>
    public int MinimumCalls { get; init; } = 5;
}

/// <summary>What a rule looks at.</summary>
public enum AdaptiveMetric
{
    /// <summary>Median time of the calls that were answered, in seconds.</summary>
    LatencyP50,

    /// <summary>Mean tokens of the calls that were answered.</summary>
    TokensPerTurn,

    /// <summary>Share of calls that failed.</summary>
    ErrorRate,
}

/// <summary>What can be done to a query.</summary>
public abstract record AdaptiveStep
{
    private AdaptiveStep()
    {
    }

    /// <summary>The next call goes to another model.</summary>
    /// <param name="Model">As a plan names it.</param>
    public sealed record ChangeModel(string Model) : AdaptiveStep;

    /// <summary>Answers may be at most this share of what they may be now.</summary>
    /// <param name="Factor">Above 0, below 1.</param>
    /// <param name="NotBelow">Tokens that are left in any case.</param>
    public sealed record ReduceMaxOutput(double Factor, int NotBelow = 256) : AdaptiveStep;

    /// <summary>Each further call waits before it asks for a turn.</summary>
    /// <param name="Delay">How long.</param>
    public sealed record SlowDown(TimeSpan Delay) : AdaptiveStep;

    /// <summary>The query pauses, and a person is asked.</summary>
    public sealed record Pause : AdaptiveStep;
}

/// <summary>What is to be done, and why.</summary>
/// <param name="Rule">The rule that wants it.</param>
/// <param name="Do">What.</param>
/// <param name="Reason">Why, for people: the metric, what it was and what is too much.</param>
public sealed record AdaptiveProposal(string Rule, AdaptiveStep Do, string Reason);
