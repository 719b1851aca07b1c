namespace Skep.Memory.Patterns.Statistics;

/// <summary>From where to where a number is believed to lie.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Whether a number lies in it, ends included.</summary>
    public bool Contains(double number) => number >= Low && number <= High;
}

/// <summary>
/// What counts say about proportions, at 95 %: Wilson's score interval for one (Wilson 1927), Newcombe's hybrid of two of them for a difference (Newcombe 1998, method 10). Both
/// stay within what is possible and hold for small counts, which Wald's intervals do not.
/// </summary>
public static class Proportions
{
    /// <summary>The 97.5th percentile of the standard normal distribution.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>How surely the intervals hold what they are about.</summary>
    public const double Confidence = 0.95;

    /// <summary>Wilson's interval for a proportion; 0 to 1 when nothing was counted.</summary>
    /// <param name="hits">How often it was so.</param>
    /// <param name="trials">How often it was looked.</param>
    public static Interval Wilson(long hits, long trials)
    {
        Require(hits, trials);
        if (trials == 0) return new Interval(0, 1);
        double n = trials, p = hits / n, z2 = Z95 * Z95;
        var centre = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        var half = Z95 * Math.Sqrt(((p * (1 - p)) + (z2 / (4 * n))) / n) / (1 + (z2 / n));
        // At the ends the formula gives 0 and 1 but for rounding.
        return new Interval(hits == 0 ? 0 : Math.Max(0, centre - half), hits == trials ? 1 : Math.Min(1, centre + half));
    }

    /// <summary>Newcombe's interval for the difference of two independent proportions, first minus second; -1 to 1 when one side was not counted.</summary>
    /// <param name="hits">How often it was so on the first side.</param>
    /// <param name="trials">How often the first side was looked at.</param>
    /// <param name="otherHits">How often it was so on the second side.</param>
    /// <param name="otherTrials">How often the second side was looked at.</param>
    public static Interval Difference(long hits, long trials, long otherHits, long otherTrials)
    {
        var (one, two) = (Wilson(hits, trials), Wilson(otherHits, otherTrials));
        if (trials == 0 || otherTrials == 0) return new Interval(-1, 1);
        double p = (double)hits / trials, q = (double)otherHits / otherTrials;
        return new Interval(
            Math.Max(-1, p - q - double.Hypot(p - one.Low, two.High - q)),
            Math.Min(1, p - q + double.Hypot(one.High - p, q - two.Low)));
    }

    private static void Require(long hits, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, trials);
    }
}
