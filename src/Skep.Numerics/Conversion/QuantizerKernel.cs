using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Skep.Numerics;

/// <summary>Scales, clamps and rounds to bytes.</summary>
/// <remarks>
/// After clamping, adding 1.5 · 2²³ leaves no bits for a fraction: the addition itself rounds to the nearest, halves to even, and the low byte of the sum's bits is the code.
/// Comparisons, not minimum and maximum, clamp: how these treat NaN differs between processors. A comparison with NaN is false everywhere, so NaN is put to 0 first.
/// </remarks>
internal static class QuantizerKernel
{
    private const float Rounder = 12_582_912f;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(ReadOnlySpan<float> values, T affine, float least, float most, Span<byte> codes)
        where T : struct, IAffine, allows ref struct
    {
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(codes);
        nuint i = 0, length = (uint)values.Length;
        if (Simd.Has512)
            for (; i + 16 <= length; i += 16)
                Avx512F.ConvertToVector128Byte(Round(affine.At(Vector512.LoadUnsafe(ref from, i), i), least, most)).StoreUnsafe(ref to, i);
        if (Simd.Has128)
            for (; i + 16 <= length; i += 16)
            {
                var low = Vector128.Narrow(Four(ref from, affine, i, least, most), Four(ref from, affine, i + 4, least, most));
                var high = Vector128.Narrow(Four(ref from, affine, i + 8, least, most), Four(ref from, affine, i + 12, least, most));
                Vector128.Narrow(low, high).StoreUnsafe(ref to, i);
            }

        for (; i < length; i++) Unsafe.Add(ref to, i) = Round(affine.At(Unsafe.Add(ref from, i), i), least, most);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Four<T>(ref float from, T affine, nuint i, float least, float most)
        where T : struct, IAffine, allows ref struct
    {
        var x = affine.At(Vector128.LoadUnsafe(ref from, i), i);
        x &= Vector128.Equals(x, x);
        x = Vector128.ConditionalSelect(Vector128.GreaterThan(x, Vector128.Create(most)), Vector128.Create(most), x);
        x = Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128.Create(least)), Vector128.Create(least), x);
        return (x + Vector128.Create(Rounder)).AsUInt32() & Vector128.Create(255u);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Round(Vector512<float> x, float least, float most)
    {
        x &= Vector512.Equals(x, x);
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(most)), Vector512.Create(most), x);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(least)), Vector512.Create(least), x);
        return (x + Vector512.Create(Rounder)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Round(float x, float least, float most)
    {
        if (float.IsNaN(x)) x = 0;
        if (x > most) x = most;
        if (x < least) x = least;
        return unchecked((byte)BitConverter.SingleToUInt32Bits(x + Rounder));
    }
}
