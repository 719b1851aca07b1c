namespace Skep.Numerics.Tests;

public sealed class ScalarQuantizerTests
{
    private static readonly float[] Special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.Epsilon, 3e38f, -3e38f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 126.5f, 127.49f];

    [Fact]
    public void Codes_are_those_of_the_formula_bit_for_bit()
    {
        foreach (var length in Samples.Lengths)
            foreach (var (scale, offset) in new[] { (63.5f, -1f), (1f, 0f), (1000f, 0.3f), (-40f, 0.1f), (float.PositiveInfinity, 0f) })
            {
                var values = Values(length);
                var x = Samples.Misaligned<float>(values, 1, 9f);
                var (codes, signed) = (new byte[length], new sbyte[length]);
                ScalarQuantizer.ToU7(x, scale, offset, codes);
                Assert.True(values.Select(v => (byte)Code(v, scale, offset, 0, 127)).SequenceEqual(codes), $"{length}");
                ScalarQuantizer.ToU4(x, scale, offset, codes);
                Assert.True(values.Select(v => (byte)Code(v, scale, offset, 0, 15)).SequenceEqual(codes), $"{length}");
                ScalarQuantizer.ToU8(x, scale, offset, codes);
                Assert.True(values.Select(v => (byte)Code(v, scale, offset, 0, 255)).SequenceEqual(codes), $"{length}");
                ScalarQuantizer.ToI8(x, scale, offset, signed);
                Assert.True(values.Select(v => (sbyte)Code(v, scale, offset, -127, 127)).SequenceEqual(signed), $"{length}");
            }
    }

    [Fact]
    public void Each_element_may_have_its_own_scale()
    {
        foreach (var length in Samples.Lengths)
        {
            var (values, scales, offsets) = (Values(length), Samples.Floats(length, 8, 100), Samples.Floats(length, 9));
            var (codes, signed) = (new byte[length], new sbyte[length]);
            ScalarQuantizer.ToU7(values, scales, offsets, codes);
            Assert.True(values.Select((v, i) => (byte)Code(v, scales[i], offsets[i], 0, 127)).SequenceEqual(codes), $"{length}");
            ScalarQuantizer.ToU4(values, scales, offsets, codes);
            Assert.True(values.Select((v, i) => (byte)Code(v, scales[i], offsets[i], 0, 15)).SequenceEqual(codes), $"{length}");
            ScalarQuantizer.ToI8(values, scales, offsets, signed);
            Assert.True(values.Select((v, i) => (sbyte)Code(v, scales[i], offsets[i], -127, 127)).SequenceEqual(signed), $"{length}");
        }
    }

    [Fact]
    public void What_comes_back_is_at_most_half_a_code_away()
    {
        var values = Samples.Floats(1000, 1);
        var (codes, signed, back) = (new byte[1000], new sbyte[1000], new float[1000]);
        ScalarQuantizer.ToU7(values, 63.5f, -1, codes);
        ScalarQuantizer.FromUnsigned(codes, 63.5f, -1, back);
        Assert.All(values.Zip(back), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 0.5001f / 63.5f));
        ScalarQuantizer.ToI8(values, 127, 0, signed);
        ScalarQuantizer.FromI8(signed, 127, 0, back);
        Assert.All(values.Zip(back), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 0.5001f / 127));
    }

    [Fact]
    public void Missing_room_and_scales_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ScalarQuantizer.ToU7(new float[2], 1, 0, new byte[1]));
        Assert.Throws<ArgumentException>(() => ScalarQuantizer.ToI8(new float[2], 1, 0, new sbyte[1]));
        Assert.Throws<ArgumentException>(() => ScalarQuantizer.ToU7(new float[2], new float[1], new float[2], new byte[2]));
        Assert.Throws<ArgumentException>(() => ScalarQuantizer.ToU4(new float[2], new float[2], new float[3], new byte[2]));
        Assert.Throws<ArgumentException>(() => ScalarQuantizer.FromUnsigned(new byte[2], 1, 0, new float[1]));
        Assert.Throws<ArgumentException>(() => ScalarQuantizer.FromI8(new sbyte[2], 1, 0, new float[1]));
    }

    private static int Code(float value, float scale, float offset, int least, int most)
    {
        var scaled = (value - offset) * scale;
        if (float.IsNaN(scaled)) scaled = 0;
        return (int)Math.Round(Math.Clamp((double)scaled, least, most), MidpointRounding.ToEven);
    }

    private static float[] Values(int length)
    {
        var values = Samples.Floats(length, length, 3);
        for (var i = 0; i < length; i += 3) values[i] = Special[i / 3 % Special.Length];
        return values;
    }
}
