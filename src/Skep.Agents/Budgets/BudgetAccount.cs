namespace Skep.Agents.Budgets;

/// <summary>One scope's share of a <see cref="BudgetBook"/>, which keeps its lock.</summary>
internal sealed class BudgetAccount
{
    private BudgetUse _used;
    private BudgetUse _reserved;
    private DateTimeOffset? _began;
    private TimeSpan _excluded;
    private DateTimeOffset? _stillSince;
    private int _working, _standing;
    private bool _pricesMissing;

    public BudgetLimit? Limit { get; set; }

    public bool IsEmpty => Limit is null && _began is null;

    public BudgetLeft Left => new(
        Limit?.Tokens - _used.Tokens - _reserved.Tokens, Limit?.CostUsd - _used.CostUsd - _reserved.CostUsd, Limit?.Turns - _used.Turns - _reserved.Turns);

    public void Exclude(TimeSpan time)
    {
        if (_began is not null && time > TimeSpan.Zero) _excluded += time;
    }

    public void Move(int working, int standing, DateTimeOffset now)
    {
        (_working, _standing) = (_working + working, _standing + standing);
        if (_standing > 0 && _working == 0)
        {
            _stillSince ??= now;
        }
        else if (_stillSince is { } since)
        {
            _stillSince = null;
            // What was before the first call does not count anyway.
            if (_began is { } began) Exclude(now - (since > began ? since : began));
        }
    }

    public void Reserve(BudgetAmount estimate, DateTimeOffset now)
    {
        _began ??= now;
        _reserved = _reserved.Plus(estimate);
    }

    public void End(BudgetAmount estimate, BudgetAmount? used)
    {
        _reserved = _reserved.Minus(estimate);
        if (used is not { } amount) return;
        _used = _used.Plus(amount);
        _pricesMissing |= amount.CostUsd is null;
    }

    public IEnumerable<BudgetRefusal> Exceeded(BudgetScope scope, BudgetAmount estimate, DateTimeOffset now)
    {
        if (Limit is not { } limit) yield break;
        if (Over(BudgetResource.Tokens, _used.Tokens, _reserved.Tokens, estimate.Tokens, limit.Tokens) is { } tokens) yield return tokens;
        // A call whose price is unknown cannot be refused for money: the verdict warns of it.
        if (estimate.CostUsd is { } cost && Over(BudgetResource.CostUsd, _used.CostUsd, _reserved.CostUsd, cost, limit.CostUsd) is { } money) yield return money;
        if (Over(BudgetResource.Turns, _used.Turns, _reserved.Turns, 1, limit.Turns) is { } turns) yield return turns;
        if (limit.Wall is { } wall && Elapsed(now) >= wall)
            yield return new(scope, BudgetResource.Wall, (decimal)Elapsed(now).TotalSeconds, 0, 0, (decimal)wall.TotalSeconds, limit.AtLimit);

        BudgetRefusal? Over(BudgetResource resource, decimal used, decimal reserved, decimal asked, decimal? most) =>
            used + reserved + asked > most ? new(scope, resource, used, reserved, asked, most.Value, limit.AtLimit) : null;
    }

    public BudgetLine Line(BudgetScope scope, DateTimeOffset now) => new(scope, _used, _reserved, Elapsed(now), Limit, _pricesMissing);

    private TimeSpan Elapsed(DateTimeOffset now)
    {
        var until = _stillSince < now ? _stillSince.Value : now;
        return _began is { } began && until - began - _excluded is var time && time > TimeSpan.Zero ? time : TimeSpan.Zero;
    }
}

/// <summary>How a scope's budget stands.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Used">By calls that are over.</param>
/// <param name="Reserved">For calls in flight.</param>
/// <param name="Wall">Time since its first call, less what was excluded.</param>
/// <param name="Limit">Its limit, if it has one.</param>
/// <param name="PricesMissing">Warning: the price of some calls is unknown, so it cost more than <paramref name="Used"/> says.</param>
public sealed record BudgetLine(BudgetScope Scope, BudgetUse Used, BudgetUse Reserved, TimeSpan Wall, BudgetLimit? Limit, bool PricesMissing);
