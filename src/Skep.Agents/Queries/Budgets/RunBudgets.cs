using Skep.Agents.Budgets;

namespace Skep.Agents.Queries;

/// <summary>The budget book of one run, with the limits that people have raised. Thread-safe.</summary>
internal sealed class RunBudgets
{
    private readonly Lock _lock = new();
    private readonly List<(BudgetScope Scope, BudgetRaise Raise)> _raises;

    private RunBudgets(IEnumerable<(BudgetScope, BudgetRaise)> raises) => _raises = [.. raises];

    /// <summary>The book.</summary>
    public BudgetBook Book { get; } = new([]);

    /// <summary>What a run's log tells.</summary>
    /// <param name="store">The logs.</param>
    /// <param name="run">The run.</param>
    /// <param name="settleOpen">
    /// Whether calls that are in flight count as used: an earlier process made them, and they are recorded as lost when their queries are taken up. Else as reserved.
    /// </param>
    public static RunBudgets Open(QueryStore store, string run, bool settleOpen)
    {
        var budgets = new RunBudgets(
            from row in store.Raises(run) let raise = BudgetRaise.Parse(row.Argument, out _) where raise is not null select (raise.ScopeOf(row.Query), raise));
        foreach (var (call, number) in store.Calls(run).Select((c, i) => (c, i)))
            budgets.Count(new BudgetCall($"{call.Query}/{number}", call.Phase, call.Spec, BudgetDesk.TaskOf(call.Task)), new BudgetAmount(call.Tokens.Total + call.Unsure, call.Usd), call.At, true);
        foreach (var query in store.List(run, history: false))
            if (store.Load(query.Id).Open is { } open)
                budgets.Count(new BudgetCall($"{query.Id}/open", query.Phase, query.Spec, BudgetDesk.TaskOf(query.Task)), new BudgetAmount(open.Tokens, open.Usd), query.Last, settleOpen);
        return budgets;
    }

    /// <summary>Sets the limit of a scope as the plan has it; what was raised stays raised.</summary>
    public void Limit(BudgetScope scope, BudgetLimit? limit)
    {
        if (limit is null) return;
        lock (_lock) Book.SetLimit(scope, Raised(scope, limit));
    }

    /// <summary>The limit that holds for a scope of which the plan says this.</summary>
    public BudgetLimit Raised(BudgetScope scope, BudgetLimit limit)
    {
        lock (_lock) return _raises.Where(r => r.Scope == scope).Aggregate(limit, (l, r) => r.Raise.Apply(l));
    }

    /// <summary>Somebody has raised a limit.</summary>
    public void Raise(BudgetScope scope, BudgetRaise raise, BudgetLimit planned)
    {
        lock (_lock)
        {
            _raises.Add((scope, raise));
            Book.SetLimit(scope, Raised(scope, planned));
        }
    }

    private void Count(BudgetCall call, BudgetAmount amount, DateTimeOffset at, bool settled)
    {
        Book.Restore([new BudgetEntry(BudgetEntryKind.Reserved, call, amount, at)]);
        if (settled) Book.Settle(call.Key, amount);
    }
}
