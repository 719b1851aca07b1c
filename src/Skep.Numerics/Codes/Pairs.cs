using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Skep.Numerics;

/// <summary>Products of small integers, summed into 32 bits. Which lane takes which product differs; only the sum over all lanes means something.</summary>
internal static class Pairs
{
    /// <summary>Unsigned times signed bytes whose pairwise sums fit 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddBytes(Vector512<int> sum, Vector512<byte> x, Vector512<sbyte> y) =>
        AddShorts(sum, Avx512BW.MultiplyAddAdjacent(x, y), Vector512<short>.One);

    /// <summary>Unsigned times signed bytes whose pairwise sums fit 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddBytes(Vector256<int> sum, Vector256<byte> x, Vector256<sbyte> y) =>
        AddShorts(sum, Avx2.MultiplyAddAdjacent(x, y), Vector256<short>.One);

    /// <summary>Unsigned bytes of which those of y are at most 127, and whose pairwise sums fit 16 signed bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddBytes(Vector128<int> sum, Vector128<byte> x, Vector128<byte> y) =>
        Ssse3.IsSupported ? sum + Sse2.MultiplyAddAdjacent(Ssse3.MultiplyAddAdjacent(x, y.AsSByte()), Vector128<short>.One) : AddUnsignedBytes(sum, x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddShorts(Vector512<int> sum, Vector512<short> x, Vector512<short> y) => sum + Avx512BW.MultiplyAddAdjacent(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddShorts(Vector256<int> sum, Vector256<short> x, Vector256<short> y) => sum + Avx2.MultiplyAddAdjacent(x, y);

    /// <summary>Any unsigned bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddUnsignedBytes(Vector128<int> sum, Vector128<byte> x, Vector128<byte> y)
    {
        if (Dp.IsSupported) return Dp.DotProduct(sum.AsUInt32(), x, y).AsInt32();
        var (xl, xh) = Vector128.Widen(x);
        var (yl, yh) = Vector128.Widen(y);
        var (ll, lh) = Vector128.Widen(xl * yl);
        var (hl, hh) = Vector128.Widen(xh * yh);
        return sum + ((ll + lh) + (hl + hh)).AsInt32();
    }

    /// <summary>Any signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddSignedBytes(Vector128<int> sum, Vector128<sbyte> x, Vector128<sbyte> y)
    {
        if (Dp.IsSupported) return Dp.DotProduct(sum, x, y);
        var (xl, xh) = Vector128.Widen(x);
        var (yl, yh) = Vector128.Widen(y);
        if (Sse2.IsSupported) return sum + Sse2.MultiplyAddAdjacent(xl, yl) + Sse2.MultiplyAddAdjacent(xh, yh);
        var (ll, lh) = Vector128.Widen(xl * yl);
        var (hl, hh) = Vector128.Widen(xh * yh);
        return sum + ((ll + lh) + (hl + hh));
    }
}
