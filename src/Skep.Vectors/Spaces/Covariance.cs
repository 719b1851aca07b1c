using System.Numerics;

namespace Skep.Vectors.Spaces;

/// <summary>How dimensions vary together.</summary>
internal static unsafe class Covariance
{
    /// <summary>Rows that are looked at; more change little.</summary>
    private const int MaxRows = 8_192;

    /// <summary>The covariance matrix of a sample of rows, one after the other.</summary>
    public static double[] Of(ReadOnlySpan<float> sample, int dimension)
    {
        var rows = sample.Length / dimension;
        var every = Math.Max(1, rows / MaxRows);
        var means = new double[dimension];
        var taken = 0;
        for (var row = 0; row < rows; row += every, taken++)
        {
            for (var d = 0; d < dimension; d++) means[d] += sample[(row * dimension) + d];
        }

        var (matrix, off) = (new double[dimension * dimension], new double[dimension]);
        for (var row = 0; row < rows; row += every)
        {
            for (var d = 0; d < dimension; d++) off[d] = sample[(row * dimension) + d] - (means[d] / taken);
            Add(matrix, off);
        }

        for (var i = 0; i < dimension; i++)
        {
            for (var d = 0; d < i; d++) matrix[(i * dimension) + d] = matrix[(d * dimension) + i];
        }

        return matrix;
    }

    /// <summary>Adds the upper half of the outer product. A factor common to all changes no direction, so nothing is divided by the number of rows.</summary>
    private static void Add(double[] matrix, double[] off)
    {
        fixed (double* a = matrix, x = off)
        {
            for (var i = 0; i < off.Length; i++)
            {
                var to = a + ((long)i * off.Length);
                var (factor, d) = (x[i], i);
                for (; d + Vector<double>.Count <= off.Length; d += Vector<double>.Count) (Vector.Load(to + d) + (Vector.Load(x + d) * factor)).Store(to + d);
                for (; d < off.Length; d++) to[d] += factor * x[d];
            }
        }
    }
}
