using System.Runtime.InteropServices;

namespace Skep.Numerics.Tests;

public sealed unsafe class CodeTests
{
    [Fact]
    public void Sums_of_7_bit_codes_are_exact_at_every_length_and_offset() => EveryLength(127, (x, y) =>
    {
        fixed (byte* a = x, b = y)
        {
            Assert.Equal(ScalarReference.Dot(x, y), CodeDistance.DotU7(x, y));
            Assert.Equal(ScalarReference.Dot(x, y), CodeDistance.DotU7(a, b, x.Length));
            Assert.Equal(ScalarReference.SquaredL2(x, y), CodeDistance.SquaredL2U7(x, y));
            Assert.Equal(ScalarReference.SquaredL2(x, y), CodeDistance.SquaredL2U7(a, b, x.Length));
        }
    });

    [Fact]
    public void Sums_of_signed_codes_are_exact_at_every_length_and_offset() => EveryLength(255, (x, y) =>
    {
        var u = MemoryMarshal.Cast<byte, sbyte>(x);
        var v = MemoryMarshal.Cast<byte, sbyte>(y);
        fixed (sbyte* a = u, b = v)
        {
            Assert.Equal(ScalarReference.Dot(u, v), CodeDistance.DotI8(u, v));
            Assert.Equal(ScalarReference.Dot(u, v), CodeDistance.DotI8(a, b, x.Length));
            Assert.Equal(ScalarReference.SquaredL2(u, v), CodeDistance.SquaredL2I8(u, v));
            Assert.Equal(ScalarReference.SquaredL2(u, v), CodeDistance.SquaredL2I8(a, b, x.Length));
        }
    });

    [Fact]
    public void Sums_of_7_bit_codes_and_signed_ones_are_exact_at_every_length_and_offset() => EveryLength(255, (x, y) =>
    {
        byte[] low = [.. x.ToArray().Select(b => (byte)(b & 127))];
        sbyte[] signed = [.. y.ToArray().Select(b => (sbyte)Math.Max(-127, (int)(sbyte)b))];
        var truth = low.Zip(signed, (a, b) => a * b).Sum();
        fixed (byte* a = low)
        fixed (sbyte* b = signed)
        {
            Assert.Equal(truth, CodeDistance.DotU7I8(low, signed));
            Assert.Equal(truth, CodeDistance.DotU7I8(a, b, low.Length));
        }
    });

    [Fact]
    public void Sums_of_4_bit_codes_are_exact_at_every_length_and_offset() => EveryLength(255, (query, bytes) =>
    {
        byte[] x = [.. query.ToArray().Select(b => (byte)(b & 15))], y = [.. bytes.ToArray().Select(b => (byte)(b >> 4))];
        var (px, py) = (Pack(x), Pack(y));
        var misaligned = Samples.Misaligned<byte>(py, 3, 255);
        fixed (byte* a = query, b = misaligned, c = px)
        {
            Assert.Equal(ScalarReference.Dot(query, y), CodeDistance.DotU4(query, misaligned));
            Assert.Equal(ScalarReference.Dot(query, y), CodeDistance.DotU4(a, b, query.Length));
            var signed = MemoryMarshal.Cast<byte, sbyte>(query).ToArray();
            Assert.Equal(signed.Zip(y, (q, u) => q * u).Sum(), CodeDistance.DotU4I8(signed, misaligned));
            Assert.Equal(signed.Zip(y, (q, u) => q * u).Sum(), CodeDistance.DotU4I8((sbyte*)a, b, query.Length));
            Assert.Equal(ScalarReference.Dot((ReadOnlySpan<byte>)x, y), CodeDistance.DotU4U4(px, misaligned));
            Assert.Equal(ScalarReference.Dot((ReadOnlySpan<byte>)x, y), CodeDistance.DotU4U4(c, b, px.Length));
            Assert.Equal(ScalarReference.SquaredL2((ReadOnlySpan<byte>)x, y), CodeDistance.SquaredL2U4U4(px, misaligned));
            Assert.Equal(ScalarReference.SquaredL2((ReadOnlySpan<byte>)x, y), CodeDistance.SquaredL2U4U4(c, b, px.Length));
        }

        var unpacked = new byte[y.Length];
        CodeDistance.UnpackU4(py, unpacked);
        Assert.Equal(y, unpacked);
    });

