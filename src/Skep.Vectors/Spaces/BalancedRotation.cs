namespace Skep.Vectors.Spaces;

/// <summary>
/// The rotation that suits product codes: onto the directions in which rows vary, dealt out so that the product of variances is as equal as can be in all parts. That is
/// the parametric solution of optimised product quantisation (Ge, He, Ke and Sun, 2013), best for normally distributed rows; it needs no alternation.
/// </summary>
internal static class BalancedRotation
{
    /// <summary>A variance below this share of the largest counts as that share: directions in which nothing varies are dealt out last.</summary>
    private const double LeastShare = 1e-6;

    /// <summary>The rotation for a sample of rows, one after the other: a matrix, row by row, whose rows are what the parts consist of.</summary>
    public static float[] Of(ReadOnlySpan<float> sample, int dimension, int[] starts)
    {
        var (values, vectors) = SymmetricEigen.Of(Covariance.Of(sample, dimension), dimension);
        var rotation = new float[dimension * dimension];
        var places = Deal(values, starts);
        for (var i = 0; i < dimension; i++)
        {
            for (var d = 0; d < dimension; d++) rotation[(places[i] * dimension) + d] = (float)vectors[(i * dimension) + d];
        }

        return rotation;
    }

    /// <summary>Each next direction goes to the part with the smallest product so far that still has room.</summary>
    private static int[] Deal(double[] values, int[] starts)
    {
        var least = Math.Max(double.Epsilon, values[0] * LeastShare);
        var parts = starts.Length - 1;
        var (logs, used) = (new double[parts], new int[parts]);
        return [.. values.Select(Place)];

        int Place(double value)
        {
            var best = -1;
            for (var part = 0; part < parts; part++)
            {
                if (used[part] < starts[part + 1] - starts[part] && (best < 0 || logs[part] < logs[best])) best = part;
            }

            // Relative to the least: all logarithms are positive, so a part that has been given more is not given still more.
            logs[best] += Math.Log(Math.Max(value, least) / least);
            return starts[best] + used[best]++;
        }
    }
}
