using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>Sums a term over two vectors of bytes; exact, so every level gives the same number.</summary>
/// <remarks>Blocks are 128 bytes, tails as in <see cref="PairSum"/>: 384 and 768 have none.</remarks>
internal static class CodeSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of<T>(ref byte x, ref byte y, nuint length)
        where T : struct, ICodeTerm
    {
        if (Simd.Has512 && !T.Prefers256) return Wide512<T>(ref x, ref y, length);
        if (Simd.Has256) return Wide256<T>(ref x, ref y, length);
        return Wide128<T>(ref x, ref y, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Wide512<T>(ref byte x, ref byte y, nuint length)
        where T : struct, ICodeTerm
    {
        const int W = 64;
        if (length < W) return Wide128<T>(ref x, ref y, length);
        Vector512<int> s0 = default, s1 = default;
        nuint i = 0;
        for (; i + (2 * W) <= length; i += 2 * W)
        {
            s0 = T.Add(s0, Vector512.LoadUnsafe(ref x, i), Vector512.LoadUnsafe(ref y, i));
            s1 = T.Add(s1, Vector512.LoadUnsafe(ref x, i + W), Vector512.LoadUnsafe(ref y, i + W));
        }

        for (; i + W <= length; i += W) s0 = T.Add(s0, Vector512.LoadUnsafe(ref x, i), Vector512.LoadUnsafe(ref y, i));
        if (i < length)
        {
            var keep = Tail.ByteMask512(length - i);
            s1 = T.Add(s1, Vector512.LoadUnsafe(ref x, length - W) & keep, Vector512.LoadUnsafe(ref y, length - W) & keep);
        }

        return Vector512.Sum(s0 + s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Wide256<T>(ref byte x, ref byte y, nuint length)
        where T : struct, ICodeTerm
    {
        const int W = 32;
        if (length < W) return Wide128<T>(ref x, ref y, length);
        Vector256<int> s0 = default, s1 = default, s2 = default, s3 = default;
        nuint i = 0;
        for (; i + (4 * W) <= length; i += 4 * W)
        {
            s0 = T.Add(s0, Vector256.LoadUnsafe(ref x, i), Vector256.LoadUnsafe(ref y, i));
            s1 = T.Add(s1, Vector256.LoadUnsafe(ref x, i + W), Vector256.LoadUnsafe(ref y, i + W));
            s2 = T.Add(s2, Vector256.LoadUnsafe(ref x, i + (2 * W)), Vector256.LoadUnsafe(ref y, i + (2 * W)));
            s3 = T.Add(s3, Vector256.LoadUnsafe(ref x, i + (3 * W)), Vector256.LoadUnsafe(ref y, i + (3 * W)));
        }

        for (; i + W <= length; i += W) s0 = T.Add(s0, Vector256.LoadUnsafe(ref x, i), Vector256.LoadUnsafe(ref y, i));
        if (i < length)
        {
            var keep = Tail.ByteMask256(length - i);
            s1 = T.Add(s1, Vector256.LoadUnsafe(ref x, length - W) & keep, Vector256.LoadUnsafe(ref y, length - W) & keep);
        }

        return Vector256.Sum((s0 + s1) + (s2 + s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Wide128<T>(ref byte x, ref byte y, nuint length)
        where T : struct, ICodeTerm
    {
        nuint i = 0;
        var sum = 0;
        if (Simd.Has128 && length >= 16)
        {
            Vector128<int> s0 = default, s1 = default;
            for (; i + 32 <= length; i += 32)
            {
                s0 = T.Add(s0, Vector128.LoadUnsafe(ref x, i), Vector128.LoadUnsafe(ref y, i));
                s1 = T.Add(s1, Vector128.LoadUnsafe(ref x, i + 16), Vector128.LoadUnsafe(ref y, i + 16));
            }

            for (; i + 16 <= length; i += 16) s0 = T.Add(s0, Vector128.LoadUnsafe(ref x, i), Vector128.LoadUnsafe(ref y, i));
            sum = Vector128.Sum(s0 + s1);
        }

        for (; i < length; i++) sum = T.Add(sum, Unsafe.Add(ref x, i), Unsafe.Add(ref y, i));
        return sum;
    }
}
