using System.Runtime.InteropServices;

namespace Skep.Numerics.Tests;

public sealed unsafe class BitTests
{
    [Fact]
    public void Hamming_distances_of_bytes_are_those_of_the_formula_at_every_length_and_offset()
    {
        foreach (var length in Samples.Lengths)
            foreach (var offset in Samples.Offsets)
            {
                var x = Samples.Misaligned<byte>(Samples.Bytes(length, length), offset, 0x55);
                var y = Samples.Misaligned<byte>(Samples.Bytes(length, length + 1), offset + 1, 0xAA);
                Assert.Equal(ScalarReference.Hamming(x, y), BitDistance.Hamming(x, y));
            }
    }

    [Fact]
    public void Words_are_counted_at_every_length()
    {
        for (var words = 0; words <= 70; words++)
        {
            ulong[] x = Samples.Words(words, words), y = Samples.Words(words, words + 1);
            var both = Samples.Words(words, 3).Select((_, i) => x[i] & y[i]).ToArray();
            var differing = ScalarReference.Hamming(MemoryMarshal.AsBytes<ulong>(x), MemoryMarshal.AsBytes<ulong>(y));
            Assert.Equal(differing, BitDistance.Hamming(x, y));
            fixed (ulong* a = x, b = y) Assert.Equal(differing, BitDistance.Hamming(a, b, words));
            Assert.Equal(ScalarReference.Hamming(MemoryMarshal.AsBytes<ulong>(both), new byte[words * 8]), BitDistance.Dot(x, y));
        }
    }

    [Fact]
    public void A_1_bit_code_sums_the_query_where_its_bits_are_set()
    {
        for (var length = 0; length <= 600; length += length < 140 ? 1 : 23)
        {
            var (query, code) = (Samples.Bytes(length, length, 15), Samples.Words(BitDistance.Words(length), length + 1));
            var planes = new ulong[4 * code.Length];
            BitDistance.SlicePlanes(query, planes);
            var expected = query.Where((_, i) => ((code[i / 64] >> (i % 64)) & 1) == 1).Sum(v => v);
            Assert.Equal(expected, BitDistance.DotPlanes(code, planes));
            fixed (ulong* c = code, p = planes)
            {
                Assert.Equal(expected, BitDistance.DotPlanes(c, p, code.Length));
                Assert.Equal((expected, BitDistance.Dot(code, code)), (BitDistance.DotPlanes(c, p, code.Length, out var ones), ones));
            }
        }
    }

    [Fact]
    public void Bits_say_what_is_greater_than_zero()
    {
        foreach (var length in Samples.Lengths)
        {
            var values = Samples.Floats(length, length);
            float[] special = [0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon];
            for (var i = 0; i < length; i += 5) values[i] = special[i / 5 % special.Length];
            var bits = new ulong[BitDistance.Words(length)];
            BitDistance.PackPositive(Samples.Misaligned<float>(values, 1, 1f), bits);
            for (var i = 0; i < bits.Length * 64; i++) Assert.Equal(i < length && values[i] > 0, ((bits[i / 64] >> (i % 64)) & 1) == 1);
        }
    }

    [Fact]
    public void Different_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => BitDistance.Hamming(new ulong[1], new ulong[2]));
        Assert.Throws<ArgumentException>(() => BitDistance.Hamming(new byte[1], new byte[2]));
        Assert.Throws<ArgumentException>(() => BitDistance.Dot(new ulong[1], new ulong[2]));
        Assert.Throws<ArgumentException>(() => BitDistance.DotPlanes(new ulong[2], new ulong[7]));
        Assert.Throws<ArgumentException>(() => BitDistance.SlicePlanes(new byte[65], new ulong[4]));
        Assert.Throws<ArgumentException>(() => BitDistance.PackPositive(new float[65], new ulong[1]));
    }
}