    [Fact]
    public void The_largest_codes_neither_saturate_nor_overflow()
    {
        foreach (var length in new[] { 16, 64, 100, 384, CodeDistance.MaxLength })
        {
            byte[] top = Fill(length, 127), full = Fill(length, 255);
            var (low, high) = (Enumerable.Repeat(sbyte.MinValue, length).ToArray(), Enumerable.Repeat(sbyte.MaxValue, length).ToArray());
            Assert.Equal(127 * 127 * length, CodeDistance.DotU7(top, top));
            Assert.Equal(127 * 127 * length, CodeDistance.SquaredL2U7(top, new byte[length]));
            Assert.Equal(127 * 127 * length, CodeDistance.DotU7I8(top, high));
            Assert.Equal(-127 * 127 * length, CodeDistance.DotU7I8(top, Enumerable.Repeat((sbyte)-127, length).ToArray()));
            Assert.Equal(128 * 128 * length, CodeDistance.DotI8(low, low));
            Assert.Equal(-128 * 127 * length, CodeDistance.DotI8(low, high));
            Assert.Equal(-128 * 127 * length, CodeDistance.DotI8(high, low));
            Assert.Equal(255 * 255 * length, CodeDistance.SquaredL2I8(low, high));
            Assert.Equal(-127 * 15 * length, CodeDistance.DotU4I8(Enumerable.Repeat((sbyte)-127, length).ToArray(), Fill(length / 2, 255)));
            Assert.Equal(255 * 15 * length, CodeDistance.DotU4(full, Fill(length / 2, 255)));
        }
    }

    [Fact]
    public void Many_rows_give_what_one_gives()
    {
        foreach (var length in new[] { 1, 31, 64, 100, 384 })
            for (var count = 0; count < 11; count++)
            {
                var (stride, ids) = (length + 3, Enumerable.Range(0, count).Select(i => i * 5 % 12).ToArray());
                var (query, rows) = (Samples.Bytes(length, 1, 127), Samples.Bytes((11 * stride) + length, 2, 127));
                var (signed, signedRows) = (MemoryMarshal.Cast<byte, sbyte>(query).ToArray(), MemoryMarshal.Cast<byte, sbyte>(rows).ToArray());
                var results = new int[count];
                CodeDistance.DotU7Many(query, rows, stride, ids, results);
                Assert.Equal(ids.Select(i => CodeDistance.DotU7(query, rows.AsSpan(i * stride, length))), results);
                CodeDistance.SquaredL2U7Many(query, rows, stride, ids, results);
                Assert.Equal(ids.Select(i => CodeDistance.SquaredL2U7(query, rows.AsSpan(i * stride, length))), results);
                CodeDistance.DotI8Many(signed, signedRows, stride, ids, results);
                Assert.Equal(ids.Select(i => CodeDistance.DotI8(signed, signedRows.AsSpan(i * stride, length))), results);
                CodeDistance.SquaredL2I8Many(signed, signedRows, stride, ids, results);
                Assert.Equal(ids.Select(i => CodeDistance.SquaredL2I8(signed, signedRows.AsSpan(i * stride, length))), results);
                CodeDistance.DotU4Many(query, rows, stride, ids, results);
                Assert.Equal(ids.Select(i => CodeDistance.DotU4(query, rows.AsSpan(i * stride, CodeDistance.PackedLength(length)))), results);
            }
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        Assert.Throws<ArgumentException>(() => CodeDistance.DotU7(new byte[3], new byte[4]));
        Assert.Throws<ArgumentException>(() => CodeDistance.DotU4(new byte[3], new byte[3]));
        Assert.Throws<ArgumentException>(() => CodeDistance.PackU4(new byte[3], new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CodeDistance.DotU7Many(new byte[4], new byte[8], 4, [2], new int[1]));
        Assert.Throws<ArgumentException>(() => CodeDistance.DotI8Many(new sbyte[4], new sbyte[8], 4, [0, 1], new int[1]));
        var error = Assert.Throws<ArgumentException>(() => CodeDistance.DotI8(new sbyte[CodeDistance.MaxLength + 1], new sbyte[CodeDistance.MaxLength + 1]));
        Assert.Contains("in parts", error.Message, StringComparison.Ordinal);
    }

    private delegate void OfTwo(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y);

    private static void EveryLength(int max, OfTwo check)
    {
        foreach (var length in Samples.Lengths)
            foreach (var offset in Samples.Offsets)
                check(Samples.Misaligned<byte>(Samples.Bytes(length, length, max), offset, 99), Samples.Misaligned<byte>(Samples.Bytes(length, length + 1000, max), offset + 2, 77));
    }

    private static byte[] Pack(byte[] codes)
    {
        var packed = new byte[CodeDistance.PackedLength(codes.Length)];
        CodeDistance.PackU4(codes, packed);
        return packed;
    }

    private static byte[] Fill(int length, byte value) => [.. Enumerable.Repeat(value, length)];
}
