using System.Globalization;
using Skep.Agents.Budgets;

namespace Skep.Agents.Queries;

/// <summary>A limit is raised: what stands in a request's argument as <c>SCOPE RESOURCE AMOUNT</c>, such as <c>run tokens 50000</c>.</summary>
/// <param name="Kind">Whose limit, as seen from a query: its run, its phase, its agent or its task.</param>
/// <param name="Resource">Of what.</param>
/// <param name="Amount">The new limit: tokens, dollars, calls or seconds.</param>
internal sealed record BudgetRaise(BudgetScopeKind Kind, BudgetResource Resource, decimal Amount)
{
    /// <summary>Scopes by name.</summary>
    public static readonly IReadOnlyDictionary<string, BudgetScopeKind> Scopes = new Dictionary<string, BudgetScopeKind>(StringComparer.Ordinal)
    {
        ["run"] = BudgetScopeKind.Run, ["phase"] = BudgetScopeKind.Phase, ["agent"] = BudgetScopeKind.Agent, ["task"] = BudgetScopeKind.Task,
    };

    /// <summary>Resources by name: those of a plan's budgets.</summary>
    public static readonly IReadOnlyDictionary<string, BudgetResource> Resources = new Dictionary<string, BudgetResource>(StringComparer.Ordinal)
    {
        ["tokens"] = BudgetResource.Tokens, ["cost_usd"] = BudgetResource.CostUsd, ["turns"] = BudgetResource.Turns, ["wall"] = BudgetResource.Wall,
    };

    /// <summary>Most that a limit can be raised to.</summary>
    public const decimal MaxAmount = 1_000_000_000_000;

    /// <summary>Name of the resource.</summary>
    public string ResourceName => Resources.First(r => r.Value == Resource).Key;

    /// <summary>Reads an argument.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    public static BudgetRaise? Parse(string? argument, out string? problem)
    {
        var parts = (argument ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        problem = parts.Length != 3 ? "a limit is raised by SCOPE RESOURCE AMOUNT, such as 'run tokens 50000'" : null;
        if (problem is not null) return null;
        if (!Scopes.TryGetValue(parts[0], out var kind)) problem = $"'{parts[0]}' has no budget; one of {string.Join(", ", Scopes.Keys)} has";
        else if (!Resources.TryGetValue(parts[1], out var resource)) problem = $"a budget limits no '{parts[1]}', but {string.Join(", ", Resources.Keys)}";
        else if (!decimal.TryParse(parts[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount <= 0 || amount > MaxAmount) problem = $"'{parts[2]}' is no amount: a number above 0, of tokens, US dollars, calls or seconds";
        else if (resource is BudgetResource.Tokens or BudgetResource.Turns && amount != decimal.Truncate(amount)) problem = $"{parts[1]} are whole numbers, unlike '{parts[2]}'";
        else if (resource == BudgetResource.Turns && amount > int.MaxValue) problem = $"more than {int.MaxValue} turns cannot be counted";
        else return new BudgetRaise(kind, resource, amount);
        return null;
    }

    /// <summary>Whose limit it is, for a query.</summary>
    public BudgetScope ScopeOf(QueryRow query) => Kind switch
    {
        BudgetScopeKind.Run => BudgetScope.Run,
        BudgetScopeKind.Phase => new BudgetScope(Kind, query.Phase),
        BudgetScopeKind.Agent => new BudgetScope(Kind, query.Spec),
        _ => new BudgetScope(Kind, BudgetDesk.TaskOf(query.Task)),
    };

    /// <summary>What the limit is, or null when there is none.</summary>
    public decimal? Of(BudgetLimit limit) => Resource switch
    {
        BudgetResource.Tokens => limit.Tokens,
        BudgetResource.CostUsd => limit.CostUsd,
        BudgetResource.Turns => limit.Turns,
        _ => (decimal?)limit.Wall?.TotalSeconds,
    };

    /// <summary>The limit raised. Never lowered: what was granted stays granted.</summary>
    public BudgetLimit Apply(BudgetLimit limit) => Of(limit) is not { } now || now >= Amount ? limit : Resource switch
    {
        BudgetResource.Tokens => limit with { Tokens = (long)Amount },
        BudgetResource.CostUsd => limit with { CostUsd = Amount },
        BudgetResource.Turns => limit with { Turns = (int)Amount },
        _ => limit with { Wall = TimeSpan.FromSeconds((double)Amount) },
    };
}
