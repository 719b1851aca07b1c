using Skep.Agents.Budgets;
using Skep.Models;
using Skep.Orchestration;

namespace Skep.Agents.Queries;

/// <summary>The budgets that a query's calls count in.</summary>
internal sealed class ChatBudget(BudgetBook book, AttemptRequest request, string task, TimeProvider time, Action close) : IDisposable
{
    /// <summary>An answer shorter than this is not asked for: it would be cut off.</summary>
    public const int LeastOutput = 256;

    private readonly BudgetCall _query = new(request.IdempotencyKey, request.Phase, request.Agent.Id, task);
    private int _number;
    private bool _stands;

    /// <summary>The query begins to work. Like <see cref="Stand"/> and <see cref="Leave"/> by one caller at a time.</summary>
    public void Enter() => book.Move(_query, 1, 0, time.GetUtcNow());

    /// <summary>It stands still, or works again.</summary>
    public void Stand(bool stands)
    {
        if (stands == _stands) return;
        _stands = stands;
        var change = stands ? 1 : -1;
        book.Move(_query, -change, change, time.GetUtcNow());
    }

    /// <summary>It is over here.</summary>
    public void Leave() => book.Move(_query, _stands ? 0 : -1, _stands ? -1 : 0, time.GetUtcNow());

    /// <inheritdoc />
    public void Dispose() => close();

    /// <summary>
    /// Reserves what a call may take. If only its longest possible answer does not fit, it is made to. What calls in flight have reserved is mostly more than they
    /// take: as long as the call would fit without it, their end is waited for, instead of saying that the budget is used up.
    /// </summary>
    /// <param name="claim">What it may take.</param>
    /// <param name="open">Throws when the query is held: it must not wait here, with a turn at the provider that others need.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="BudgetReachedException">A budget has no room for it.</exception>
    public async Task<CallReservation> ReserveAsync(CallClaim claim, Action open, CancellationToken cancel)
    {
        var call = new BudgetCall($"{request.IdempotencyKey}/{Interlocked.Increment(ref _number)}", request.Phase, request.Agent.Id, task);
        while (true)
        {
            open();
            // Asked for before the book is looked at, so that an end in between is not missed.
            var changed = book.Changed;
            var verdict = TryReserve(call, claim);
            if (verdict.Granted) return new CallReservation(book, call.Key, claim);
            var mayFitLater = verdict.Refusals.All(r => MayFitLater(r, claim));
            if (TryShorter(call, claim, mayFitLater ? claim.Output / 2 : LeastOutput) is { } shorter) return shorter;
            if (!mayFitLater) throw new BudgetReachedException(verdict.Refusals[0]);
            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>What the plan wants to happen when a budget is reached.</summary>
    public static QueryEvent ActionFor(BudgetReachedException reached, QueryState state)
    {
        var why = reached.Message;
        if (reached.Refusal.Action == BudgetAction.Pause) return new QueryPaused("budget", why);
        if (reached.Refusal.Action == BudgetAction.Downgrade && NextModel(state) is { } next) return new ModelChanged(state.Model, next, "budget", why);
        return new QueryEnded(QueryStatus.Error, why, false);
    }

    private CallReservation? TryShorter(BudgetCall call, CallClaim claim, int least)
    {
        if (book.LeftFor(call).Tokens - claim.Input is not { } room || room < least || room < LeastOutput || room >= claim.Output) return null;
        var shorter = claim with { Output = (int)room };
        return TryReserve(call, shorter).Granted ? new CallReservation(book, call.Key, shorter) : null;
    }

    /// <summary>Whether only what calls in flight have reserved stands in the way.</summary>
    private static bool MayFitLater(BudgetRefusal refusal, CallClaim claim)
    {
        var asked = refusal.Resource == BudgetResource.Tokens ? claim.Input + Math.Min(LeastOutput, claim.Output) : refusal.Asked;
        return refusal.Resource != BudgetResource.Wall && refusal.Reserved > 0 && refusal.Used + asked <= refusal.Limit;
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
