namespace Skep.Orchestration.Benchmarking;

/// <summary>
/// The rank test of Mann and Whitney (1947), one-sided. It asks nothing of the distribution of the samples, which in measurements of time is
/// anything but normal. Its null distribution is exact for few samples and normal for many.
/// </summary>
internal static class MannWhitney
{
    /// <summary>Up to so many pairs of samples the exact distribution is computed.</summary>
    public const int ExactPairs = 400;

    /// <summary>
    /// The probability to see <paramref name="x"/> at least as far above <paramref name="y"/> if neither tends to be larger. Ties count half and the
    /// variance is not corrected for them, so that the value depends on U alone and never grows when x does; this errs towards no finding.
    /// </summary>
    /// <param name="x">Samples in ascending order.</param>
    /// <param name="y">Samples in ascending order.</param>
    /// <param name="scale">A factor on every sample of <paramref name="y"/>.</param>
    public static double UpperTail(double[] x, double[] y, double scale)
    {
        var u = U(x, y, scale);
        var pairs = (double)x.Length * y.Length;
        if (pairs <= ExactPairs) return ExactTail(x.Length, y.Length, (int)Math.Floor(u));
        var deviation = Math.Sqrt(pairs * (x.Length + y.Length + 1) / 12);
        return NormalTail((u - (pairs / 2) - 0.5) / deviation);
    }

    /// <summary>Pairs in which x is larger; ties count half.</summary>
    private static double U(double[] x, double[] y, double scale)
    {
        double u = 0;
        int below = 0, upTo = 0;
        foreach (var value in x)
        {
            while (below < y.Length && y[below] * scale < value) below++;
            upTo = Math.Max(upTo, below);
            while (upTo < y.Length && y[upTo] * scale <= value) upTo++;
            u += below + (0.5 * (upTo - below));
        }

        return u;
    }

    /// <summary>P(U ≥ u): of all orders of n + m samples, how many give U. The numbers of orders are the Gaussian binomial coefficients.</summary>
    private static double ExactTail(int n, int m, int u)
    {
        var ways = new double[(n * m) + 1];
        ways[0] = 1;
        for (var i = 1; i <= n; i++)
        {
            // Multiplied by (1 - q^(m+i)) and divided by (1 - q^i).
            for (var k = ways.Length - 1; k >= m + i; k--) ways[k] -= ways[k - m - i];
            for (var k = i; k < ways.Length; k++) ways[k] += ways[k - i];
        }

        double all = 0, tail = 0;
        for (var k = 0; k < ways.Length; k++)
        {
            all += ways[k];
            if (k >= u) tail += ways[k];
        }

        return Math.Clamp(tail / all, 0, 1);
    }

    /// <summary>P(Z ≥ z) after Abramowitz and Stegun 26.2.17; off by less than 7.5e-8.</summary>
    private static double NormalTail(double z)
    {
        if (z < 0) return 1 - NormalTail(-z);
        var t = 1 / (1 + (0.2316419 * z));
        var sum = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * sum;
    }
}
