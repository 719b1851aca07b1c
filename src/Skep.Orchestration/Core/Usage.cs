using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Running sums that forecasts of budgets are made from. Each is O(1) to keep.</summary>
internal sealed class Usage
{
    /// <summary>Name of the metric that counts model tokens.</summary>
    public const string TokensMetric = "tokens";

    /// <summary>Name of the metric that counts US dollars.</summary>
    public const string CostMetric = "cost_usd";

    private readonly int[] _waiting = new int[4];
    private readonly long[] _estimatedTicks = new long[4];
    private readonly int[] _unestimated = new int[4];

    public double Tokens { get; set; }

    public double CostUsd { get; set; }

    /// <summary>Attempts that ended, and the seconds they worked.</summary>
    public int Ended { get; private set; }

    public double WorkedSeconds { get; private set; }

    /// <summary>Mean of recent durations in seconds, exponentially weighted; decides how far the queen runs ahead.</summary>
    public double RecentSeconds { get; private set; } = double.NaN;

    public double MeanSeconds => Ended == 0 ? 0 : WorkedSeconds / Ended;

    public void Worked(TimeSpan duration)
    {
        const double weight = 0.1;
        var seconds = Math.Max(0, duration.TotalSeconds);
        Ended++;
        WorkedSeconds += seconds;
        RecentSeconds = double.IsNaN(RecentSeconds) ? seconds : RecentSeconds + weight * (seconds - RecentSeconds);
    }

    public void Restore(int ended, double workedSeconds, double? recentSeconds) =>
        (Ended, WorkedSeconds, RecentSeconds) = (ended, workedSeconds, recentSeconds ?? double.NaN);

    /// <summary>Counts a node that has not begun in (+1) or out (-1).</summary>
    public void Waiting(NodeState node, int sign)
    {
        if (node.Task is not { } task) return;
        var tier = (int)node.EffectiveTier;
        _waiting[tier] += sign;
        if (task.Estimate is { } estimate) _estimatedTicks[tier] += sign * estimate.Ticks;
        else _unestimated[tier] += sign;
    }

    public int WaitingTasks(Tier upTo) => Sum(_waiting, upTo);

    public int WaitingIn(Tier tier) => _waiting[(int)tier];

    /// <summary>Seconds of work that has not begun, in tiers up to the given one; without estimate the mean so far counts.</summary>
    public double WaitingSeconds(Tier upTo)
    {
        var seconds = Sum(_unestimated, upTo) * MeanSeconds;
        for (var tier = 0; tier <= (int)upTo; tier++) seconds += TimeSpan.FromTicks(_estimatedTicks[tier]).TotalSeconds;
        return seconds;
    }

    private static int Sum(int[] counts, Tier upTo)
    {
        var sum = 0;
        for (var tier = 0; tier <= (int)upTo; tier++) sum += counts[tier];
        return sum;
    }
}
