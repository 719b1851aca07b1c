using Skep.Agents.Budgets;
using Skep.Plans;

namespace Skep.Agents.Queries;

/// <summary>The limits that a plan sets to what its agents use.</summary>
internal static class PlanLimits
{
    /// <summary>All of them, from wide to narrow.</summary>
    public static IEnumerable<(BudgetScope Scope, BudgetLimit Limit)> Of(Plan plan)
    {
        IEnumerable<(BudgetScope Scope, Budget? Budget)> all =
        [
            (BudgetScope.Run, plan.Swarm.Budget),
            .. plan.Phases.Select(p => (new BudgetScope(BudgetScopeKind.Phase, p.Id), p.Budget)),
            .. plan.Agents.Select(a => (new BudgetScope(BudgetScopeKind.Agent, a.Id), a.Budget)),
            .. plan.Tasks.Select(t => (new BudgetScope(BudgetScopeKind.Task, t.Id), t.Budget)),
        ];
        return from entry in all let limit = Of(entry.Budget) where limit is not null select (entry.Scope, limit);
    }

    /// <summary>A budget as a limit; null when nothing is limited.</summary>
    public static BudgetLimit? Of(Budget? budget) =>
        budget is { IsLimited: true } ? new BudgetLimit(budget.Tokens, (decimal?)budget.CostUsd, (int?)budget.Turns, budget.Wall, ActionOf(budget.AtLimit)) : null;

    private static BudgetAction ActionOf(AtLimit atLimit) => atLimit switch
    {
        AtLimit.Pause => BudgetAction.Pause,
        AtLimit.Downgrade => BudgetAction.Downgrade,
        AtLimit.DropTiers => BudgetAction.DropTiers,
        _ => BudgetAction.Fail,
    };
}
