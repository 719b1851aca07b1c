using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skep.Numerics;

/// <summary>Distances and similarities of two vectors of single-precision numbers.</summary>
/// <remarks>
/// <para>Both vectors have the same length, else <see cref="ArgumentException"/>. Of empty vectors every sum is 0. Nothing is allocated and nothing outside the spans is read.</para>
/// <para>
/// Sums are kept in single precision and in an order that depends on <see cref="Simd.Level"/>: results of two machines may differ in the last bits, so nothing that
/// replicas must agree on may hang on them. NaN and infinities propagate as in the formula; a sum beyond the range of a <see cref="float"/> is infinite, and NaN where
/// parts overflow to both sides. Subnormal numbers count as what they are.
/// </para>
/// </remarks>
public static unsafe partial class VectorDistance
{
    /// <summary>The inner product Σ xᵢ·yᵢ. For vectors of norm 1 this is their cosine.</summary>
    /// <param name="x">A vector.</param>
    /// <param name="y">Another one of the same length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Guard.SameLength(x.Length, y.Length);
        return PairSum.Of<Product>(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (uint)x.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">The first element of a vector.</param>
    /// <param name="y">The first element of another.</param>
    /// <param name="length">How many elements both have.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(float* x, float* y, int length) => PairSum.Of<Product>(ref *x, ref *y, (uint)length);

    /// <summary>The square of the Euclidean distance, Σ (xᵢ − yᵢ)². It orders as the distance does and saves the root.</summary>
    /// <param name="x">A vector.</param>
    /// <param name="y">Another one of the same length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquaredL2(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Guard.SameLength(x.Length, y.Length);
        return PairSum.Of<SquaredDifference>(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (uint)x.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">The first element of a vector.</param>
    /// <param name="y">The first element of another.</param>
    /// <param name="length">How many elements both have.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquaredL2(float* x, float* y, int length) => PairSum.Of<SquaredDifference>(ref *x, ref *y, (uint)length);

    /// <summary>The sum of absolute differences, Σ |xᵢ − yᵢ|.</summary>
    /// <param name="x">A vector.</param>
    /// <param name="y">Another one of the same length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float L1(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Guard.SameLength(x.Length, y.Length);
        return PairSum.Of<AbsoluteDifference>(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (uint)x.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">The first element of a vector.</param>
    /// <param name="y">The first element of another.</param>
    /// <param name="length">How many elements both have.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float L1(float* x, float* y, int length) => PairSum.Of<AbsoluteDifference>(ref *x, ref *y, (uint)length);

    /// <summary>The cosine of the angle between two vectors, Σ xᵢ·yᵢ / (‖x‖·‖y‖): about −1 to 1. NaN if one of them is zero.</summary>
    /// <param name="x">A vector.</param>
    /// <param name="y">Another one of the same length.</param>
    /// <remarks>Where the squares leave the range of a <see cref="float"/> the sums are done again in double: it is right for all finite vectors. Of vectors with norm 1 use <see cref="Dot(ReadOnlySpan{float}, ReadOnlySpan{float})"/>, which is faster.</remarks>
    public static float CosineSimilarity(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Guard.SameLength(x.Length, y.Length);
        var parts = CosineParts.Of(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (uint)x.Length);
        return SquaresFit(parts.XX) && SquaresFit(parts.YY)
            ? parts.Dot / (MathF.Sqrt(parts.XX) * MathF.Sqrt(parts.YY))
            : (float)ScalarReference.CosineSimilarity(x, y);
    }

    /// <summary>1 − <see cref="CosineSimilarity"/>: 0 for the same direction, 2 for the opposite one. NaN if a vector is zero.</summary>
    /// <param name="x">A vector.</param>
    /// <param name="y">Another one of the same length.</param>
    public static float Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> y) => 1 - CosineSimilarity(x, y);

    /// <summary>Whether a sum of squares neither overflowed nor lost its small parts. The lower bound leaves each square 20 binary digits above the smallest normal number's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool SquaresFit(float sum) => sum is >= 1e-30f and <= float.MaxValue;
}
