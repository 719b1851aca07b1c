using System.Collections.Immutable;

namespace Skep.Agents.Budgets;

/// <summary>What the rules remember of a query.</summary>
/// <param name="Rules">Of each rule that has seen its metric high or has acted.</param>
/// <param name="LastAction">When any of them acted.</param>
/// <param name="Actions">How often.</param>
public sealed record AdaptiveState(ImmutableDictionary<string, RuleMemory> Rules, DateTimeOffset? LastAction, int Actions)
{
    /// <summary>Nothing was seen yet.</summary>
    public static AdaptiveState Empty { get; } = new(ImmutableDictionary<string, RuleMemory>.Empty, null, 0);
}

/// <summary>What is remembered of a rule.</summary>
/// <param name="HighSince">Since when its metric is high; null: it is not.</param>
/// <param name="Acted">It acted, and the metric was not low since.</param>
/// <param name="LastActed">When it acted last.</param>
public sealed record RuleMemory(DateTimeOffset? HighSince, bool Acted, DateTimeOffset? LastActed);

/// <summary>Decides what the adaptive optimiser proposes. Pure: the same inputs give the same proposal, so a log that records them tells why.</summary>
public static class AdaptiveRules
{
    private static readonly RuleMemory Nothing = new(null, false, null);

    /// <summary>Looks at new metrics.</summary>
    /// <returns>What to remember, and what to do; null: nothing.</returns>
    public static (AdaptiveState State, AdaptiveProposal? Proposal) Step(AdaptiveOptions options, AdaptiveState state, QueryMetrics metrics, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(metrics);
        if (!options.Enabled) return (state, null);
        foreach (var rule in options.Rules) state = state with { Rules = state.Rules.SetItem(rule.Name, Watch(rule, state.Rules.GetValueOrDefault(rule.Name, Nothing), metrics, now)) };
        if (state.Actions >= options.MostActions || now - state.LastAction < options.Quiet) return (state, null);
        return options.Rules.FirstOrDefault(r => IsDue(r, state.Rules[r.Name], now)) is { } due ? Act(due, state, metrics, now) : (state, null);
    }

    /// <summary>Above: high. Below the lower mark: low, and the rule may act again. Between: as it was, but not high for longer.</summary>
    private static RuleMemory Watch(AdaptiveRule rule, RuleMemory memory, QueryMetrics metrics, DateTimeOffset now)
    {
        if (metrics.Calls < rule.MinimumCalls || metrics.Value(rule.Metric) is not { } value) return memory with { HighSince = null };
        if (value > rule.Above) return memory with { HighSince = memory.HighSince ?? now };
        return memory with { HighSince = null, Acted = memory.Acted && value >= rule.ClearBelow };
    }

    private static bool IsDue(AdaptiveRule rule, RuleMemory memory, DateTimeOffset now) =>
        memory is { HighSince: { } since, Acted: false } && now - since >= rule.Sustained && !(now - memory.LastActed < rule.Cooldown);

    private static (AdaptiveState, AdaptiveProposal?) Act(AdaptiveRule rule, AdaptiveState state, QueryMetrics metrics, DateTimeOffset now)
    {
        var memory = state.Rules[rule.Name];
        var reason = $"{Measured(rule.Metric, metrics)} over {metrics.Calls} calls, above {Amount(rule.Metric, rule.Above)} for {(now - memory.HighSince!.Value).TotalSeconds:0} s (rule '{rule.Name}'): {Words(rule.Do)}.";
        var next = state with
        {
            Rules = state.Rules.SetItem(rule.Name, new(null, true, now)),
            LastAction = now,
            Actions = state.Actions + 1,
        };
        return (next, new(rule.Name, rule.Do, reason));
    }

    private static string Measured(AdaptiveMetric metric, QueryMetrics metrics)
    {
        var value = Amount(metric, metrics.Value(metric) ?? 0);
        return metric switch
        {
            AdaptiveMetric.LatencyP50 => $"the median call took {value}",
            AdaptiveMetric.TokensPerTurn => $"a call took {value} on average",
            _ => $"{value} of calls failed",
        };
    }

    private static string Amount(AdaptiveMetric metric, double value) => metric switch
    {
        AdaptiveMetric.LatencyP50 => $"{value:0.0} s",
        AdaptiveMetric.TokensPerTurn => $"{value:0} tokens",
        _ => $"{value * 100:0} %",
    };

    private static string Words(AdaptiveStep step) => step switch
    {
        AdaptiveStep.ChangeModel change => $"the next call goes to {change.Model}",
        AdaptiveStep.ReduceMaxOutput reduce => $"answers may be {reduce.Factor * 100:0} % as long as now, not below {reduce.NotBelow} tokens",
        AdaptiveStep.SlowDown slow => $"each call waits {slow.Delay.TotalSeconds:0.#} s",
        _ => "the query pauses",
    };
}
