using Skep.Vectors.Spaces;

namespace Skep.Vectors.Tests.Codes;

public sealed class BitCodecTests
{
    private const int Dimension = 100;

    [Theory]
    [InlineData(VectorMetric.Cosine)]
    [InlineData(VectorMetric.L2)]
    [InlineData(VectorMetric.InnerProduct)]
    public void Over_random_rotations_the_estimate_is_right_on_average(VectorMetric metric)
    {
        var vectors = CodedRows.Normalised(TestVectors.Clustered(40, Dimension));
        var query = CodedRows.Normalised(TestVectors.Clustered(1, Dimension, seed: 9))[0];
        const int rotations = 300;
        var errors = vectors.Select(_ => new double[rotations]).ToArray();
        for (var rotation = 0; rotation < rotations; rotation++)
        {
            using var rows = new CodedRows(BitCodec.Calibrate(metric, Dimension, [.. vectors.SelectMany(v => v)], (ulong)rotation), vectors);
            var estimates = rows.ToQuery(query);
            for (var row = 0; row < vectors.Length; row++) errors[row][rotation] = estimates[row] - TestVectors.Distance(vectors[row], query, metric);
        }

        foreach (var of in errors)
        {
            var (mean, squares) = (of.Average(), of.Average(e => e * e));
            // Five standard errors: of 120 averages, none is expected beyond.
            Assert.InRange(Math.Abs(mean), 0, 5 * Math.Sqrt(squares / rotations));
        }
    }

    [Theory]
    [InlineData(VectorMetric.Cosine)]
    [InlineData(VectorMetric.L2)]
    [InlineData(VectorMetric.InnerProduct)]
    public void Nineteen_errors_of_twenty_are_within_the_bound_and_the_bound_is_not_idle(VectorMetric metric)
    {
        var vectors = TestVectors.Clustered(1_000, Dimension);
        if (metric == VectorMetric.Cosine) vectors = CodedRows.Normalised(vectors);
        using var rows = new CodedRows(CodedRows.Calibrate(VectorCodes.Bit1, metric, vectors), vectors);
        var (within, below, all) = (0, 0, 0);
        foreach (var probe in TestVectors.Clustered(40, Dimension, seed: 4))
        {
            var query = metric == VectorMetric.Cosine ? CodedRows.Normalised([probe])[0] : probe;
            var estimates = rows.ToQuery(query);
            for (var row = 0; row < vectors.Length; row++, all++)
            {
                var error = estimates[row] - TestVectors.Distance(vectors[row], query, metric);
                if (Math.Abs(error) <= rows.Margin(row)) within++;
                if (error <= rows.Margin(row)) below++;
            }
        }

        Assert.InRange(within / (double)all, 0.92, 0.98);
        Assert.InRange(below / (double)all, 0.955, 0.995);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(384)]
    [InlineData(1_000)]
    public unsafe void A_rotation_keeps_lengths_and_products_and_spreads_a_single_axis_over_all(int dimension)
    {
        var rotation = new RandomRotation(dimension, 7);
        var vectors = TestVectors.Clustered(2, dimension);
        var axis = new float[dimension];
        axis[dimension / 2] = 1;
        var (x, y, spread) = (new float[rotation.Length], new float[rotation.Length], new float[rotation.Length]);
        fixed (float* a = vectors[0], b = vectors[1], c = axis, p = x, q = y, r = spread)
        {
            rotation.Apply(a, null, p);
            rotation.Apply(b, null, q);
            rotation.Apply(c, null, r);
        }

        Assert.Equal(TestVectors.Distance(vectors[0], vectors[1], VectorMetric.L2), TestVectors.Distance(x, y, VectorMetric.L2), 1e-2);
        Assert.Equal(TestVectors.Distance(vectors[0], vectors[1], VectorMetric.InnerProduct), TestVectors.Distance(x, y, VectorMetric.InnerProduct), 1e-2);
        Assert.Equal(1, spread.Sum(v => v * v), 1e-4);
        // Of n normal numbers of variance 1 / n the largest is near sqrt(2 ln n / n).
        Assert.InRange(spread.Max(Math.Abs), 1 / Math.Sqrt(rotation.Length), 5 / Math.Sqrt(rotation.Length));
    }

    [Fact]
    public void Without_room_for_finer_codes_links_are_chosen_by_the_rows_themselves()
    {
        var vectors = TestVectors.Clustered(1_500, 48);
        var options = new VectorIndexOptions { Dimension = 48, Codes = VectorCodes.Bit1, MaxRows = 2_000 };
        using var roomy = new VectorIndex(options);
        foreach (var vector in vectors) roomy.Add(vector);
        roomy.Link(1);
        using var tight = new VectorIndex(options with { MemoryLimit = roomy.BytesInUse + 1_000 });
        foreach (var vector in vectors) tight.Add(vector);
        tight.Link(1);

        Assert.Equal(1_500, tight.Linked);
        var hits = new VectorHit[1];
        var found = vectors.Where((v, i) => tight.Search(v, hits, new SearchSettings { Ef = 20 }) == 1 && hits[0].Row == i).Count();
        Assert.InRange(found, 1_490, 1_500);
    }

    [Fact]
    public void A_search_walks_over_an_eighth_of_what_it_would_in_full_precision()
    {
        var vectors = TestVectors.Clustered(1_500, 384);
        using var index = new VectorIndex(new VectorIndexOptions { Dimension = 384, Codes = VectorCodes.Bit1, MaxRows = 2_000 });
        using var full = new VectorIndex(new VectorIndexOptions { Dimension = 384, Codes = VectorCodes.Full, MaxRows = 2_000 });
        foreach (var vector in vectors)
        {
            index.Add(vector);
            full.Add(vector);
        }

        index.Link(2);
        full.Link(2);
        Assert.Equal(full.BytesInUse, full.BytesWalked);
        Assert.InRange(index.BytesWalked / (double)full.BytesWalked, 0.1, 0.12);
    }
}
