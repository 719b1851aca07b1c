using Skep.Models;

namespace Skep.Agents.Budgets;

/// <summary>What a run's model calls took and cost.</summary>
/// <param name="Run">The run.</param>
/// <param name="Total">All calls.</param>
/// <param name="ByAgent">By agent spec, the dearest first.</param>
/// <param name="ByModel">By <c>provider/model</c>, the dearest first.</param>
/// <param name="ByPhase">By phase, in the order of their first calls.</param>
/// <param name="UnknownPrices">Models without a price; what they cost is missing everywhere.</param>
/// <param name="Forecast">What it will be in the end; null: nothing to forecast, or from.</param>
public sealed record CostReport(
    string Run,
    CostSum Total,
    IReadOnlyList<CostSum> ByAgent,
    IReadOnlyList<CostSum> ByModel,
    IReadOnlyList<CostSum> ByPhase,
    IReadOnlyList<string> UnknownPrices,
    CostForecast? Forecast)
{
    /// <summary>Calls of which nobody knows what they took; in none of the sums above. Null: there are none.</summary>
    public UnsureCalls? Unsure { get; init; }

    /// <summary>How the budgets stand that the plan sets, unsure calls included.</summary>
    public IReadOnlyList<BudgetLine> Budgets { get; init; } = [];

    /// <summary>Makes the report of a run.</summary>
    /// <param name="run">The run; calls of others are left out.</param>
    /// <param name="calls">Its calls, in any order.</param>
    /// <param name="forecast">From <see cref="CostForecast.Of"/>, while the run goes on.</param>
    public static CostReport Of(string run, IEnumerable<CallRecord> calls, CostForecast? forecast = null)
    {
        var own = calls.Where(c => c.Run == run).OrderBy(c => c.At).ToList();
        return new(
            run,
            CostSum.Of("total", own),
            Dearest(own.GroupBy(c => c.Agent)),
            Dearest(own.GroupBy(c => c.FullModel)),
            [.. own.GroupBy(c => c.Phase).Select(g => CostSum.Of(g.Key, g))],
            [.. own.Where(c => c.CostUsd is null).Select(c => c.FullModel).Distinct().Order(StringComparer.Ordinal)],
            forecast);
    }

    private static List<CostSum> Dearest(IEnumerable<IGrouping<string, CallRecord>> groups) =>
        [.. groups.Select(g => CostSum.Of(g.Key, g)).OrderByDescending(s => s.CostUsd).ThenByDescending(s => s.Tokens.Total).ThenBy(s => s.Name, StringComparer.Ordinal)];
}

/// <summary>The sum of some calls.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Calls">How many.</param>
/// <param name="Tokens">Tokens by kind.</param>
/// <param name="CostUsd">US dollars, as far as prices are known.</param>
/// <param name="SavedUsd">What prompt caching saved, as far as prices are known.</param>
/// <param name="Unpriced">Calls among them whose price is unknown.</param>
public sealed record CostSum(string Name, int Calls, TokenCount Tokens, decimal CostUsd, decimal SavedUsd, int Unpriced)
{
    /// <summary>Adds calls up.</summary>
    internal static CostSum Of(string name, IEnumerable<CallRecord> calls)
    {
        var sum = new CostSum(name, 0, default, 0, 0, 0);
        foreach (var call in calls) sum = sum.Plus(call);
        return sum;
    }

    private CostSum Plus(CallRecord call) => new(
        Name, Calls + 1, Tokens + call.Tokens, CostUsd + (call.CostUsd ?? 0), SavedUsd + (call.SavedUsd ?? 0), Unpriced + (call.CostUsd is null ? 1 : 0));
}

/// <summary>Calls that broke off, or were in flight when their process ended. What was reserved for them counts in budgets: it is the most that they can have taken.</summary>
/// <param name="Calls">How many.</param>
/// <param name="Tokens">Tokens that they took at most.</param>
/// <param name="CostUsd">US dollars that they cost at most, as far as prices are known.</param>
/// <param name="Unpriced">Calls among them whose price is unknown.</param>
public sealed record UnsureCalls(int Calls, long Tokens, decimal CostUsd, int Unpriced);
