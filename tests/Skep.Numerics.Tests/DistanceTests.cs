namespace Skep.Numerics.Tests;

public sealed class DistanceTests
{
    public delegate float Kernel(ReadOnlySpan<float> x, ReadOnlySpan<float> y);

    internal delegate double Reference(ReadOnlySpan<float> x, ReadOnlySpan<float> y);

    private static readonly Dictionary<string, (Kernel Kernel, Kernel Unchecked, Reference Reference, Func<double, double, double> Term)> All = new(StringComparer.Ordinal)
    {
        ["dot"] = (VectorDistance.Dot, Raw(Pointer.Dot), ScalarReference.Dot, (x, y) => Math.Abs(x * y)),
        ["squared-l2"] = (VectorDistance.SquaredL2, Raw(Pointer.SquaredL2), ScalarReference.SquaredL2, (x, y) => 3 * (x - y) * (x - y)),
        ["l1"] = (VectorDistance.L1, Raw(Pointer.L1), ScalarReference.L1, (x, y) => Math.Abs(x - y)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_sum_is_that_of_the_formula_at_every_length_and_offset(string name)
    {
        foreach (var length in Samples.Lengths)
            foreach (var offset in Samples.Offsets)
                Check(name, Samples.Floats(length, length), Samples.Floats(length, length + 1000), offset);
    }

    [Theory, MemberData(nameof(Names))]
    public void Subnormal_and_big_numbers_count_as_what_they_are(string name)
    {
        foreach (var scale in new[] { 1e-40f, 1e-22f, 1e-18f, 1e15f, 1e18f })
            foreach (var length in new[] { 1, 7, 16, 33, 65, 130, 257 })
                Check(name, Samples.Floats(length, 5, scale), Samples.Floats(length, 6, scale), 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void Overflow_is_infinite(string name)
    {
        foreach (var length in new[] { 2, 16, 31, 64, 129 })
            Assert.Equal(float.PositiveInfinity, All[name].Kernel([.. Enumerable.Repeat(3e38f, length)], [.. Enumerable.Repeat(name == "dot" ? 3e38f : -3e38f, length)]));
    }

    [Theory, MemberData(nameof(Names))]
    public void NaN_and_infinity_propagate_from_every_place_as_in_the_formula(string name)
    {
        foreach (var length in new[] { 1, 3, 15, 16, 17, 31, 65, 79, 129 })
            for (var at = 0; at < length; at++)
                foreach (var special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                    foreach (var other in new[] { 0.5f, 0f, special, -special })
                    {
                        var (x, y) = (Samples.Floats(length, 1), Samples.Floats(length, 2));
                        (x[at], y[at]) = (special, other);
                        Check(name, x, y, 1);
                        Check(name, y, x, 0);
                    }
    }

    [Theory, MemberData(nameof(Names))]
    public void Different_lengths_are_refused_by_name(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => All[name].Kernel(new float[3], new float[4]));
        Assert.Contains("3 and 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cosine_is_that_of_the_formula_at_every_length_and_offset()
    {
        foreach (var length in Samples.Lengths.Where(l => l > 0))
            foreach (var offset in Samples.Offsets)
                Cosine(Samples.Floats(length, length), Samples.Floats(length, length + 1000), offset);
    }

    [Fact]
    public void A_cosine_is_right_where_squares_overflow_or_vanish()
    {
        foreach (var scale in new[] { 1e-42f, 1e-38f, 1e-25f, 1e-15f, 1e19f, 1e30f, 3e38f })
            foreach (var length in new[] { 1, 8, 17, 64, 100 })
                Cosine(Samples.Floats(length, 3, scale), Samples.Floats(length, 4), 1);
    }

    [Fact]
    public void A_cosine_with_zero_or_NaN_is_NaN()
    {
        foreach (var length in new[] { 0, 1, 15, 16, 40, 64, 65 })
        {
            var ones = Enumerable.Repeat(1f, length).ToArray();
            Assert.True(float.IsNaN(VectorDistance.CosineSimilarity(ones, new float[length])));
            Assert.True(float.IsNaN(VectorDistance.Cosine(new float[length], ones)));
            for (var at = 0; at < length; at++)
            {
                var bad = (float[])ones.Clone();
                bad[at] = float.NaN;
                Assert.True(float.IsNaN(VectorDistance.CosineSimilarity(ones, bad)));
            }
        }

        Assert.Throws<ArgumentException>(() => VectorDistance.Cosine(new float[2], new float[1]));
    }

    private static void Check(string name, float[] x, float[] y, int offset)
    {
        var (kernel, raw, reference, term) = All[name];
        double magnitudes = 0;
        for (var i = 0; i < x.Length; i++) magnitudes += term(x[i], y[i]);
        var a = Samples.Misaligned<float>(x, offset, float.NaN);
        var b = Samples.Misaligned<float>(y, (offset * 2) + 1, float.NaN);
        var actual = kernel(a, b);
        Close.Sum(reference(x, y), actual, magnitudes, x.Length, $"{name} of {x.Length} at {offset}");
        Assert.Equal(actual, raw(a, b));
    }

    private static void Cosine(float[] x, float[] y, int offset)
    {
        var actual = VectorDistance.CosineSimilarity(Samples.Misaligned<float>(x, offset, float.NaN), Samples.Misaligned<float>(y, offset + 1, float.NaN));
        Assert.True(Math.Abs(ScalarReference.CosineSimilarity(x, y) - actual) <= (x.Length + 8) * 1.2e-7, $"{x.Length} at {offset}: {actual}");
        Assert.Equal(1 - actual, VectorDistance.Cosine(x, y), 1e-5f);
    }

    private static unsafe Kernel Raw(Pointer kernel) => (x, y) =>
    {
        fixed (float* a = x, b = y)
            return kernel switch
            {
                Pointer.Dot => VectorDistance.Dot(a, b, x.Length),
                Pointer.SquaredL2 => VectorDistance.SquaredL2(a, b, x.Length),
                _ => VectorDistance.L1(a, b, x.Length),
            };
    };

    private enum Pointer
    {
        Dot,
        SquaredL2,
        L1,
    }
}
