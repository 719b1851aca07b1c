namespace Skep.Memory.Patterns.Statistics;

/// <summary>
/// Fisher's exact test of a table of two by two, two-sided: how probable tables are that are as improbable as this one or more so, when rows and columns have nothing to do with each
/// other. It needs no large counts; with small ones it is cautious.
/// </summary>
public static class FisherExact
{
    /// <summary>Below this logarithm, relative to the most probable table, a table adds nothing to a double.</summary>
    private const double Negligible = -745;

    /// <summary>Tables that are equally probable differ by rounding.</summary>
    private const double Tolerance = 1e-7;

    /// <summary>The probability.</summary>
    /// <param name="a">First row, first column.</param>
    /// <param name="b">First row, second column.</param>
    /// <param name="c">Second row, first column.</param>
    /// <param name="d">Second row, second column.</param>
    public static double TwoSided(long a, long b, long c, long d)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(a);
        ArgumentOutOfRangeException.ThrowIfNegative(b);
        ArgumentOutOfRangeException.ThrowIfNegative(c);
        ArgumentOutOfRangeException.ThrowIfNegative(d);
        var margins = new Margins(a + b, c + d, a + c);
        if (margins.Row == 0 || margins.Other == 0 || a + c == 0 || b + d == 0) return 1;
        var mode = margins.Mode;
        var observed = LogOf(margins, mode, a);
        if (observed < Negligible) return 0;
        var (all, extreme) = (0.0, 0.0);
        foreach (var log in Logs(margins, mode))
        {
            var probability = Math.Exp(log);
            all += probability;
            if (log <= observed + Tolerance) extreme += probability;
        }

        return Math.Min(1, extreme / all);
    }

    /// <summary>A table's logarithm relative to the most probable one.</summary>
    private static double LogOf(Margins margins, long mode, long a)
    {
        var log = 0.0;
        for (var k = mode; k < a && log >= Negligible; k++) log += margins.Up(k);
        for (var k = mode; k > a && log >= Negligible; k--) log -= margins.Up(k - 1);
        return log;
    }

    private static IEnumerable<double> Logs(Margins margins, long mode)
    {
        yield return 0;
        var log = 0.0;
        for (var k = mode; k < margins.Most && (log += margins.Up(k)) >= Negligible; k++) yield return log;
        log = 0;
        for (var k = mode; k > margins.Least && (log -= margins.Up(k - 1)) >= Negligible; k--) yield return log;
    }

    /// <summary>The sums that all tables share.</summary>
    private readonly record struct Margins(long Row, long Other, long Column)
    {
        internal long Least => Math.Max(0, Column - Other);

        internal long Most => Math.Min(Row, Column);

        internal long Mode => Math.Clamp((long)((Row + 1.0) * (Column + 1.0) / (Row + Other + 2.0)), Least, Most);

        /// <summary>From the table with k in its corner to that with one more.</summary>
        internal double Up(long k) => Math.Log((double)(Row - k) * (Column - k) / ((k + 1.0) * (Other - Column + k + 1.0)));
    }
}
