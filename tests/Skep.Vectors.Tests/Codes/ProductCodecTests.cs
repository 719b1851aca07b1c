using Skep.Vectors.Spaces;

namespace Skep.Vectors.Tests.Codes;

public sealed class ProductCodecTests
{
    private const int Dimension = 32;

    [Fact]
    public void Training_gives_the_same_codec_whatever_the_number_of_threads()
    {
        var sample = Sample(Correlated(2_000, Dimension, 1));
        var codecs = new[] { 1, 2, 7 }.Select(threads => ProductCodec.Train(VectorMetric.L2, Dimension, [.. sample], new(), threads).Write()).ToArray();
        Assert.All(codecs, c => Assert.Equal(codecs[0], c));
        Assert.NotEqual(codecs[0], ProductCodec.Train(VectorMetric.L2, Dimension, [.. sample], new() { Seed = 43 }, 1).Write());
    }

    [Fact]
    public void More_parts_and_a_rotation_of_correlated_rows_each_make_distances_better()
    {
        var rows = Correlated(3_000, Dimension, 1);
        var coarse = Error(rows, new() { Parts = 4, Rotate = false });
        Assert.InRange(Error(rows, new() { Parts = 16, Rotate = false }), 0, 0.6 * coarse);
        Assert.InRange(Error(rows, new() { Parts = 4, Rotate = true }), 0, 0.75 * coarse);
    }

    [Fact]
    public void Parts_that_do_not_divide_the_dimensions_take_them_all()
    {
        var rows = Correlated(1_000, 31, 1);
        Assert.InRange(Error(rows, new() { Parts = 9 }), 0, 0.3);
        Assert.Equal(9, ProductCodec.Train(VectorMetric.L2, 31, Sample(rows), new() { Parts = 9 }, 1).Stride);
    }

    [Fact]
    public void Fewer_rows_than_centroids_are_found_again_exactly()
    {
        var rows = Correlated(50, Dimension, 1);
        using var coded = new CodedRows(ProductCodec.Train(VectorMetric.L2, Dimension, Sample(rows), new(), 1), rows);
        for (var row = 0; row < rows.Length; row++)
        {
            var distances = coded.ToQuery(rows[row]);
            Assert.Equal(0, distances[row], 1e-3);
            Assert.Equal(row, Array.IndexOf(distances, distances.Min()));
        }
    }

    [Fact]
    public void Eigenvectors_are_at_right_angles_and_keep_their_direction_under_the_matrix()
    {
        const int n = 24;
        var covariance = Covariance.Of(Sample(Correlated(500, n, 3)), n);
        var (values, vectors) = SymmetricEigen.Of([.. covariance], n);

        Assert.Equal(values.OrderDescending(), values);
        Assert.Equal(Enumerable.Range(0, n).Sum(i => covariance[(i * n) + i]), values.Sum(), 1e-6 * values[0]);
        for (var i = 0; i < n; i++)
        {
            var vector = vectors.AsSpan(i * n, n).ToArray();
            for (var row = 0; row < n; row++) Assert.Equal(values[i] * vector[row], covariance.AsSpan(row * n, n).ToArray().Zip(vector, (a, b) => a * b).Sum(), 1e-6 * values[0]);
            for (var j = 0; j <= i; j++) Assert.Equal(i == j ? 1 : 0, vector.Zip(vectors.AsSpan(j * n, n).ToArray(), (a, b) => a * b).Sum(), 1e-9);
        }
    }

    [Theory]
    [InlineData(-1, 12)]
    [InlineData(9, 12)]
    [InlineData(4, 0)]
    [InlineData(4, 101)]
    public void Options_out_of_their_bounds_are_refused(int parts, int passes)
    {
        var options = new VectorIndexOptions { Dimension = 8, Codes = VectorCodes.Product, Product = new() { Parts = parts, Passes = passes } };
        Assert.Equal(VectorFault.BadArgument, Assert.Throws<VectorException>(() => new VectorIndex(options)).Fault);
    }

    private static double Error(float[][] rows, ProductOptions options)
    {
        using var coded = new CodedRows(ProductCodec.Train(VectorMetric.L2, rows[0].Length, Sample(rows), options, 1), rows);
        var (errors, total) = (0.0, 0.0);
        foreach (var query in Correlated(10, rows[0].Length, 2))
        {
            var estimates = coded.ToQuery(query);
            for (var row = 0; row < rows.Length; row++)
            {
                var truth = TestVectors.Distance(rows[row], query, VectorMetric.L2);
                errors += (estimates[row] - truth) * (estimates[row] - truth);
                total += truth * truth;
            }
        }

        return Math.Sqrt(errors / total);
    }

    /// <summary>Rows that a few hidden numbers explain, and a little noise: as embeddings are.</summary>
    private static float[][] Correlated(int count, int dimension, int seed)
    {
        var map = TestVectors.Clustered(dimension, 8, seed: 77, clusters: 1);
        var (hidden, noise) = (TestVectors.Clustered(count, 8, seed), TestVectors.Clustered(count, dimension, seed + 100, clusters: 1));
        return [.. hidden.Zip(noise, (h, e) => map.Select((m, d) => m.Zip(h, (a, b) => a * b).Sum() + (0.1f * e[d])).ToArray())];
    }

    private static float[] Sample(float[][] rows) => [.. rows.SelectMany(r => r)];
}
