using Skep.Agents.Budgets;
using Skep.Plans;

namespace Skep.Agents.Queries;

/// <summary>The adaptive optimiser of one query: looks at its calls after each turn, and does what the plan's rules say. Off without rules.</summary>
internal sealed class Optimizer
{
    /// <summary>Below this share of its threshold a metric counts as low again.</summary>
    private const double Clear = 0.8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly AdaptiveOptions _options;
    private readonly IReadOnlyList<OptimizerRule> _rules;
    private readonly MetricWindow _window = new(Window);
    private AdaptiveState _state = AdaptiveState.Empty;

    public Optimizer(OptimizerSpec? spec)
    {
        _rules = spec?.Rules ?? [];
        _options = new AdaptiveOptions { Enabled = _rules.Count > 0, Quiet = TimeSpan.Zero, Rules = [.. _rules.Select((r, i) => RuleOf(r, i))] };
    }

    /// <summary>A call is over. Returns what follows, or null.</summary>
    public QueryEvent? Look(QueryState state, QueryEvent call, int output)
    {
        if (!_options.Enabled || SampleOf(call, state.LastAt) is not { } sample) return null;
        _window.Add(sample);
        (_state, var proposal) = AdaptiveRules.Step(_options, _state, _window.Measure(state.LastAt), state.LastAt);
        if (proposal is null) return null;
        // What was before says nothing about what comes.
        _window.Clear();
        return EventOf(_rules[int.Parse(proposal.Rule, System.Globalization.CultureInfo.InvariantCulture) - 1], proposal, state, output);
    }

    private static QueryEvent? EventOf(OptimizerRule rule, AdaptiveProposal proposal, QueryState state, int output) => rule.Do switch
    {
        OptimizerAction.Pause => new QueryPaused("optimizer", proposal.Reason),
        OptimizerAction.ReduceOutput => new OutputReduced(Math.Max(ChatBudget.LeastOutput, output / 2), "optimizer", proposal.Reason),
        _ => (rule.To ?? ChatBudget.NextModel(state)) is { } model && model != state.Model ? new ModelChanged(state.Model, model, "optimizer", proposal.Reason) : null,
    };

    private static AdaptiveRule RuleOf(OptimizerRule rule, int index)
    {
        // The plan counts milliseconds.
        var above = rule.When.Name == OptimizerMetrics.Latency ? rule.When.Value / 1000 : rule.When.Value;
        return new AdaptiveRule($"{index + 1}", MetricOf(rule.When.Name), above, above * Clear, StepOf(rule)) { Sustained = TimeSpan.Zero, Cooldown = TimeSpan.Zero, MinimumCalls = 3 };
    }

    private static AdaptiveMetric MetricOf(string name) => name switch
    {
        OptimizerMetrics.Latency => AdaptiveMetric.LatencyP50,
        OptimizerMetrics.TokensPerTurn => AdaptiveMetric.TokensPerTurn,
        _ => AdaptiveMetric.ErrorRate,
    };

    private static AdaptiveStep StepOf(OptimizerRule rule) => rule.Do switch
    {
        OptimizerAction.ChangeModel => new AdaptiveStep.ChangeModel(rule.To ?? "the next of the fallbacks"),
        OptimizerAction.ReduceOutput => new AdaptiveStep.ReduceMaxOutput(0.5, ChatBudget.LeastOutput),
        _ => new AdaptiveStep.Pause(),
    };

    private static CallSample? SampleOf(QueryEvent call, DateTimeOffset at) => call switch
    {
        CallAnswered e => new CallSample(at, TimeSpan.FromMilliseconds(e.Ms), e.Tokens.Total, false),
        CallFailed => new CallSample(at, TimeSpan.Zero, 0, true),
        _ => null,
    };
}
