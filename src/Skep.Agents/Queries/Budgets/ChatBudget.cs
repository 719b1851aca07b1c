using Skep.Agents.Budgets;
using Skep.Models;
using Skep.Orchestration;

namespace Skep.Agents.Queries;

/// <summary>The budgets that a query's calls count in.</summary>
internal sealed class ChatBudget(BudgetBook book, AttemptRequest request, string task, TimeProvider time)
{
    /// <summary>An answer shorter than this is not asked for: it would be cut off.</summary>
    public const int LeastOutput = 256;

    private int _number;

    /// <summary>Reserves what a call may take. If only its longest possible answer does not fit, it is made to.</summary>
    /// <exception cref="BudgetReachedException">A budget has no room for it.</exception>
    public CallReservation Reserve(CallClaim claim)
    {
        var call = new BudgetCall($"{request.IdempotencyKey}/{Interlocked.Increment(ref _number)}", request.Phase, request.Agent.Id, task);
        var verdict = TryReserve(call, claim);
        if (!verdict.Granted && book.LeftFor(call).Tokens is { } left && left - claim.Input is var room && room >= LeastOutput && room < claim.Output)
        {
            claim = claim with { Output = (int)room };
            verdict = TryReserve(call, claim);
        }

        return verdict.Granted ? new CallReservation(book, call.Key, claim) : throw new BudgetReachedException(verdict.Refusals[0]);
    }

    /// <summary>What the plan wants to happen when a budget is reached.</summary>
    public static QueryEvent ActionFor(BudgetReachedException reached, QueryState state)
    {
        var why = reached.Message;
        if (reached.Refusal.Action == BudgetAction.Pause) return new QueryPaused("budget", why);
        if (reached.Refusal.Action == BudgetAction.Downgrade && NextModel(state) is { } next) return new ModelChanged(state.Model, next, "budget", why);
        return new QueryEnded(QueryStatus.Error, why, false);
    }

    private BudgetVerdict TryReserve(BudgetCall call, CallClaim claim) => book.TryReserve(call, new BudgetAmount(claim.Tokens, claim.Usd), time.GetUtcNow());

    /// <summary>The model below the one that answers now; null below the last. One that a person chose stands above all of them.</summary>
    internal static string? NextModel(QueryState state)
    {
        var models = state.Start!.Fallbacks;
        var at = models.ToList().IndexOf(state.Model);
        return at + 1 < models.Count ? models[at + 1] : null;
    }
}

/// <summary>What is reserved for a call. One of its methods is called, once.</summary>
internal sealed class CallReservation(BudgetBook book, string key, CallClaim claim)
{
    /// <summary>The claim that was granted.</summary>
    public CallClaim Claim { get; } = claim;

    /// <summary>What it took.</summary>
    public void Settle(TokenCount tokens, decimal? usd) => book.Settle(key, new BudgetAmount(tokens.Total, usd));

    /// <summary>Nothing was billed.</summary>
    public void Release() => book.Release(key);

    /// <summary>Nobody knows.</summary>
    public void Lost() => book.Lost(key);
}

/// <summary>A budget has no room for a call.</summary>
internal sealed class BudgetReachedException(BudgetRefusal refusal) : Exception(refusal.ToString())
{
    /// <summary>Which budget, and what is to happen.</summary>
    public BudgetRefusal Refusal { get; } = refusal;
}
