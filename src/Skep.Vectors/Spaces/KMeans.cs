namespace Skep.Vectors.Spaces;

/// <summary>
/// k-means with 256 centroids for one part of many vectors: the first centroids by k-means++ (Arthur and Vassilvitskii, 2007), then Lloyd's passes over the sample.
/// Only the seed and the sample decide; parts are independent, so they are trained beside each other with the same result.
/// </summary>
internal static unsafe class KMeans
{
    /// <summary>Trains the centroids of one part.</summary>
    /// <param name="sample">Vectors, one after the other.</param>
    /// <param name="stride">Numbers from vector to vector.</param>
    /// <param name="from">Where the part begins in a vector.</param>
    /// <param name="table">Takes the centroids.</param>
    /// <param name="passes">Most passes; fewer if nothing changes.</param>
    /// <param name="seed">From which the first centroids are drawn.</param>
    public static void Train(ReadOnlySpan<float> sample, int stride, int from, CentroidTable table, int passes, ulong seed)
    {
        var codes = new byte[sample.Length / stride];
        fixed (float* vectors = sample)
        {
            Seed(vectors + from, codes.Length, stride, table, seed);
            for (var pass = 0; pass < passes; pass++)
            {
                if (!Assign(vectors + from, stride, table, codes) && pass > 0) break;
                Move(vectors + from, stride, table, codes);
            }
        }
    }

    /// <summary>Each next centroid is a vector that is drawn with the square of its distance to the ones that are there.</summary>
    private static void Seed(float* vectors, int count, int stride, CentroidTable table, ulong seed)
    {
        var random = new SplitMix(seed);
        var nearest = new float[count];
        Array.Fill(nearest, float.PositiveInfinity);
        var chosen = (int)(random.NextDouble() * count);
        for (var c = 0; c < CentroidTable.Count; c++)
        {
            var centroid = vectors + ((long)chosen * stride);
            for (var d = 0; d < table.Length; d++) table.Values[(d * CentroidTable.Count) + c] = centroid[d];
            double total = 0;
            for (var i = 0; i < count; i++)
            {
                nearest[i] = Math.Min(nearest[i], SquaredL2(vectors + ((long)i * stride), centroid, table.Length));
                total += nearest[i];
            }

            chosen = Draw(nearest, random.NextDouble() * total);
        }
    }

    private static int Draw(float[] weights, double at)
    {
        double sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            if (sum > at) return i;
        }

        // Fewer different vectors than centroids: all that is left is a repetition.
        return weights.Length - 1;
    }

    private static bool Assign(float* vectors, int stride, CentroidTable table, byte[] codes)
    {
        var changed = false;
        for (var i = 0; i < codes.Length; i++)
        {
            var code = table.Nearest(vectors + ((long)i * stride)).Code;
            changed |= codes[i] != code;
            codes[i] = code;
        }

        return changed;
    }

    /// <summary>Moves centroids to the middle of what is theirs. One that nothing is nearest to stays where it is.</summary>
    private static void Move(float* vectors, int stride, CentroidTable table, byte[] codes)
    {
        var sums = new double[table.Values.Length];
        var counts = new int[CentroidTable.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            counts[codes[i]]++;
            for (var d = 0; d < table.Length; d++) sums[(d * CentroidTable.Count) + codes[i]] += vectors[((long)i * stride) + d];
        }

        for (var at = 0; at < sums.Length; at++)
        {
            if (counts[at % CentroidTable.Count] is > 0 and var members) table.Values[at] = (float)(sums[at] / members);
        }
    }

    private static float SquaredL2(float* x, float* y, int length)
    {
        float sum = 0;
        for (var d = 0; d < length; d++) sum += (x[d] - y[d]) * (x[d] - y[d]);
        return sum;
    }
}
