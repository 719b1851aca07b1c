using System.Globalization;
using Skep.Plans;

namespace Skep.Orchestration;

internal sealed partial class Decider
{
    private const double Unlimited = double.PositiveInfinity;

    /// <summary>
    /// Drops tiers, lowest first, while the forecast for what is left exceeds what is left of a budget; ends the run when one is used up.
    /// The forecast is deliberately plain: known estimates, else the mean so far, spread over all agents.
    /// </summary>
    private void WatchBudget()
    {
        var budget = state.Plan.Swarm.Budget;
        if (state.Status is not (RunStatus.Running or RunStatus.Paused)) return;
        Watch("wall", budget.Wall?.TotalSeconds ?? Unlimited, (now - state.StartedAt - state.Downtime).TotalSeconds, tier => state.Usage.WaitingSeconds(tier) / state.MaxConcurrency);
        Watch(Usage.TokensMetric, budget.Tokens ?? Unlimited, state.Usage.Tokens, tier => PerTask(state.Usage.Tokens) * state.Usage.WaitingTasks(tier));
        Watch(Usage.CostMetric, budget.CostUsd ?? Unlimited, state.Usage.CostUsd, tier => PerTask(state.Usage.CostUsd) * state.Usage.WaitingTasks(tier));
    }

    private double PerTask(double used) => state.Usage.Ended == 0 ? 0 : used / state.Usage.Ended;

    private void Watch(string resource, double limit, double used, Func<Tier, double> forecast)
    {
        if (double.IsInfinity(limit) || state.Status is not (RunStatus.Running or RunStatus.Paused) || state.OpenNodes == 0) return;
        var atLimit = state.Plan.Swarm.Budget.AtLimit;
        // Who calls models asks before each call, and does then what the plan says; time passes unasked.
        if (atLimit is AtLimit.Pause or AtLimit.Downgrade && resource != "wall") return;
        if (used >= limit)
        {
            StopRun("queen", StopReason.Budget, $"budget {resource} is used up: {Number(used)} of {Number(limit)}");
            return;
        }

        if (atLimit != AtLimit.DropTiers) return;
        for (var tier = Tier.Experimental; tier > Tier.Critical; tier--)
        {
            var expected = forecast(tier);
            if (used + expected <= limit) return;
            if (state.Usage.WaitingIn(tier) > 0) Drop(tier, resource, $"budget {resource}: {Number(used)} of {Number(limit)} used, {Number(expected)} more expected");
        }
    }

    private void Drop(Tier tier, string resource, string reason)
    {
        var keys = state.Nodes
            .Where(n => n.Task is not null && n.Items is null && n.EffectiveTier == tier && (n.Status is TaskStatus.Pending or TaskStatus.Ready))
            .Select(n => n.Key).ToList();
        foreach (var chunk in keys.Chunk(MaxKeysPerEvent))
            Emit(new TierDropped(tier, resource, reason, chunk));
    }

    private static string Number(double value) => Math.Round(value, value < 10 ? 2 : 0).ToString(CultureInfo.InvariantCulture);
}
