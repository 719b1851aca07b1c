namespace Skep.Vectors.Tests;

/// <summary>Seeded vectors in clusters, as real ones are.</summary>
internal static class TestVectors
{
    /// <summary>Other seeds give other vectors in the same clusters.</summary>
    public static float[][] Clustered(int count, int dimension, int seed = 1, int clusters = 20)
    {
        var centreRandom = new Random(dimension);
        var centres = Enumerable.Range(0, clusters).Select(_ => Normal(centreRandom, dimension, 1)).ToArray();
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Add(centres[random.Next(clusters)], Normal(random, dimension, 0.7f)))];
    }

    /// <summary>The nearest by the formula, in double.</summary>
    public static int[] Nearest(IReadOnlyList<float[]> vectors, float[] query, int k, VectorMetric metric, Func<int, bool>? qualifies = null) =>
        [.. Enumerable.Range(0, vectors.Count).Where(i => qualifies?.Invoke(i) ?? true).OrderBy(i => Distance(vectors[i], query, metric)).ThenBy(i => i).Take(k)];

    public static double Distance(float[] x, float[] y, VectorMetric metric)
    {
        double dot = 0, xx = 0, yy = 0, square = 0;
        for (var i = 0; i < x.Length; i++)
        {
            dot += (double)x[i] * y[i];
            xx += (double)x[i] * x[i];
            yy += (double)y[i] * y[i];
            square += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
        }

        return metric switch
        {
            VectorMetric.L2 => square,
            VectorMetric.InnerProduct => -dot,
            _ => 1 - (dot / Math.Sqrt(xx * yy)),
        };
    }

    private static float[] Normal(Random random, int dimension, float scale) =>
        [.. Enumerable.Range(0, dimension).Select(_ => (float)(scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];

    private static float[] Add(float[] x, float[] y) => [.. x.Zip(y, (a, b) => a + b)];
}
