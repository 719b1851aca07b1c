using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skep.Numerics;

/// <summary>Distances of vectors of small integers ("codes", as a scalar quantiser makes them). Exact: the same number on every machine.</summary>
/// <remarks>
/// <para>
/// Three kinds. <c>U7</c>: bytes from 0 to 127, the fastest, because pairs of products fit 16 bits; a byte above 127 gives a number without meaning, nothing worse.
/// <c>I8</c>: signed bytes, all values. <c>U4</c>: 0 to 15, two to a byte: of n codes in m = ⌈n/2⌉ bytes, byte j holds code j in its low half and code m + j in its high half
/// (so that both halves meet consecutive elements of a query); of an odd number the last high half is zero.
/// </para>
/// <para>At most <see cref="MaxLength"/> elements, so that no sum exceeds 31 bits.</para>
/// </remarks>
public static unsafe partial class CodeDistance
{
    /// <summary>The longest vector of codes: 255² times it fits 31 bits.</summary>
    public const int MaxLength = 32_768;

    /// <summary>Σ xᵢ·yᵢ of codes from 0 to 127.</summary>
    /// <param name="x">Codes.</param>
    /// <param name="y">As many other ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotU7(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        Guard.SameLength(x.Length, y.Length);
        Guard.AtMost(x.Length, MaxLength, nameof(x));
        return CodeSum.Of<U7Product>(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (uint)x.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">The first code of a vector.</param>
    /// <param name="y">The first code of another.</param>
    /// <param name="length">How many codes both have.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotU7(byte* x, byte* y, int length) => CodeSum.Of<U7Product>(ref *x, ref *y, (uint)length);

    /// <summary>Σ (xᵢ − yᵢ)² of codes from 0 to 127.</summary>
    /// <param name="x">Codes.</param>
    /// <param name="y">As many other ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SquaredL2U7(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        Guard.SameLength(x.Length, y.Length);
        Guard.AtMost(x.Length, MaxLength, nameof(x));
        return CodeSum.Of<U7SquaredDifference>(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (uint)x.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">The first code of a vector.</param>
    /// <param name="y">The first code of another.</param>
    /// <param name="length">How many codes both have.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SquaredL2U7(byte* x, byte* y, int length) => CodeSum.Of<U7SquaredDifference>(ref *x, ref *y, (uint)length);

    /// <summary>Σ xᵢ·yᵢ of signed codes.</summary>
    /// <param name="x">Codes.</param>
    /// <param name="y">As many other ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotI8(ReadOnlySpan<sbyte> x, ReadOnlySpan<sbyte> y)
    {
        Guard.SameLength(x.Length, y.Length);
        Guard.AtMost(x.Length, MaxLength, nameof(x));
        return CodeSum.Of<I8Product>(ref Unsafe.As<sbyte, byte>(ref MemoryMarshal.GetReference(x)), ref Unsafe.As<sbyte, byte>(ref MemoryMarshal.GetReference(y)), (uint)x.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">The first code of a vector.</param>
    /// <param name="y">The first code of another.</param>
    /// <param name="length">How many codes both have.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotI8(sbyte* x, sbyte* y, int length) => CodeSum.Of<I8Product>(ref *(byte*)x, ref *(byte*)y, (uint)length);

    /// <summary>Σ (xᵢ − yᵢ)² of signed codes.</summary>
    /// <param name="x">Codes.</param>
    /// <param name="y">As many other ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SquaredL2I8(ReadOnlySpan<sbyte> x, ReadOnlySpan<sbyte> y)
    {
        Guard.SameLength(x.Length, y.Length);
        Guard.AtMost(x.Length, MaxLength, nameof(x));
        return CodeSum.Of<I8SquaredDifference>(ref Unsafe.As<sbyte, byte>(ref MemoryMarshal.GetReference(x)), ref Unsafe.As<sbyte, byte>(ref MemoryMarshal.GetReference(y)), (uint)x.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">The first code of a vector.</param>
    /// <param name="y">The first code of another.</param>
    /// <param name="length">How many codes both have.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SquaredL2I8(sbyte* x, sbyte* y, int length) => CodeSum.Of<I8SquaredDifference>(ref *(byte*)x, ref *(byte*)y, (uint)length);
}
