namespace Skep.Agents.Budgets;

/// <summary>A call of a model that is about to be made. Each try of a call is one of its own, with its own key.</summary>
/// <param name="Key">Unique in the run.</param>
/// <param name="Phase">Phase of its task.</param>
/// <param name="Agent">The agent spec.</param>
/// <param name="Task">Its task.</param>
public sealed record BudgetCall(string Key, string Phase, string Agent, string Task)
{
    /// <summary>What it counts against, from wide to narrow.</summary>
    internal IEnumerable<BudgetScope> Scopes =>
    [
        BudgetScope.Run, new(BudgetScopeKind.Phase, Phase), new(BudgetScopeKind.Agent, Agent), new(BudgetScopeKind.Task, Task),
    ];
}

/// <summary>Tokens and what they cost.</summary>
/// <param name="Tokens">Tokens of all kinds. Of an estimate: the input, and the longest output that is possible.</param>
/// <param name="CostUsd">US dollars; null: the price is unknown, and the cost is not counted.</param>
public readonly record struct BudgetAmount(long Tokens, decimal? CostUsd);

/// <summary>What was used.</summary>
/// <param name="Tokens">Tokens of all kinds.</param>
/// <param name="CostUsd">US dollars, as far as prices are known.</param>
/// <param name="Turns">Calls.</param>
public readonly record struct BudgetUse(long Tokens, decimal CostUsd, int Turns)
{
    /// <summary>With one call more.</summary>
    internal BudgetUse Plus(BudgetAmount amount) => new(Tokens + amount.Tokens, CostUsd + (amount.CostUsd ?? 0), Turns + 1);

    /// <summary>With one call less.</summary>
    internal BudgetUse Minus(BudgetAmount amount) => new(Tokens - amount.Tokens, CostUsd - (amount.CostUsd ?? 0), Turns - 1);
}

/// <summary>What a scope has left. Null: not limited. Negative when more was used than expected.</summary>
/// <param name="Tokens">Tokens.</param>
/// <param name="CostUsd">US dollars.</param>
/// <param name="Turns">Calls.</param>
public readonly record struct BudgetLeft(long? Tokens, decimal? CostUsd, int? Turns);

/// <summary>Whether a call may be made.</summary>
/// <param name="Refusals">Which limits it would go beyond, the widest scope's first; empty: it may, and is reserved.</param>
/// <param name="PriceUnknown">Warning: its price is unknown, so a budget of money does not see it.</param>
public sealed record BudgetVerdict(IReadOnlyList<BudgetRefusal> Refusals, bool PriceUnknown)
{
    /// <summary>Whether it may.</summary>
    public bool Granted => Refusals.Count == 0;

    /// <summary>What is to be done about it: what the widest exhausted scope says; null when granted.</summary>
    public BudgetAction? Action => Refusals.Count == 0 ? null : Refusals[0].Action;
}

/// <summary>A limit that a call would go beyond. Amounts are tokens, dollars, calls or seconds, as the resource says.</summary>
/// <param name="Scope">Whose budget.</param>
/// <param name="Resource">Of what.</param>
/// <param name="Used">Used by calls that are over.</param>
/// <param name="Reserved">Reserved for calls in flight.</param>
/// <param name="Asked">What the call may need.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Action">What the plan says to do.</param>
public sealed record BudgetRefusal(
    BudgetScope Scope, BudgetResource Resource, decimal Used, decimal Reserved, decimal Asked, decimal Limit, BudgetAction Action)
{
    private string Unit => Resource switch
    {
        BudgetResource.Tokens => " tokens",
        BudgetResource.CostUsd => " US dollars",
        BudgetResource.Turns => " model calls",
        _ => " seconds",
    };

    /// <summary>The same for people, with what they can do.</summary>
    public override string ToString()
    {
        var reserved = Reserved > 0 ? $", and {Amount(Reserved)} are reserved for calls in flight" : "";
        var asked = Resource == BudgetResource.Wall ? "" : $" The next call may need {Amount(Asked)}.";
        var state = Used >= Limit ? "is used up" : "has no room for the next call";
        return $"The budget of {Scope} {state}: {Amount(Used)} of {Amount(Limit)}{Unit} used{reserved}.{asked} {Advice}";
    }

    private string Advice => Action == BudgetAction.Pause
        ? $"'skep query budget QUERY {BudgetPart.NameOf(Scope.Kind)} {BudgetPart.NameOf(Resource)} AMOUNT' raises it, and 'skep query resume QUERY' goes on."
        : $"Raise '{BudgetPart.NameOf(Resource)}' of its 'budget' in the plan, or let calls take less ('limits: {{ output_tokens: … }}').";

    private string Amount(decimal amount) => Resource == BudgetResource.CostUsd ? $"{amount:0.####}" : $"{amount:0}";
}
