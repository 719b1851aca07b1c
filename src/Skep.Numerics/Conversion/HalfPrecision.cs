using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>Numbers of 16 bits, IEEE half precision and bfloat16, to single precision and back.</summary>
/// <remarks>
/// To 16 bits rounds to the nearest, halves to even; what is too large becomes infinite, what is too small subnormal or zero; NaN stays NaN, with its sign. All by integer and
/// float operations that every level has, because .NET offers no access to the processor's own conversion. The same bits everywhere.
/// </remarks>
public static class HalfPrecision
{
    /// <summary>Half precision to single, exactly.</summary>
    /// <param name="source">Numbers.</param>
    /// <param name="target">Room for as many.</param>
    public static void ToSingle(ReadOnlySpan<Half> source, Span<float> target) =>
        Widen<HalfFormat>(MemoryMarshal.Cast<Half, ushort>(source), target);

    /// <summary>Single precision to half.</summary>
    /// <param name="source">Numbers.</param>
    /// <param name="target">Room for as many.</param>
    public static void ToHalf(ReadOnlySpan<float> source, Span<Half> target) =>
        Narrow<HalfFormat>(source, MemoryMarshal.Cast<Half, ushort>(target));

    /// <summary>bfloat16, the upper half of a single-precision number, to single, exactly.</summary>
    /// <param name="source">The bits of numbers.</param>
    /// <param name="target">Room for as many.</param>
    public static void BFloat16ToSingle(ReadOnlySpan<ushort> source, Span<float> target) => Widen<BFloat16Format>(source, target);

    /// <summary>Single precision to bfloat16.</summary>
    /// <param name="source">Numbers.</param>
    /// <param name="target">Room for the bits of as many.</param>
    public static void SingleToBFloat16(ReadOnlySpan<float> source, Span<ushort> target) => Narrow<BFloat16Format>(source, target);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen<T>(ReadOnlySpan<ushort> source, Span<float> target)
        where T : struct, IFormat16
    {
        Guard.Room(target.Length, source.Length, nameof(target));
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref Unsafe.As<float, uint>(ref MemoryMarshal.GetReference(target));
        nuint i = 0, length = (uint)source.Length;
        if (Simd.Has512)
            for (; i + 16 <= length; i += 16)
            {
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, i));
                T.Widen(Vector512.Create(low, high)).StoreUnsafe(ref to, i);
            }

        if (Simd.Has256)
            for (; i + 8 <= length; i += 8)
            {
                var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, i));
                T.Widen(Vector256.Create(low, high)).StoreUnsafe(ref to, i);
            }

        for (; i < length; i++) Unsafe.Add(ref to, i) = T.Widen(Unsafe.Add(ref from, i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<T>(ReadOnlySpan<float> source, Span<ushort> target)
        where T : struct, IFormat16
    {
        Guard.Room(target.Length, source.Length, nameof(target));
        ref var from = ref Unsafe.As<float, uint>(ref MemoryMarshal.GetReference(source));
        ref var to = ref MemoryMarshal.GetReference(target);
        nuint i = 0, length = (uint)source.Length;
        if (Simd.Has512)
            for (; i + 16 <= length; i += 16)
            {
                var bits = T.Narrow(Vector512.LoadUnsafe(ref from, i));
                Vector256.Narrow(bits.GetLower(), bits.GetUpper()).StoreUnsafe(ref to, i);
            }

        if (Simd.Has256)
            for (; i + 8 <= length; i += 8)
            {
                var bits = T.Narrow(Vector256.LoadUnsafe(ref from, i));
                Vector128.Narrow(bits.GetLower(), bits.GetUpper()).StoreUnsafe(ref to, i);
            }

        for (; i < length; i++) Unsafe.Add(ref to, i) = T.Narrow(Unsafe.Add(ref from, i));
    }
}
