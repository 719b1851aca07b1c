using Skep.Agents.Budgets;

namespace Skep.Agents.Queries;

/// <summary>The budget book of one run, with the limits that people have raised. Thread-safe.</summary>
internal sealed class RunBudgets
{
    /// <summary>Most times that limits of a run are raised.</summary>
    public const int MaxRaises = 1000;

    private readonly Lock _lock = new();
    private readonly List<(BudgetScope Scope, BudgetRaise Raise)> _raises;
    private readonly Dictionary<BudgetScope, DateTimeOffset> _began = [];
    private readonly Lazy<IReadOnlyList<QuerySpan>> _spans;

    private RunBudgets(IEnumerable<(BudgetScope, BudgetRaise)> raises, Func<IReadOnlyList<QuerySpan>> spans) => (_raises, _spans) = ([.. raises], new(spans));

    /// <summary>The book.</summary>
    public BudgetBook Book { get; } = new([]);

    /// <summary>What a run's log tells.</summary>
    /// <param name="store">The logs.</param>
    /// <param name="run">The run.</param>
    /// <param name="now">The time.</param>
    /// <param name="settleOpen">
    /// Whether calls that are in flight count as used: an earlier process made them, and they are recorded as lost when their queries are taken up. Else as reserved.
    /// </param>
    public static RunBudgets Open(QueryStore store, string run, DateTimeOffset now, bool settleOpen)
    {
        var budgets = new RunBudgets(
            from row in store.Raises(run) let raise = BudgetRaise.Parse(row.Argument, out _) where raise is not null select (raise.ScopeOf(row.Query), raise),
            () => store.Spans(run, now, abandoned: settleOpen));
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
        lock (_lock)
        {
            Book.SetLimit(scope, Raised(scope, limit));
            // Once for each scope, and only where a plan limits time: it needs more of the log than the rest.
            if (limit.Wall is not null && _began.Remove(scope, out var began)) Book.Exclude(StandingTime.Of(_spans.Value.Where(s => Scopes(s.Row).Contains(scope)), began), scope);
        }
    }

    /// <summary>How often limits were raised.</summary>
    public int Raises
    {
        get
        {
            lock (_lock) return _raises.Count;
        }
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
        foreach (var scope in call.Scopes) _began.TryAdd(scope, at);
        Book.Restore([new BudgetEntry(BudgetEntryKind.Reserved, call, amount, at)]);
        if (settled) Book.Settle(call.Key, amount);
    }

    private static IEnumerable<BudgetScope> Scopes(QueryRow row) => new BudgetCall(row.Id, row.Phase, row.Spec, BudgetDesk.TaskOf(row.Task)).Scopes;
}
