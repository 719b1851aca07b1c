using Skep.Vectors.Spaces;

namespace Skep.Vectors.Tests.Codes;

public sealed class RowCodecTests
{
    public static TheoryData<VectorMetric, VectorCodes, int> Kinds()
    {
        var data = new TheoryData<VectorMetric, VectorCodes, int>();
        foreach (var metric in Enum.GetValues<VectorMetric>())
            foreach (var codes in Enum.GetValues<VectorCodes>())
                foreach (var dimension in new[] { 1, 7, 100, 384 }) data.Add(metric, codes, dimension);
        return data;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Distances_by_codes_are_as_near_to_the_true_ones_as_so_many_bits_can_be(VectorMetric metric, VectorCodes codes, int dimension)
    {
        var vectors = Vectors(600, dimension, metric, seed: 1);
        using var rows = new CodedRows(CodedRows.Calibrate(codes, metric, vectors), vectors);
        var probes = Vectors(20, dimension, metric, seed: 2);

        var (most, mostBetween) = Bounds(codes);
        Assert.InRange(Error(vectors, probes, metric, i => rows.ToQuery(probes[i])), 0, most);
        Assert.InRange(Error(vectors, vectors[..20], metric, rows.ToRow), 0, mostBetween);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_codec_that_was_written_and_read_codes_the_same_bytes_and_finds_the_same_distances(VectorMetric metric, VectorCodes codes, int dimension)
    {
        var vectors = Vectors(300, dimension, metric, seed: 3);
        var codec = CodedRows.Calibrate(codes, metric, vectors);
        var read = RowCodecs.Read(codes, metric, dimension, codec.Write());
        using CodedRows before = new(codec, vectors), after = new(read, vectors);

        Assert.Equal((codes, metric, dimension), (read.Codes, read.Metric, read.Dimension));
        Assert.Equal(before.Bytes.ToArray(), after.Bytes.ToArray());
        Assert.Equal(before.ToQuery(vectors[5]), after.ToQuery(vectors[5]));
        Assert.Equal(before.ToRow(5), after.ToRow(5));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_that_are_all_the_same_are_at_the_distance_of_that_one(VectorMetric metric, VectorCodes codes, int dimension)
    {
        var one = Vectors(1, dimension, metric, seed: 4)[0];
        var vectors = Enumerable.Repeat(one, 300).ToArray();
        using var rows = new CodedRows(CodedRows.Calibrate(codes, metric, vectors), vectors);
        var other = Vectors(1, dimension, metric, seed: 5)[0];
        var scale = 1 + Math.Sqrt(one.Sum(x => x * x) * other.Sum(x => x * x)) + other.Sum(x => x * x);
        foreach (var query in new[] { one, other })
        {
            var truth = TestVectors.Distance(one, query, metric);
            Assert.All(rows.ToQuery(query), d => Assert.Equal(truth, d, 0.02 * scale));
        }
    }

    /// <summary>The root of the mean squared error, in units of how far the true distances from a probe vary.</summary>
    private static double Error(float[][] vectors, float[][] probes, VectorMetric metric, Func<int, float[]> estimates)
    {
        var (errors, spreads) = (0.0, 0.0);
        for (var i = 0; i < probes.Length; i++)
        {
            var truth = vectors.Select(v => TestVectors.Distance(v, probes[i], metric)).ToArray();
            var mean = truth.Average();
            errors += estimates(i).Zip(truth, (a, b) => (a - b) * (a - b)).Sum();
            spreads += truth.Sum(d => (d - mean) * (d - mean));
        }

        return Math.Sqrt(errors / spreads);
    }

    private static (double Query, double Between) Bounds(VectorCodes codes) => codes switch
    {
        VectorCodes.Full => (1e-4, 1e-4),
        VectorCodes.Bits7 => (0.045, 0.045),
        VectorCodes.Bits4 => (0.13, 0.17),
        _ => (0.75, 1),
    };

    private static float[][] Vectors(int count, int dimension, VectorMetric metric, int seed)
    {
        var vectors = TestVectors.Clustered(count, dimension, seed);
        return metric == VectorMetric.Cosine ? CodedRows.Normalised(vectors) : vectors;
    }
}
