namespace Skep.Agents.Budgets;

/// <summary>
/// Who has used how much of which budget in a run. Before a call, the most that it may need is reserved in all its scopes or in none; after it, what it
/// took counts instead. Pure: no clock and no I/O; any thread may call it.
/// <para>
/// What holds: a reservation is granted only if used + reserved + estimate is within every limit. So as long as no call takes more than its estimate, used + reserved never
/// exceeds a limit. If calls do take more, the excess over the limit is at most the sum of what the calls that were in flight took beyond their estimates, because
/// from then on nothing is granted; with one call in flight it is that call's own.
/// </para>
/// </summary>
public sealed class BudgetBook
{
    /// <summary>Most calls in flight.</summary>
    public const int MostReservations = 100_000;

    /// <summary>Most scopes that are told apart.</summary>
    public const int MostScopes = 1_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<BudgetScope, BudgetAccount> _accounts = [];
    private readonly Dictionary<string, (BudgetCall Call, BudgetAmount Estimate)> _reserved = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A book with nothing in it.</summary>
    /// <param name="limits">The plan's limits. Scopes without one are counted all the same.</param>
    public BudgetBook(IEnumerable<KeyValuePair<BudgetScope, BudgetLimit>> limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        foreach (var (scope, limit) in limits) SetLimit(scope, limit);
    }

    /// <summary>Completes when there may be more room than now: a call has ended, or a limit has changed.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock) return _changed.Task;
        }
    }

    /// <summary>Calls that are reserved and not over, in no order.</summary>
    public IReadOnlyList<BudgetCall> InFlight
    {
        get
        {
            lock (_lock) return [.. _reserved.Values.Select(r => r.Call)];
        }
    }

    /// <summary>Changes a limit, as a person does who is asked; null: no limit. Reservations stay.</summary>
    public void SetLimit(BudgetScope scope, BudgetLimit? limit)
    {
        limit?.Check(scope);
        lock (_lock)
        {
            var account = AccountOf(scope);
            if (account.Limit == limit) return;
            account.Limit = limit;
            Announce();
        }
    }

    /// <summary>Reserves what a call may need, if every budget has room for it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="estimate">The most that it may need.</param>
    /// <param name="now">The time, for limits of it.</param>
    /// <exception cref="ArgumentException">The key is in use, or the estimate is negative.</exception>
    /// <exception cref="InvalidOperationException">More calls or scopes than are kept.</exception>
    public BudgetVerdict TryReserve(BudgetCall call, BudgetAmount estimate, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (estimate.Tokens < 0 || estimate.CostUsd < 0) throw new ArgumentException($"The estimate for call '{call.Key}' is negative.", nameof(estimate));
        lock (_lock)
        {
            var refusals = call.Scopes.SelectMany(s => AccountOf(s).Exceeded(s, estimate, now)).ToList();
            if (refusals.Count == 0) Reserve(call, estimate, now);
            return new(refusals, estimate.CostUsd is null);
        }
    }

    /// <summary>A call is over; what it took counts from now on.</summary>
    /// <returns>False: nothing is reserved under the key (any more), and nothing changes.</returns>
    public bool Settle(string key, BudgetAmount actual) => End(key, _ => actual);

    /// <summary>A call was turned away before anything was billed.</summary>
    /// <returns>False: as <see cref="Settle"/>.</returns>
    public bool Release(string key) => End(key, _ => null);

    /// <summary>Nobody knows what a call took: all that was reserved counts as used.</summary>
    /// <returns>False: as <see cref="Settle"/>.</returns>
    public bool Lost(string key) => End(key, estimate => estimate);

    /// <summary>Takes up what the log tells. Reservations are not checked again: those calls were made.</summary>
    public void Restore(IEnumerable<BudgetEntry> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        foreach (var entry in history) Apply(entry);
    }

    /// <summary>Time that does not count, as of a pause.</summary>
    /// <param name="time">How long.</param>
    /// <param name="scope">Whose; null: of all that have begun.</param>
    public void Exclude(TimeSpan time, BudgetScope? scope = null)
    {
        lock (_lock)
        {
            foreach (var account in scope is { } one ? [AccountOf(one)] : _accounts.Values.ToArray()) account.Exclude(time);
        }
    }

    /// <summary>A conversation begins (1) or ceases (-1) to work, or to stand still, in its scopes. Their time does not count while some stand still and none works.</summary>
    /// <param name="query">What it counts in.</param>
    /// <param name="working">Change of the number of those that work.</param>
    /// <param name="standing">Change of the number of those that stand still.</param>
    /// <param name="now">The time.</param>
    public void Move(BudgetCall query, int working, int standing, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_lock)
        {
            foreach (var scope in query.Scopes) AccountOf(scope).Move(working, standing, now);
        }
    }

    /// <summary>The least that is left in any scope of a call, so that its longest output can be cut to fit.</summary>
    public BudgetLeft LeftFor(BudgetCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        lock (_lock)
        {
            var left = call.Scopes.Select(s => AccountOf(s).Left).ToList();
            return new(left.Min(l => l.Tokens), left.Min(l => l.CostUsd), left.Min(l => l.Turns));
        }
    }

    /// <summary>How a scope stands.</summary>
    public BudgetLine Of(BudgetScope scope, DateTimeOffset now)
    {
        lock (_lock) return AccountOf(scope).Line(scope, now);
    }

    /// <summary>How all scopes stand that have a limit or were used, from wide to narrow, then by name.</summary>
    public IReadOnlyList<BudgetLine> Lines(DateTimeOffset now)
    {
        lock (_lock)
        {
            return [.. _accounts.Where(a => !a.Value.IsEmpty).OrderBy(a => a.Key.Kind).ThenBy(a => a.Key.Name, StringComparer.Ordinal).Select(a => a.Value.Line(a.Key, now))];
        }
    }

    private void Apply(BudgetEntry entry)
    {
        switch (entry.Kind)
        {
            case BudgetEntryKind.Reserved:
                lock (_lock) Reserve(entry.Call, entry.Amount, entry.At);
                break;
            case BudgetEntryKind.Settled:
                Settle(entry.Call.Key, entry.Amount);
                break;
            case BudgetEntryKind.Released:
                Release(entry.Call.Key);
                break;
            default:
                Lost(entry.Call.Key);
                break;
        }
    }

    private void Reserve(BudgetCall call, BudgetAmount estimate, DateTimeOffset now)
    {
        if (_reserved.Count >= MostReservations)
            throw new InvalidOperationException($"{MostReservations} model calls are in flight, more than a budget keeps track of. Lower the run's max_concurrency.");
        if (!_reserved.TryAdd(call.Key, (call, estimate)))
            throw new ArgumentException($"A call with the key '{call.Key}' is in flight already: settle it first, or give each try a key of its own.", nameof(call));
        foreach (var scope in call.Scopes) AccountOf(scope).Reserve(estimate, now);
    }

    private bool End(string key, Func<BudgetAmount, BudgetAmount?> used)
    {
        lock (_lock)
        {
            if (!_reserved.Remove(key, out var reservation)) return false;
            foreach (var scope in reservation.Call.Scopes) AccountOf(scope).End(reservation.Estimate, used(reservation.Estimate));
            Announce();
            return true;
        }
    }

    private void Announce()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private BudgetAccount AccountOf(BudgetScope scope)
    {
        if (_accounts.TryGetValue(scope, out var account)) return account;
        if (_accounts.Count >= MostScopes) throw new InvalidOperationException($"A run's budgets tell at most {MostScopes} scopes apart; {scope} would be one more.");
        return _accounts[scope] = new BudgetAccount();
    }
}
