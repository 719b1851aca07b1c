using System.Collections.Concurrent;
using Skep.Agents.Budgets;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Agents.Queries;

/// <summary>The budget books of the runs that are worked on in this process.</summary>
internal sealed class BudgetDesk(QueryStore store, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Lazy<BudgetBook>> _books = new(StringComparer.Ordinal);

    /// <summary>The budgets of an attempt. A run's book begins with what its log tells.</summary>
    public ChatBudget For(AttemptRequest request)
    {
        var task = TaskOf(request.TaskId);
        var book = _books.GetOrAdd(request.RunId, run => new Lazy<BudgetBook>(() => Open(run))).Value;
        if (request.Chat is { } brief)
        {
            // The queen watches the run's time.
            Limit(book, BudgetScope.Run, brief.RunBudget is { } run ? run with { Wall = null } : null);
            Limit(book, new BudgetScope(BudgetScopeKind.Phase, request.Phase), brief.PhaseBudget);
            Limit(book, new BudgetScope(BudgetScopeKind.Agent, request.Agent.Id), brief.AgentBudget);
            Limit(book, new BudgetScope(BudgetScopeKind.Task, task), brief.TaskBudget);
        }

        return new ChatBudget(book, request, task, time);
    }

    /// <summary>The task without the item of a fan-out.</summary>
    public static string TaskOf(string key) => key.EndsWith(']') && key.LastIndexOf('[') is > 0 and var at ? key[..at] : key;

    private static void Limit(BudgetBook book, BudgetScope scope, Budget? budget)
    {
        if (budget is not { IsLimited: true }) return;
        book.SetLimit(scope, new BudgetLimit(budget.Tokens, (decimal?)budget.CostUsd, (int?)budget.Turns, budget.Wall, ActionOf(budget.AtLimit)));
    }

    private static BudgetAction ActionOf(AtLimit atLimit) => atLimit switch
    {
        AtLimit.Pause => BudgetAction.Pause,
        AtLimit.Downgrade => BudgetAction.Downgrade,
        AtLimit.DropTiers => BudgetAction.DropTiers,
        _ => BudgetAction.Fail,
    };

    /// <summary>Calls that an earlier process left in flight count as used: they are recorded as lost when their queries are taken up.</summary>
    private BudgetBook Open(string run)
    {
        var book = new BudgetBook([]);
        foreach (var (call, number) in store.Calls(run).Select((c, i) => (c, i)))
            Count(book, new BudgetCall($"{call.Query}/{number}", call.Phase, call.Spec, TaskOf(call.Task)), new BudgetAmount(call.Tokens.Total + call.Unsure, call.Usd), call.At);
        foreach (var query in store.List(run, history: false))
            if (store.Load(query.Id).Open is { } open)
                Count(book, new BudgetCall($"{query.Id}/open", query.Phase, query.Spec, TaskOf(query.Task)), new BudgetAmount(open.Tokens, open.Usd), query.Last);
        return book;
    }

    private static void Count(BudgetBook book, BudgetCall call, BudgetAmount amount, DateTimeOffset at) =>
        book.Restore([new BudgetEntry(BudgetEntryKind.Reserved, call, amount, at), new BudgetEntry(BudgetEntryKind.Settled, call, amount, at)]);
}
