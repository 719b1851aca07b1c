using System.Collections.Concurrent;
using Skep.Agents.Budgets;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Agents.Queries;

/// <summary>The budget books of the runs that are worked on in this process.</summary>
internal sealed class BudgetDesk(QueryStore store, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Lazy<RunBudgets>> _runs = new(StringComparer.Ordinal);

    /// <summary>The budgets of an attempt. A run's book begins with what its log tells.</summary>
    public ChatBudget For(AttemptRequest request)
    {
        var task = TaskOf(request.TaskId);
        var budgets = _runs.GetOrAdd(request.RunId, run => new Lazy<RunBudgets>(() => RunBudgets.Open(store, run, settleOpen: true))).Value;
        if (request.Chat is { } brief)
        {
            budgets.Limit(BudgetScope.Run, PlanLimits.Of(WithoutTime(brief.RunBudget)));
            budgets.Limit(new BudgetScope(BudgetScopeKind.Phase, request.Phase), PlanLimits.Of(brief.PhaseBudget));
            budgets.Limit(new BudgetScope(BudgetScopeKind.Agent, request.Agent.Id), PlanLimits.Of(brief.AgentBudget));
            budgets.Limit(new BudgetScope(BudgetScopeKind.Task, task), PlanLimits.Of(brief.TaskBudget));
        }

        return new ChatBudget(budgets.Book, request, task, time);
    }

    /// <summary>Raises a limit of a run's plan.</summary>
    /// <param name="plan">The plan of the query's run.</param>
    /// <param name="query">A query that counts in it.</param>
    /// <param name="raise">What is raised.</param>
    /// <returns>What came of it; the caller makes it durable.</returns>
    public string Raise(Plan plan, QueryRow query, BudgetRaise raise)
    {
        var scope = raise.ScopeOf(query);
        var planned = PlanLimits.Of(plan).FirstOrDefault(l => l.Scope == scope).Limit;
        if (planned is null || raise.Of(planned) is null) return $"refused: the plan limits no {raise.ResourceName} of {scope}";
        // The queen ends the run at this one, whatever is granted here.
        if (scope == BudgetScope.Run && (raise.Resource == BudgetResource.Wall || planned.AtLimit is BudgetAction.Fail or BudgetAction.DropTiers))
            return $"refused: the run ends at its limit of {raise.ResourceName}; only the tokens, cost_usd and turns of a run whose budget has 'at_limit: pause' or 'downgrade' can be raised";
        var now = raise.Of((_runs.TryGetValue(query.Run, out var live) ? live.Value : RunBudgets.Open(store, query.Run, settleOpen: true)).Raised(scope, planned))!.Value;
        if (raise.Amount <= now) return $"refused: the limit of {raise.ResourceName} of {scope} is {now} already, and can only be raised";
        live?.Value.Raise(scope, raise, scope == BudgetScope.Run ? planned with { Wall = null } : planned);
        return $"{raise.ResourceName} of {scope}: {raise.Amount} instead of {now}; what was paused goes on with 'skep query resume'";
    }

    /// <summary>The task without the item of a fan-out.</summary>
    public static string TaskOf(string key) => key.EndsWith(']') && key.LastIndexOf('[') is > 0 and var at ? key[..at] : key;

    /// <summary>The queen watches the run's time.</summary>
    private static Budget? WithoutTime(Budget? budget) => budget is null ? null : budget with { Wall = null };
}
