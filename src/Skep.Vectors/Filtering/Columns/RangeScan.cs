using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Skep.Vectors.Filtering;

/// <summary>
/// Which values of an array lie between two bounds, as bits: every comparison of numbers and times comes down to this. NaN lies between no bounds.
/// The loops are compiled at full speed at once: a program that asks one question only should not wait for the runtime to find them hot.
/// </summary>
internal static class RangeScan
{
    /// <summary>Writes one bit per value.</summary>
    /// <param name="values">The values.</param>
    /// <param name="least">The lower bound, included.</param>
    /// <param name="most">The upper bound, included.</param>
    /// <param name="bits">Room for the bits; bits beyond the values in the last word become clear.</param>
    public static void Scan<T>(ReadOnlySpan<T> values, T least, T most, Span<ulong> bits)
        where T : struct, INumber<T>
    {
        var words = values.Length >> 6;
        bits = bits[..BitWords.Words(values.Length)];
        if (Vector512.IsHardwareAccelerated)
        {
            Scan512(values, least, most, bits[..words]);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Scan256(values, least, most, bits[..words]);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Scan128(values, least, most, bits[..words]);
        }
        else
        {
            words = 0;
        }

        Scalar(values[(words << 6)..], least, most, bits[words..]);
    }

    /// <summary>The reference: one value after the other.</summary>
    public static void Scalar<T>(ReadOnlySpan<T> values, T least, T most, Span<ulong> bits)
        where T : struct, INumber<T>
    {
        bits.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            bits[i >> 6] |= (values[i] >= least && values[i] <= most ? 1UL : 0) << i;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scan512<T>(ReadOnlySpan<T> values, T least, T most, Span<ulong> bits)
        where T : struct, INumber<T>
    {
        ref var next = ref MemoryMarshal.GetReference(values);
        var (low, high) = (Vector512.Create(least), Vector512.Create(most));
        for (var w = 0; w < bits.Length; w++)
        {
            var word = 0UL;
            for (var i = 0; i < 64; i += Vector512<T>.Count)
            {
                var v = Vector512.LoadUnsafe(ref next, (nuint)i);
                word |= (Vector512.GreaterThanOrEqual(v, low) & Vector512.LessThanOrEqual(v, high)).ExtractMostSignificantBits() << i;
            }

            bits[w] = word;
            next = ref Unsafe.Add(ref next, 64);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scan256<T>(ReadOnlySpan<T> values, T least, T most, Span<ulong> bits)
        where T : struct, INumber<T>
    {
        ref var next = ref MemoryMarshal.GetReference(values);
        var (low, high) = (Vector256.Create(least), Vector256.Create(most));
        for (var w = 0; w < bits.Length; w++)
        {
            var word = 0UL;
            for (var i = 0; i < 64; i += Vector256<T>.Count)
            {
                var v = Vector256.LoadUnsafe(ref next, (nuint)i);
                word |= (ulong)(Vector256.GreaterThanOrEqual(v, low) & Vector256.LessThanOrEqual(v, high)).ExtractMostSignificantBits() << i;
            }

            bits[w] = word;
            next = ref Unsafe.Add(ref next, 64);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scan128<T>(ReadOnlySpan<T> values, T least, T most, Span<ulong> bits)
        where T : struct, INumber<T>
    {
        ref var next = ref MemoryMarshal.GetReference(values);
        var (low, high) = (Vector128.Create(least), Vector128.Create(most));
        for (var w = 0; w < bits.Length; w++)
        {
            var word = 0UL;
            for (var i = 0; i < 64; i += Vector128<T>.Count)
            {
                var v = Vector128.LoadUnsafe(ref next, (nuint)i);
                word |= (ulong)(Vector128.GreaterThanOrEqual(v, low) & Vector128.LessThanOrEqual(v, high)).ExtractMostSignificantBits() << i;
            }

            bits[w] = word;
            next = ref Unsafe.Add(ref next, 64);
        }
    }
}
