using Skep.Agents.Budgets;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Agents.Queries;

/// <summary>What the logs of a run tell of its costs.</summary>
internal static class RunCosts
{
    /// <summary>The report of a run, over or not.</summary>
    /// <param name="state">The run.</param>
    /// <param name="store">The logs of its queries.</param>
    /// <param name="now">The time.</param>
    public static CostReport Of(RunState state, QueryStore store, DateTimeOffset now)
    {
        var run = state.Info!.Run;
        var calls = store.Calls(run);
        var unsure = calls.Where(c => c.Unsure > 0).ToList();
        return CostReport.Of(run, [.. calls.Where(c => c.Unsure == 0).Select(c => RecordOf(run, c))], Forecast(state, calls)) with
        {
            Unsure = unsure.Count == 0 ? null : new UnsureCalls(unsure.Count, unsure.Sum(c => c.Unsure), unsure.Sum(c => c.Usd ?? 0), unsure.Count(c => c.Usd is null)),
            Budgets = Budgets(state, store, state.EndedAt ?? now),
        };
    }

    private static CallRecord RecordOf(string run, CallRow call)
    {
        var slash = call.Model.IndexOf('/', StringComparison.Ordinal);
        return new CallRecord(run, call.Phase, call.Task, call.Spec, slash < 0 ? "" : call.Model[..slash], call.Model[(slash + 1)..], call.Tokens, call.Usd, call.SavedUsd, call.At);
    }

    private static List<BudgetLine> Budgets(RunState state, QueryStore store, DateTimeOffset now)
    {
        var budgets = RunBudgets.Open(store, state.Info!.Run, now, settleOpen: false);
        foreach (var (scope, limit) in PlanLimits.Of(state.Plan)) budgets.Limit(scope, limit);
        var lines = budgets.Book.Lines(now).Where(l => l.Limit is not null);
        // The run's own time is the queen's matter, and begins with the run.
        return [.. lines.Select(l => l.Scope == BudgetScope.Run ? l with { Wall = now - state.StartedAt - state.Downtime } : l)];
    }

    /// <summary>Of the tasks whose agents think; tasks that were settled without an attempt say nothing about others.</summary>
    private static CostForecast? Forecast(RunState state, IReadOnlyList<CallRow> calls)
    {
        if (state.Status.IsEnded()) return null;
        var used = calls.ToLookup(c => c.Task);
        var tasks =
            from node in state.WorkNodes
            where node.Task is not null && state.Agent(node.Task!.Agent)?.Executor == ExecutorKinds.Chat && !(node.Status.IsSettled() && node.Attempts.Count == 0)
            let own = used[node.Key].ToList()
            select new TaskUse(node.Key, node.Task!.Agent!, StateOf(node), own.Sum(c => c.Tokens.Total + c.Unsure), own.Sum(c => c.Usd ?? 0));
        return CostForecast.Of([.. tasks]) is { Remaining: > 0 } forecast ? forecast : null;
    }

    private static TaskUseState StateOf(NodeState node) =>
        node.Status.IsSettled() ? TaskUseState.Finished : node.Attempts.Count > 0 ? TaskUseState.Running : TaskUseState.Waiting;
}
