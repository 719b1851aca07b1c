namespace Skep.Orchestration.Benchmarking;

/// <summary>
/// Decides whether measurements have become worse, beyond doubt and by more than is accepted. Pure: the same samples always give the same
/// answer. <c>docs/decisions/0007-benchmark-regression-rule.md</c> says why it is this rule.
/// <para>
/// A benchmark has regressed when its samples are larger than those of the baseline <em>times (1 + margin)</em> by a one-sided Mann–Whitney test.
/// That is the same as to say that the lower end of the 99 % confidence interval of the ratio lies above 1 + margin. Of several benchmarks
/// in one report the levels are corrected after Holm, so that 1 % is the chance of any false alarm in the report, not of each.
/// </para>
/// </summary>
internal static class RegressionRule
{
    /// <summary>The chance of a false alarm per report, at most, if the truth lies right at the margin and samples are independent.</summary>
    public const double Level = 0.01;

    /// <summary>Ratios beyond this, and below its inverse, are not told apart.</summary>
    private const double MostRatio = 1e6;

    /// <summary>Compares pairs of samples; all must be positive. With <paramref name="higherIsBetter"/> the roles are swapped.</summary>
    public static IReadOnlyList<BenchmarkFinding> Compare(IReadOnlyList<SamplePair> pairs, double margin, bool higherIsBetter)
    {
        var found = pairs.Select(p => Compare(p, margin, higherIsBetter)).ToArray();
        var order = Enumerable.Range(0, found.Length).OrderBy(i => found[i].Chance).ToArray();
        // Holm (1979): the smallest against level / m, the next against level / (m - 1), until one fails.
        for (var rank = 0; rank < order.Length; rank++)
        {
            if (found[order[rank]].Chance > Level / (order.Length - rank)) break;
            found[order[rank]] = found[order[rank]] with { Regressed = true };
        }

        return found;
    }

    /// <summary>The middle of sorted samples.</summary>
    public static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] / 2) + (sorted[sorted.Length / 2] / 2);

    private static BenchmarkFinding Compare(SamplePair pair, double margin, bool higherIsBetter)
    {
        double[] now = [.. pair.Now.Order()], before = [.. pair.Before.Order()];
        var (worse, better) = higherIsBetter ? (before, now) : (now, before);
        return new BenchmarkFinding(
            pair.Name, Median(before), Median(now), Median(worse) / Median(better),
            Bound(worse, better), 1 / Bound(better, worse), MannWhitney.UpperTail(worse, better, 1 + margin), Regressed: false);
    }

    /// <summary>The largest factor by which x is larger than y beyond doubt: the lower end of the interval of x / y. The test is inverted by bisection.</summary>
    private static double Bound(double[] x, double[] y)
    {
        var (low, high) = (Math.Log(1 / MostRatio), Math.Log(MostRatio));
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (MannWhitney.UpperTail(x, y, Math.Exp(middle)) <= Level) low = middle;
            else high = middle;
        }

        return Math.Exp(low);
    }
}

/// <summary>Samples of one benchmark.</summary>
internal sealed record SamplePair(string Name, IReadOnlyList<double> Before, IReadOnlyList<double> Now);

/// <summary>What the rule found about one benchmark.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Before">Median of the baseline.</param>
/// <param name="Now">Median of the new samples.</param>
/// <param name="Ratio">How many times worse, by medians; below 1 it is better.</param>
/// <param name="Low">Lower end of the 99 % one-sided interval of the ratio.</param>
/// <param name="High">Upper end.</param>
/// <param name="Chance">The chance of samples like these if it were worse by just the margin.</param>
/// <param name="Regressed">Whether that is too little to be chance.</param>
internal sealed record BenchmarkFinding(string Name, double Before, double Now, double Ratio, double Low, double High, double Chance, bool Regressed);
