namespace Skep.Agents.Budgets;

/// <summary>Most that may be used. What is null is not limited.</summary>
/// <param name="Tokens">Tokens of all kinds.</param>
/// <param name="CostUsd">US dollars.</param>
/// <param name="Turns">Calls of a model.</param>
/// <param name="Wall">Time since the scope's first call, without what was excluded.</param>
/// <param name="AtLimit">What happens when a call would go beyond.</param>
public sealed record BudgetLimit(
    long? Tokens = null, decimal? CostUsd = null, int? Turns = null, TimeSpan? Wall = null, BudgetAction AtLimit = BudgetAction.Pause)
{
    /// <summary>Throws when a limit is negative.</summary>
    internal void Check(BudgetScope scope)
    {
        if (Tokens < 0 || CostUsd < 0 || Turns < 0 || Wall < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(scope), this, $"The budget of {scope} has a negative limit. A limit is zero or more; leave out what is not limited.");
    }
}

/// <summary>What happens when a budget is used up.</summary>
public enum BudgetAction
{
    /// <summary>The work stops and a person is asked.</summary>
    Pause,

    /// <summary>The call is made with a cheaper model.</summary>
    Downgrade,

    /// <summary>Tasks of lower tiers are dropped, so that what matters more can go on.</summary>
    DropTiers,

    /// <summary>The scope fails.</summary>
    Fail,
}

/// <summary>What a budget limits.</summary>
public enum BudgetResource
{
    /// <summary>Tokens of all kinds.</summary>
    Tokens,

    /// <summary>US dollars.</summary>
    CostUsd,

    /// <summary>Calls of a model.</summary>
    Turns,

    /// <summary>Seconds.</summary>
    Wall,
}

/// <summary>What a budget belongs to, from wide to narrow.</summary>
public enum BudgetScopeKind
{
    /// <summary>The whole run.</summary>
    Run,

    /// <summary>A phase.</summary>
    Phase,

    /// <summary>An agent spec: all agents that are made from it.</summary>
    Agent,

    /// <summary>A task: all its attempts.</summary>
    Task,
}

/// <summary>One holder of a budget.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which; empty for the run.</param>
public readonly record struct BudgetScope(BudgetScopeKind Kind, string Name)
{
    /// <summary>The run.</summary>
    public static BudgetScope Run { get; } = new(BudgetScopeKind.Run, "");

    /// <inheritdoc />
    public override string ToString() => Kind switch
    {
        BudgetScopeKind.Run => "the run",
        BudgetScopeKind.Phase => $"phase '{Name}'",
        BudgetScopeKind.Agent => $"agent '{Name}'",
        _ => $"task '{Name}'",
    };
}
