namespace Skep.Numerics.Tests;

public sealed class HalfPrecisionTests
{
    /// <summary>So that tails meet special values too.</summary>
    private static readonly int[] Parts = [65_536, 1, 7, 8, 15, 16, 17, 31, 33];

    [Fact]
    public void Every_half_widens_to_the_number_it_is()
    {
        var all = Enumerable.Range(0, 65_536).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).ToArray();
        foreach (var part in Parts)
            for (var from = 0; from + part <= all.Length; from += part == 65_536 ? part : 997)
            {
                var singles = new float[part + 1];
                HalfPrecision.ToSingle(all.AsSpan(from, part), singles);
                for (var i = 0; i < part; i++) Same((float)all[from + i], singles[i]);
                Assert.Equal(0, singles[part]);
            }
    }

    [Fact]
    public void Singles_round_to_the_half_that_the_runtime_chooses()
    {
        var singles = Interesting();
        foreach (var part in Parts)
            for (var from = 0; from + part <= singles.Length; from += part == 65_536 ? part : 997)
            {
                var halves = new Half[part];
                HalfPrecision.ToHalf(singles.AsSpan(from, part), halves);
                for (var i = 0; i < part; i++) Same((float)(Half)singles[from + i], (float)halves[i]);
            }
    }

    [Fact]
    public void Every_bfloat16_widens_and_comes_back()
    {
        var all = Enumerable.Range(0, 65_536).Select(bits => (ushort)bits).ToArray();
        var (singles, back) = (new float[all.Length], new ushort[all.Length]);
        HalfPrecision.BFloat16ToSingle(all, singles);
        HalfPrecision.SingleToBFloat16(singles, back);
        for (var i = 0; i < all.Length; i++)
        {
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(singles[i]));
            Assert.Equal(float.IsNaN(singles[i]) ? (ushort)(i | 0x40) : (ushort)i, back[i]);
        }
    }

    [Fact]
    public void Singles_round_to_the_nearest_bfloat16_halves_to_even()
    {
        var singles = Interesting();
        foreach (var part in Parts)
            for (var from = 0; from + part <= singles.Length; from += part == 65_536 ? part : 997)
            {
                var bits = new ushort[part];
                HalfPrecision.SingleToBFloat16(singles.AsSpan(from, part), bits);
                for (var i = 0; i < part; i++) Nearest(singles[from + i], bits[i]);
            }
    }

    [Fact]
    public void Missing_room_is_refused()
    {
        Assert.Throws<ArgumentException>(() => HalfPrecision.ToSingle(new Half[2], new float[1]));
        Assert.Throws<ArgumentException>(() => HalfPrecision.ToHalf(new float[2], new Half[1]));
        Assert.Throws<ArgumentException>(() => HalfPrecision.BFloat16ToSingle(new ushort[2], new float[1]));
        Assert.Throws<ArgumentException>(() => HalfPrecision.SingleToBFloat16(new float[2], new ushort[1]));
    }

    /// <summary>The two neighbours of 16 bits around a number, and which of them the definition chooses.</summary>
    private static void Nearest(float single, ushort bits)
    {
        var actual = BitConverter.UInt32BitsToSingle((uint)bits << 16);
        if (float.IsNaN(single))
        {
            Assert.True(float.IsNaN(actual));
            return;
        }

        var below = (ushort)(BitConverter.SingleToUInt32Bits(single) >> 16);
        var cut = BitConverter.SingleToUInt32Bits(single) & 0xFFFF;
        var up = cut > 0x8000 || (cut == 0x8000 && (below & 1) == 1);
        Assert.Equal((ushort)(below + (up ? 1 : 0)), bits);
    }

    private static void Same(float expected, float actual)
    {
        if (float.IsNaN(expected)) Assert.True(float.IsNaN(actual));
        else Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(actual));
    }

    /// <summary>All halves, the numbers halfway between neighbours and beside them, and random bits.</summary>
    private static float[] Interesting()
    {
        var random = new Random(4);
        var singles = new float[4 * 65_536];
        for (var i = 0; i < 65_536; i++)
        {
            var half = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            var middle = float.IsFinite(half) ? (half + (float)BitConverter.UInt16BitsToHalf((ushort)(i + 1))) / 2 : half;
            (singles[4 * i], singles[(4 * i) + 1], singles[(4 * i) + 2]) = (half, middle, MathF.BitIncrement(middle));
            singles[(4 * i) + 3] = BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32));
        }

        return singles;
    }
}
