namespace Skep.Numerics.Tests;

public sealed class VectorMathTests
{
    [Fact]
    public void Sums_and_norms_are_those_of_the_formula()
    {
        foreach (var length in Samples.Lengths)
            foreach (var offset in Samples.Offsets)
            {
                var values = Samples.Floats(length, length);
                var x = Samples.Misaligned<float>(values, offset, float.NaN);
                Close.Sum(ScalarReference.Sum(x), VectorMath.Sum(x), values.Sum(v => Math.Abs((double)v)), length, $"sum of {length}");
                Close.Sum(ScalarReference.Dot(x, x), VectorMath.SumOfSquares(x), ScalarReference.Dot(x, x), length, $"squares of {length}");
                Close.Sum(ScalarReference.Norm(x), VectorMath.Norm(x), ScalarReference.Norm(x), length, $"norm of {length}");
            }
    }

    [Fact]
    public void Norms_beyond_the_range_of_squares_are_right()
    {
        foreach (var scale in new[] { 1e-44f, 1e-38f, 1e-20f, 1e19f, 1e37f })
        {
            var x = Samples.Floats(50, 1, scale);
            Close.Sum(ScalarReference.Norm(x), VectorMath.Norm(x), ScalarReference.Norm(x), 50, $"norm of {scale}");
            if (scale < 1e-38f) continue;
            VectorMath.Normalize(x);
            Assert.Equal(1, ScalarReference.Norm(x), 1e-6);
        }
    }

    [Fact]
    public void A_multiple_is_added_to_each_number_and_to_nothing_beyond()
    {
        foreach (var length in Samples.Lengths)
            foreach (var offset in Samples.Offsets)
            {
                var sum = Samples.Floats(length + 1, length);
                var x = Samples.Misaligned<float>(Samples.Floats(length, 5), offset, float.NaN);
                var before = sum.ToArray();
                VectorMath.AddScaled(sum.AsSpan(0, length), x, -1.5f);
                for (var i = 0; i < length; i++) Assert.Equal(before[i] - (1.5 * x[i]), sum[i], 1e-6 * (Math.Abs(before[i]) + Math.Abs(1.5 * x[i])));
                Assert.Equal(before[length], sum[length]);
            }

        Assert.Throws<ArgumentException>(() => VectorMath.AddScaled(new float[3], new float[2], 1));
    }

    [Fact]
    public void A_normalised_vector_has_norm_1_and_the_same_direction()
    {
        foreach (var length in Samples.Lengths.Where(l => l > 0))
        {
            var values = Samples.Floats(length, length);
            var x = Samples.Misaligned<float>(values, 1, 7f);
            var norm = VectorMath.Normalize(x);
            Assert.Equal(VectorMath.Norm(values), norm);
            for (var i = 0; i < length; i++) Assert.Equal(values[i] / norm, x[i]);
            Assert.Equal(1, ScalarReference.Norm(x), 1e-6);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_has_no_direction_is_left_as_it_is_and_reported(float value)
    {
        foreach (var length in new[] { 1, 16, 70 })
        {
            var x = new float[length];
            x[^1] = value;
            Assert.Equal(value, VectorMath.Normalize(x));
            Assert.Equal(value, x[^1]);
            Assert.All(x[..^1], v => Assert.Equal(0f, v));
        }

        Assert.Equal(0, VectorMath.Normalize([]));
    }

    [Fact]
    public void Scaling_multiplies_each_element_once()
    {
        foreach (var length in Samples.Lengths)
        {
            var values = Samples.Floats(length, length);
            var x = Samples.Misaligned<float>(values, 3, 7f);
            VectorMath.Scale(x, 1.7f);
            for (var i = 0; i < length; i++) Assert.Equal(values[i] * 1.7f, x[i]);
        }
    }
}
