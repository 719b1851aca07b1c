using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>Sums a term over two vectors: four accumulators at the widest level, whole blocks first, then what is left.</summary>
/// <remarks>
/// Four accumulators hide the latency of a fused multiply-add behind two loads a cycle. Blocks are 64 elements (AVX-512) or 32 (AVX2), so the usual dimensions 384, 768,
/// 1,024 and 1,536 have no tail. A tail re-reads the last full register with what was counted already masked to zero, so nothing outside the vectors is ever read.
/// These loops, as all kernels here, are compiled optimised at once: compiled quickly first, as is usual, they would be ten times slower until the compiler comes
/// back to them, and a first search would be over by then.
/// </remarks>
internal static class PairSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of<T>(ref float x, ref float y, nuint length)
        where T : struct, IPairTerm
    {
        if (Simd.Has512) return Wide512<T>(ref x, ref y, length);
        if (Simd.Has256) return Wide256<T>(ref x, ref y, length);
        if (Simd.Has128) return Wide128<T>(ref x, ref y, length);
        return Scalar<T>(ref x, ref y, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Scalar<T>(ref float x, ref float y, nuint length)
        where T : struct, IPairTerm
    {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        nuint i = 0;
        for (; i + 4 <= length; i += 4)
        {
            s0 = T.Add(s0, Unsafe.Add(ref x, i), Unsafe.Add(ref y, i));
            s1 = T.Add(s1, Unsafe.Add(ref x, i + 1), Unsafe.Add(ref y, i + 1));
            s2 = T.Add(s2, Unsafe.Add(ref x, i + 2), Unsafe.Add(ref y, i + 2));
            s3 = T.Add(s3, Unsafe.Add(ref x, i + 3), Unsafe.Add(ref y, i + 3));
        }

        for (; i < length; i++) s0 = T.Add(s0, Unsafe.Add(ref x, i), Unsafe.Add(ref y, i));
        return (s0 + s1) + (s2 + s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Wide512<T>(ref float x, ref float y, nuint length)
        where T : struct, IPairTerm
    {
        const int W = 16;
        if (length < W) return Scalar<T>(ref x, ref y, length);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        nuint i = 0;
        for (; i + (4 * W) <= length; i += 4 * W)
        {
            s0 = T.Add(s0, Vector512.LoadUnsafe(ref x, i), Vector512.LoadUnsafe(ref y, i));
            s1 = T.Add(s1, Vector512.LoadUnsafe(ref x, i + W), Vector512.LoadUnsafe(ref y, i + W));
            s2 = T.Add(s2, Vector512.LoadUnsafe(ref x, i + (2 * W)), Vector512.LoadUnsafe(ref y, i + (2 * W)));
            s3 = T.Add(s3, Vector512.LoadUnsafe(ref x, i + (3 * W)), Vector512.LoadUnsafe(ref y, i + (3 * W)));
        }

        for (; i + W <= length; i += W) s0 = T.Add(s0, Vector512.LoadUnsafe(ref x, i), Vector512.LoadUnsafe(ref y, i));
        if (i < length)
        {
            var keep = Tail.Mask512(length - i);
            s1 = T.Add(s1, Vector512.LoadUnsafe(ref x, length - W) & keep, Vector512.LoadUnsafe(ref y, length - W) & keep);
        }

        return Vector512.Sum((s0 + s1) + (s2 + s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Wide256<T>(ref float x, ref float y, nuint length)
        where T : struct, IPairTerm
    {
        const int W = 8;
        if (length < W) return Scalar<T>(ref x, ref y, length);
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
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
            var keep = Tail.Mask256(length - i);
            s1 = T.Add(s1, Vector256.LoadUnsafe(ref x, length - W) & keep, Vector256.LoadUnsafe(ref y, length - W) & keep);
        }

        return Vector256.Sum((s0 + s1) + (s2 + s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Wide128<T>(ref float x, ref float y, nuint length)
        where T : struct, IPairTerm
    {
        const int W = 4;
        Vector128<float> s0 = default, s1 = default, s2 = default, s3 = default;
        nuint i = 0;
        for (; i + (4 * W) <= length; i += 4 * W)
        {
            s0 = T.Add(s0, Vector128.LoadUnsafe(ref x, i), Vector128.LoadUnsafe(ref y, i));
            s1 = T.Add(s1, Vector128.LoadUnsafe(ref x, i + W), Vector128.LoadUnsafe(ref y, i + W));
            s2 = T.Add(s2, Vector128.LoadUnsafe(ref x, i + (2 * W)), Vector128.LoadUnsafe(ref y, i + (2 * W)));
            s3 = T.Add(s3, Vector128.LoadUnsafe(ref x, i + (3 * W)), Vector128.LoadUnsafe(ref y, i + (3 * W)));
        }

        for (; i + W <= length; i += W) s0 = T.Add(s0, Vector128.LoadUnsafe(ref x, i), Vector128.LoadUnsafe(ref y, i));
        float tail = 0;
        for (; i < length; i++) tail = T.Add(tail, Unsafe.Add(ref x, i), Unsafe.Add(ref y, i));
        return Vector128.Sum((s0 + s1) + (s2 + s3)) + tail;
    }
}
