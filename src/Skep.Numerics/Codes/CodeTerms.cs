using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Skep.Numerics;

/// <summary>What a pair of small integers adds to a sum, at every width. A pair of zeros adds nothing: tails are filled with zeros.</summary>
internal interface ICodeTerm
{
    /// <summary>Whether 256 bits are the better width although there are 512: .NET has the instruction that fits best (VNNI) only there.</summary>
    static abstract bool Prefers256 { get; }

    static abstract Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> y);

    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> y);

    static abstract Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> y);

    static abstract int Add(int sum, byte x, byte y);
}

/// <summary>x·y of codes from 0 to 127. As y is also a valid signed byte, and two products are at most 2·127² = 32,258, the pairwise product-sum cannot saturate.</summary>
internal readonly struct U7Product : ICodeTerm
{
    public static bool Prefers256 => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> y) => Pairs.AddBytes(sum, x, y.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> y) =>
        Simd.HasVnni ? AvxVnni.MultiplyWideningAndAdd(sum, x, y.AsSByte()) : Pairs.AddBytes(sum, x, y.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> y) => Pairs.AddBytes(sum, x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int sum, byte x, byte y) => sum + (x * y);
}

/// <summary>(x − y)² of codes from 0 to 127: the magnitude of the difference is again such a code.</summary>
internal readonly struct U7SquaredDifference : ICodeTerm
{
    public static bool Prefers256 => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> y)
    {
        var d = Vector512.Max(x, y) - Vector512.Min(x, y);
        return U7Product.Add(sum, d, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> y)
    {
        var d = Vector256.Max(x, y) - Vector256.Min(x, y);
        return U7Product.Add(sum, d, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> y)
    {
        var d = Vector128.Max(x, y) - Vector128.Min(x, y);
        return U7Product.Add(sum, d, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int sum, byte x, byte y) => sum + ((x - y) * (x - y));
}

/// <summary>
/// x·y of signed bytes. Pairwise products of 8-bit numbers saturate at 16 bits (2·128² &gt; 32,767), so either VNNI sums four products in 32 bits, for which x is
/// moved by 128 to be unsigned and 128·y taken away again, or even and odd bytes are widened to 16 bits.
/// </summary>
internal readonly struct I8Product : ICodeTerm
{
    public static bool Prefers256 => Simd.HasVnni;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> y)
    {
        var (u, v) = (x.AsInt16(), y.AsInt16());
        sum = Pairs.AddShorts(sum, u >> 8, v >> 8);
        return Pairs.AddShorts(sum, (u << 8) >> 8, (v << 8) >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> y)
    {
        if (Simd.HasVnni)
        {
            var offset = Vector256.Create((byte)128);
            return AvxVnni.MultiplyWideningAndAdd(sum, x ^ offset, y.AsSByte()) - AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, offset, y.AsSByte());
        }

        var (u, v) = (x.AsInt16(), y.AsInt16());
        sum = Pairs.AddShorts(sum, u >> 8, v >> 8);
        return Pairs.AddShorts(sum, (u << 8) >> 8, (v << 8) >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> y) => Pairs.AddSignedBytes(sum, x.AsSByte(), y.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int sum, byte x, byte y) => sum + ((sbyte)x * (sbyte)y);
}

/// <summary>(x − y)² of signed bytes. The magnitude of the difference fits an unsigned byte, and its square 16 bits only unsigned: even and odd bytes are widened.</summary>
internal readonly struct I8SquaredDifference : ICodeTerm
{
    public static bool Prefers256 => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> y)
    {
        var (u, v) = (x.AsSByte(), y.AsSByte());
        var d = (Vector512.Max(u, v) - Vector512.Min(u, v)).AsUInt16();
        var (odd, even) = ((d >> 8).AsInt16(), (d & Vector512.Create((ushort)255)).AsInt16());
        return Pairs.AddShorts(Pairs.AddShorts(sum, odd, odd), even, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> y)
    {
        var (u, v) = (x.AsSByte(), y.AsSByte());
        var d = (Vector256.Max(u, v) - Vector256.Min(u, v)).AsUInt16();
        var (odd, even) = ((d >> 8).AsInt16(), (d & Vector256.Create((ushort)255)).AsInt16());
        return Pairs.AddShorts(Pairs.AddShorts(sum, odd, odd), even, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> y)
    {
        var (u, v) = (x.AsSByte(), y.AsSByte());
        var d = (Vector128.Max(u, v) - Vector128.Min(u, v)).AsByte();
        return Pairs.AddUnsignedBytes(sum, d, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int sum, byte x, byte y) => sum + (((sbyte)x - (sbyte)y) * ((sbyte)x - (sbyte)y));
}
