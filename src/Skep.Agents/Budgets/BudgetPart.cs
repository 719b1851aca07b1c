namespace Skep.Agents.Budgets;

/// <summary>One limited resource of a budget, for reports.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Resource">Of what.</param>
/// <param name="Used">Used: tokens, dollars, calls or seconds.</param>
/// <param name="Reserved">Reserved for calls in flight.</param>
/// <param name="Limit">Most that may be used.</param>
/// <param name="Action">What happens at the limit.</param>
/// <param name="PricesMissing">Some calls have no price.</param>
internal sealed record BudgetPart(BudgetScope Scope, BudgetResource Resource, decimal Used, decimal Reserved, decimal Limit, BudgetAction Action, bool PricesMissing)
{
    /// <summary>The resource as plans write it.</summary>
    public string ResourceName => NameOf(Resource);

    /// <summary>The action as plans write it.</summary>
    public string ActionName => Action switch
    {
        BudgetAction.Pause => "pause",
        BudgetAction.Downgrade => "downgrade",
        BudgetAction.DropTiers => "drop-tiers",
        _ => "fail",
    };

    /// <summary>A resource as plans write it.</summary>
    public static string NameOf(BudgetResource resource) => resource switch
    {
        BudgetResource.Tokens => "tokens",
        BudgetResource.CostUsd => "cost_usd",
        BudgetResource.Turns => "turns",
        _ => "wall",
    };

    /// <summary>The kind of a scope as plans write it.</summary>
    public static string NameOf(BudgetScopeKind kind) => kind switch
    {
        BudgetScopeKind.Run => "run",
        BudgetScopeKind.Phase => "phase",
        BudgetScopeKind.Agent => "agent",
        _ => "task",
    };

    /// <summary>What a budget limits.</summary>
    public static IEnumerable<BudgetPart> Of(BudgetLine line)
    {
        if (line.Limit is not { } limit) yield break;
        BudgetPart Part(BudgetResource resource, decimal used, decimal reserved, decimal most) => new(line.Scope, resource, used, reserved, most, limit.AtLimit, line.PricesMissing);
        if (limit.Tokens is { } tokens) yield return Part(BudgetResource.Tokens, line.Used.Tokens, line.Reserved.Tokens, tokens);
        if (limit.CostUsd is { } usd) yield return Part(BudgetResource.CostUsd, line.Used.CostUsd, line.Reserved.CostUsd, usd);
        if (limit.Turns is { } turns) yield return Part(BudgetResource.Turns, line.Used.Turns, line.Reserved.Turns, turns);
        if (limit.Wall is { } wall) yield return Part(BudgetResource.Wall, (decimal)line.Wall.TotalSeconds, 0, (decimal)wall.TotalSeconds);
    }
}
