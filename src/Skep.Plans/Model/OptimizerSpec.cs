namespace Skep.Plans;

/// <summary>Rules that act on running queries by what is measured of them (<c>optimizer:</c>).</summary>
/// <param name="Rules">The rules, in the order in which they are looked at.</param>
public sealed record OptimizerSpec(IReadOnlyList<OptimizerRule> Rules);

/// <summary>A rule: when a query's metric is beyond a threshold, something is done to that query.</summary>
/// <param name="When">The condition; its name is one of <see cref="OptimizerMetrics"/>.</param>
/// <param name="Do">What is done.</param>
/// <param name="To">For <see cref="OptimizerAction.ChangeModel"/>: the model; null: the next of the agent's fallbacks.</param>
/// <param name="At">Position.</param>
public sealed record OptimizerRule(MetricCheck When, OptimizerAction Do, string? To, SourceSpan At = default);

/// <summary>What an optimizer may do to a query.</summary>
public enum OptimizerAction
{
    /// <summary>Another model answers from the next turn on.</summary>
    ChangeModel,

    /// <summary>The most that the model may answer in one call is lowered.</summary>
    ReduceOutput,

    /// <summary>The query is paused, and a person decides.</summary>
    Pause,
}

/// <summary>What an optimizer can look at, of one query.</summary>
public static class OptimizerMetrics
{
    /// <summary>Time from the request to the end of the answer, in milliseconds.</summary>
    public const string Latency = "latency_ms";

    /// <summary>Tokens of one turn, in and out.</summary>
    public const string TokensPerTurn = "tokens_per_turn";

    /// <summary>Share of calls that failed, 0 to 1.</summary>
    public const string ErrorRate = "error_rate";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Latency, TokensPerTurn, ErrorRate];
}
