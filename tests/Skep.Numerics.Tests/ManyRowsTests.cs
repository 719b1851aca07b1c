namespace Skep.Numerics.Tests;

public sealed class ManyRowsTests
{
    private const int Rows = 23;

    public static TheoryData<string> Names => ["dot", "squared-l2", "l1"];

    [Theory, MemberData(nameof(Names))]
    public void Chosen_rows_give_the_same_bits_as_one_by_one(string name)
    {
        foreach (var (dimensions, stride) in Shapes())
            for (var count = 0; count <= 13; count++)
            {
                var (query, rows) = (Samples.Floats(dimensions, 1), Matrix(dimensions, stride));
                var ids = Enumerable.Range(0, count).Select(i => i * 7 % Rows).ToArray();
                var results = new float[count + 1];
                Many(name, query, rows, stride, ids, results);
                Assert.Equal(ids.Select(id => One(name, query, rows.AsSpan(id * stride, dimensions))), results[..count]);
                Assert.Equal(0, results[count]);
            }
    }

    [Theory, MemberData(nameof(Names))]
    public void Consecutive_rows_give_the_same_bits_as_one_by_one(string name)
    {
        foreach (var (dimensions, stride) in Shapes())
            for (var count = 0; count <= 9; count++)
            {
                var (query, rows) = (Samples.Floats(dimensions, 1), Matrix(dimensions, stride));
                var results = new float[count];
                InRow(name, query, rows, stride, results);
                Assert.Equal(Enumerable.Range(0, count).Select(id => One(name, query, rows.AsSpan(id * stride, dimensions))), results);
            }
    }

    [Fact]
    public unsafe void Unchecked_overloads_give_the_same()
    {
        var (query, rows) = (Samples.Floats(128, 1), Matrix(128, 130));
        int[] ids = [22, 0, 5, 5, 9];
        var (expected, actual) = (new float[5], new float[5]);
        fixed (float* q = query, r = rows)
        {
            VectorDistance.DotMany(query, rows, 130, ids, expected);
            VectorDistance.DotMany(q, 128, r, 130, ids, actual);
            Assert.Equal(expected, actual);
            VectorDistance.SquaredL2Many(query, rows, 130, ids, expected);
            VectorDistance.SquaredL2Many(q, 128, r, 130, ids, actual);
            Assert.Equal(expected, actual);
            VectorDistance.DotRows(query, rows, 130, expected);
            VectorDistance.DotRows(q, 128, r, 130, actual);
            Assert.Equal(expected, actual);
            VectorDistance.SquaredL2Rows(query, rows, 130, expected);
            VectorDistance.SquaredL2Rows(q, 128, r, 130, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Rows_outside_small_strides_and_missing_room_are_refused()
    {
        var rows = new float[(2 * 5) + 4];
        VectorDistance.DotMany(new float[4], rows, 5, [0, 1, 2], new float[3]);
        foreach (var id in new[] { -1, 3, int.MaxValue, int.MinValue })
            Assert.Contains($"no row {id}", Assert.Throws<ArgumentOutOfRangeException>(() => VectorDistance.DotMany(new float[4], rows, 5, [id], new float[1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => VectorDistance.DotMany(new float[4], rows, 3, [0], new float[1]));
        Assert.Throws<ArgumentException>(() => VectorDistance.DotMany(new float[4], rows, 5, [0, 1], new float[1]));
        Assert.Throws<ArgumentException>(() => VectorDistance.DotRows(new float[4], rows, 5, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => VectorDistance.DotRows(new float[4], rows, 3, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => VectorDistance.DotMany(new float[4], new float[3], 4, [0], new float[1]));
    }

    private static IEnumerable<(int Dimensions, int Stride)> Shapes() => [(1, 1), (3, 5), (16, 16), (63, 70), (64, 64), (65, 65), (128, 130), (384, 384), (400, 400)];

    private static float[] Matrix(int dimensions, int stride) => Samples.Floats(((Rows - 1) * stride) + dimensions, 9);

    private static float One(string name, ReadOnlySpan<float> x, ReadOnlySpan<float> y) =>
        name switch { "dot" => VectorDistance.Dot(x, y), "l1" => VectorDistance.L1(x, y), _ => VectorDistance.SquaredL2(x, y) };

    private static void Many(string name, float[] query, float[] rows, int stride, int[] ids, float[] results)
    {
        if (name == "dot") VectorDistance.DotMany(query, rows, stride, ids, results);
        else if (name == "l1") VectorDistance.L1Many(query, rows, stride, ids, results);
        else VectorDistance.SquaredL2Many(query, rows, stride, ids, results);
    }

    private static void InRow(string name, float[] query, float[] rows, int stride, float[] results)
    {
        if (name == "dot") VectorDistance.DotRows(query, rows, stride, results);
        else if (name == "l1") VectorDistance.L1Rows(query, rows, stride, results);
        else VectorDistance.SquaredL2Rows(query, rows, stride, results);
    }
}
