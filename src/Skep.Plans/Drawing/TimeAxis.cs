namespace Skep.Plans.Drawing;

/// <summary>Round numbers for a time axis.</summary>
internal static class TimeAxis
{
    private static readonly double[] s_steps =
    [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800,
        21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_419_200, 7_257_600, 14_515_200, 31_536_000,
    ];

    /// <summary>The distance between ticks, so that there are at most <paramref name="most"/> intervals.</summary>
    public static TimeSpan Step(TimeSpan total, int most)
    {
        var wanted = total.TotalSeconds / Math.Max(1, most);
        foreach (var step in s_steps)
            if (step >= wanted) return TimeSpan.FromSeconds(step);
        return TimeSpan.FromSeconds(Math.Ceiling(wanted / s_steps[^1]) * s_steps[^1]);
    }

    /// <summary>The ticks from zero up to and including the total.</summary>
    public static IEnumerable<TimeSpan> Ticks(TimeSpan total, int most)
    {
        var step = Step(total, most);
        for (var i = 0; i <= most; i++)
        {
            var at = Saturating.Multiply(step, i);
            if (at > total) yield break;
            yield return at;
        }
    }
}
