using Skep.Agents.Budgets;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Agents.Queries;

/// <summary>The budget books of the runs that are worked on in this process. What no query is open in can be made anew from the log, and is kept only for a while.</summary>
internal sealed class BudgetDesk(QueryStore store, TimeProvider time)
{
    /// <summary>Most runs whose conversations are worked on at once.</summary>
    public const int MaxRuns = 1000;

    /// <summary>Most books that are kept though no conversation of their run is open: one that is needed again soon need not be read again.</summary>
    public const int MaxIdle = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Open> _runs = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _idle = new();

    /// <summary>Books that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _runs.Count;
        }
    }

    /// <summary>The budgets of an attempt, until it is disposed. A run's book begins with what its log tells.</summary>
    /// <exception cref="InvalidOperationException">Conversations of too many runs are open.</exception>
    public ChatBudget For(AttemptRequest request)
    {
        var task = TaskOf(request.TaskId);
        var open = Take(request.RunId);
        try
        {
            var budgets = open.Budgets.Value;
            if (request.Chat is { } brief)
            {
                budgets.Limit(BudgetScope.Run, PlanLimits.Of(WithoutTime(brief.RunBudget)));
                budgets.Limit(new BudgetScope(BudgetScopeKind.Phase, request.Phase), PlanLimits.Of(brief.PhaseBudget));
                budgets.Limit(new BudgetScope(BudgetScopeKind.Agent, request.Agent.Id), PlanLimits.Of(brief.AgentBudget));
                budgets.Limit(new BudgetScope(BudgetScopeKind.Task, task), PlanLimits.Of(brief.TaskBudget));
            }

            return new ChatBudget(budgets.Book, request, task, time, () => GiveBack(request.RunId, open));
        }
        catch
        {
            GiveBack(request.RunId, open);
            throw;
        }
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
        var live = Live(query.Run);
        var known = live ?? Read(query.Run);
        if (known.Raises >= RunBudgets.MaxRaises) return $"refused: limits of this run were raised {RunBudgets.MaxRaises} times, which is the most that is kept";
        var now = raise.Of(known.Raised(scope, planned))!.Value;
        if (raise.Amount <= now) return $"refused: the limit of {raise.ResourceName} of {scope} is {now} already, and can only be raised";
        live?.Raise(scope, raise, scope == BudgetScope.Run ? planned with { Wall = null } : planned);
        return $"{raise.ResourceName} of {scope}: {raise.Amount} instead of {now}; what was paused goes on with 'skep query resume'";
    }

    /// <summary>The task without the item of a fan-out.</summary>
    public static string TaskOf(string key) => key.EndsWith(']') && key.LastIndexOf('[') is > 0 and var at ? key[..at] : key;

    /// <summary>The queen watches the run's time.</summary>
    private static Budget? WithoutTime(Budget? budget) => budget is null ? null : budget with { Wall = null };

    private Open Take(string run)
    {
        lock (_lock)
        {
            if (!_runs.TryGetValue(run, out var open))
            {
                if (_runs.Count - _idle.Count >= MaxRuns)
                    throw new InvalidOperationException($"conversations of {MaxRuns} runs are open, more than one process keeps budgets of: wait until some of them have ended, or start fewer at once");
                open = _runs[run] = new Open(new Lazy<RunBudgets>(() => Read(run)));
            }

            if (open.Idle is { } idle) _idle.Remove(idle);
            open.Idle = null;
            open.Users++;
            return open;
        }
    }

    private void GiveBack(string run, Open open)
    {
        lock (_lock)
        {
            if (--open.Users > 0) return;
            // One that could not be read is not kept: the next may find it readable.
            if (!open.Budgets.IsValueCreated) _runs.Remove(run);
            else open.Idle = _idle.AddLast(run);
            if (_idle.Count <= MaxIdle) return;
            _runs.Remove(_idle.First!.Value);
            _idle.RemoveFirst();
        }
    }

    private RunBudgets? Live(string run)
    {
        lock (_lock) return _runs.TryGetValue(run, out var open) && open.Budgets.IsValueCreated ? open.Budgets.Value : null;
    }

    private RunBudgets Read(string run) => RunBudgets.Open(store, run, time.GetUtcNow(), settleOpen: true);

    /// <summary>A book, and how many attempts use it.</summary>
    private sealed class Open(Lazy<RunBudgets> budgets)
    {
        public Lazy<RunBudgets> Budgets { get; } = budgets;

        public int Users { get; set; }

        /// <summary>Its place among those that nobody uses.</summary>
        public LinkedListNode<string>? Idle { get; set; }
    }
}
