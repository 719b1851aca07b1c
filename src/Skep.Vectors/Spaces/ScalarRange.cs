namespace Skep.Vectors.Spaces;

/// <summary>The range that so few codes should cover: a wide one keeps outliers, a narrow one keeps everybody else apart. The one with the smallest squared error is taken.</summary>
internal static class ScalarRange
{
    /// <summary>Numbers that errors are summed over.</summary>
    private const int MaxJudged = 1 << 16;

    /// <summary>Shares of the numbers that are cut off at each end.</summary>
    private static readonly double[] Cuts = [0, 0.0001, 0.0003, 0.001, 0.002, 0.003, 0.005, 0.008, 0.012, 0.02];

    /// <summary>Fits codes 0 to <paramref name="top"/> to a sample, which is sorted here.</summary>
    public static (float Low, float Step) Fit(float[] sample, int top)
    {
        Array.Sort(sample);
        var best = (Low: sample[0], Step: 1f, Error: double.PositiveInfinity);
        foreach (var cut in Cuts)
        {
            var at = (int)(sample.Length * cut);
            var (low, high) = (sample[at], sample[^(at + 1)]);
            if (high <= low) continue;
            var step = (high - low) / top;
            var error = Error(sample, low, step, top);
            if (error < best.Error) best = (low, step, error);
        }

        return (best.Low, best.Step);
    }

    private static double Error(float[] sample, float low, float step, int top)
    {
        double error = 0;
        var every = Math.Max(1, sample.Length / MaxJudged);
        for (var i = 0; i < sample.Length; i += every)
        {
            var code = Math.Clamp(MathF.Round((sample[i] - low) / step), 0, top);
            var off = sample[i] - (low + (code * step));
            error += (double)off * off;
        }

        return error;
    }
}
