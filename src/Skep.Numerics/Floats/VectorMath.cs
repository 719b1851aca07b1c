using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>Sums and norms of one vector of single-precision numbers, and scaling in place.</summary>
/// <remarks>Precision and special values are as in <see cref="VectorDistance"/>.</remarks>
public static class VectorMath
{
    /// <summary>Σ xᵢ.</summary>
    /// <param name="x">A vector; of an empty one the sum is 0.</param>
    public static float Sum(ReadOnlySpan<float> x)
    {
        ref var first = ref MemoryMarshal.GetReference(x);
        return PairSum.Of<First>(ref first, ref first, (uint)x.Length);
    }

    /// <summary>Σ xᵢ².</summary>
    /// <param name="x">A vector; of an empty one the sum is 0.</param>
    public static float SumOfSquares(ReadOnlySpan<float> x)
    {
        ref var first = ref MemoryMarshal.GetReference(x);
        return PairSum.Of<Product>(ref first, ref first, (uint)x.Length);
    }

    /// <summary>The Euclidean norm √(Σ xᵢ²). Where the squares leave the range of a <see cref="float"/>, they are summed again in double.</summary>
    /// <param name="x">A vector; of an empty one the norm is 0.</param>
    public static float Norm(ReadOnlySpan<float> x)
    {
        var squares = SumOfSquares(x);
        return VectorDistance.SquaresFit(squares) ? MathF.Sqrt(squares) : (float)ScalarReference.Norm(x);
    }

    /// <summary>Divides a vector by its norm, so that its norm is 1.</summary>
    /// <param name="x">The vector, changed in place. A zero vector, and one with NaN or infinities in it, is left as it is.</param>
    /// <returns>The norm it had: 0, NaN or infinite if it was left as it is. A caller that needs norm 1 must look at it.</returns>
    public static float Normalize(Span<float> x)
    {
        var squares = SumOfSquares(x);
        if (VectorDistance.SquaresFit(squares))
        {
            var norm = MathF.Sqrt(squares);
            Divide(x, norm);
            return norm;
        }

        return NormalizeExtreme(x);
    }

    /// <summary>Multiplies every element.</summary>
    /// <param name="x">The vector, changed in place.</param>
    /// <param name="factor">By what.</param>
    public static void Scale(Span<float> x, float factor)
    {
        ref var first = ref MemoryMarshal.GetReference(x);
        nuint i = 0, length = (uint)x.Length;
        if (Simd.Has512)
            for (; i + 16 <= length; i += 16) (Vector512.LoadUnsafe(ref first, i) * factor).StoreUnsafe(ref first, i);
        if (Simd.Has256)
            for (; i + 8 <= length; i += 8) (Vector256.LoadUnsafe(ref first, i) * factor).StoreUnsafe(ref first, i);
        if (Simd.Has128)
            for (; i + 4 <= length; i += 4) (Vector128.LoadUnsafe(ref first, i) * factor).StoreUnsafe(ref first, i);
        for (; i < length; i++) Unsafe.Add(ref first, i) *= factor;
    }

    /// <summary>sum ← sum + factor · x.</summary>
    /// <param name="sum">The vector that grows, changed in place.</param>
    /// <param name="x">What is added, as long as the sum.</param>
    /// <param name="factor">How often.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddScaled(Span<float> sum, ReadOnlySpan<float> x, float factor)
    {
        Guard.SameLength(sum.Length, x.Length);
        ref var first = ref MemoryMarshal.GetReference(sum);
        ref var added = ref MemoryMarshal.GetReference(x);
        nuint i = 0, length = (uint)x.Length;
        if (Simd.Has512)
            for (; i + 16 <= length; i += 16) (Vector512.LoadUnsafe(ref first, i) + (Vector512.LoadUnsafe(ref added, i) * factor)).StoreUnsafe(ref first, i);
        if (Simd.Has256)
            for (; i + 8 <= length; i += 8) (Vector256.LoadUnsafe(ref first, i) + (Vector256.LoadUnsafe(ref added, i) * factor)).StoreUnsafe(ref first, i);
        if (Simd.Has128)
            for (; i + 4 <= length; i += 4) (Vector128.LoadUnsafe(ref first, i) + (Vector128.LoadUnsafe(ref added, i) * factor)).StoreUnsafe(ref first, i);
        for (; i < length; i++) Unsafe.Add(ref first, i) += Unsafe.Add(ref added, i) * factor;
    }

    /// <summary>A true division: with the reciprocal the last digit would depend on more roundings.</summary>
    private static void Divide(Span<float> x, float divisor)
    {
        ref var first = ref MemoryMarshal.GetReference(x);
        nuint i = 0, length = (uint)x.Length;
        if (Simd.Has512)
            for (; i + 16 <= length; i += 16) (Vector512.LoadUnsafe(ref first, i) / divisor).StoreUnsafe(ref first, i);
        if (Simd.Has256)
            for (; i + 8 <= length; i += 8) (Vector256.LoadUnsafe(ref first, i) / divisor).StoreUnsafe(ref first, i);
        if (Simd.Has128)
            for (; i + 4 <= length; i += 4) (Vector128.LoadUnsafe(ref first, i) / divisor).StoreUnsafe(ref first, i);
        for (; i < length; i++) Unsafe.Add(ref first, i) /= divisor;
    }

    private static float NormalizeExtreme(Span<float> x)
    {
        var norm = ScalarReference.Norm(x);
        if (norm is 0 or double.PositiveInfinity or double.NaN) return (float)norm;
        foreach (ref var value in x) value = (float)(value / norm);
        return (float)norm;
    }
}
