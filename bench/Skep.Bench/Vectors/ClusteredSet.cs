namespace Skep.Bench.Vectors;

/// <summary>The seeded clustered set: 384 dimensions, normalised, 200 clusters of uneven size on a 128-dimensional map, with noise. Anyone who follows the recipe gets the same numbers.</summary>
internal static class ClusteredSet
{
    public const int Dimension = 384;
    private const int Latent = 128;
    private const int Clusters = 200;

    /// <summary>So many vectors, one after the other.</summary>
    public static float[] Make(int count)
    {
        var numbers = new SplitMix(20260217);
        var map = Fill(new float[Dimension * Latent], i => numbers.Normal() / Math.Sqrt(Dimension) * Math.Pow((i % Latent) + 1, -0.1));
        var centres = Fill(new float[Clusters * Latent], _ => numbers.Normal());
        var cumulative = Cumulative();
        var rows = new float[(long)count * Dimension];
        var latent = new float[Latent];
        for (var n = 0; n < count; n++)
        {
            var drawn = numbers.Uniform() * cumulative[^1];
            var cluster = Array.FindIndex(cumulative, c => c >= drawn);
            for (var j = 0; j < Latent; j++) latent[j] = (float)(centres[(cluster * Latent) + j] + (1.5 * numbers.Normal()));
            Row(map, latent, numbers, rows.AsSpan(n * Dimension, Dimension));
        }

        return rows;
    }

    private static void Row(float[] map, float[] latent, SplitMix numbers, Span<float> row)
    {
        double squares = 0;
        for (var d = 0; d < Dimension; d++)
        {
            double sum = 0;
            for (var j = 0; j < Latent; j++) sum += (double)map[(d * Latent) + j] * latent[j];
            sum += 3.0 * numbers.Normal() / Math.Sqrt(Dimension);
            squares += sum * sum;
            row[d] = (float)sum;
        }

        var norm = Math.Sqrt(squares);
        foreach (ref var x in row) x = (float)(x / norm);
    }

    private static double[] Cumulative()
    {
        var sums = new double[Clusters];
        double total = 0;
        for (var k = 0; k < Clusters; k++) sums[k] = total += Math.Pow(k + 1, -0.6);
        return sums;
    }

    private static float[] Fill(float[] values, Func<int, double> next)
    {
        for (var i = 0; i < values.Length; i++) values[i] = (float)next(i);
        return values;
    }

    private sealed class SplitMix(ulong seed)
    {
        private ulong _state = seed;

        public double Uniform()
        {
            _state += 0x9E3779B97F4A7C15;
            var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }

        public double Normal()
        {
            var (a, b) = (Uniform(), Uniform());
            return Math.Sqrt(-2 * Math.Log(a + 1e-300)) * Math.Cos(2 * Math.PI * b);
        }
    }
}
