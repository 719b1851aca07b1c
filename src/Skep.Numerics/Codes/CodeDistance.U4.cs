using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skep.Numerics;

/// <content>4-bit codes.</content>
public static unsafe partial class CodeDistance
{
    /// <summary>Bytes that a number of 4-bit codes needs.</summary>
    /// <param name="codes">How many.</param>
    public static int PackedLength(int codes) => (codes + 1) / 2;

    /// <summary>Σ qᵢ·yᵢ of a query of bytes (0 to 255) and 4-bit codes: the query keeps a finer scale than what is stored.</summary>
    /// <param name="query">A byte per element.</param>
    /// <param name="packed">As many codes, packed: exactly <see cref="PackedLength"/> bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotU4(ReadOnlySpan<byte> query, ReadOnlySpan<byte> packed)
    {
        Guard.AtMost(query.Length, MaxLength, nameof(query));
        Guard.Length(packed.Length, PackedLength(query.Length), nameof(packed));
        return DotU4(ref MemoryMarshal.GetReference(query), ref MemoryMarshal.GetReference(packed), query.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="query">A byte per element.</param>
    /// <param name="packed">As many codes, packed.</param>
    /// <param name="length">How many elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotU4(byte* query, byte* packed, int length) => DotU4(ref *query, ref *packed, length);

    /// <summary>Σ xᵢ·yᵢ of packed 4-bit codes on both sides.</summary>
    /// <param name="x">Packed codes.</param>
    /// <param name="y">As many others. An unused half at the end must be zero on one side.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotU4U4(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) => BothPacked<NibbleProduct>(x, y);

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">Packed codes.</param>
    /// <param name="y">As many others.</param>
    /// <param name="bytes">How many bytes of each.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotU4U4(byte* x, byte* y, int bytes) => NibbleSum.Of<NibbleProduct>(ref *x, ref *x, ref *y, (uint)bytes);

    /// <summary>Σ (xᵢ − yᵢ)² of packed 4-bit codes on both sides.</summary>
    /// <param name="x">Packed codes.</param>
    /// <param name="y">As many others. An unused half at the end must be equal on both sides.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SquaredL2U4U4(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) => BothPacked<NibbleSquaredDifference>(x, y);

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">Packed codes.</param>
    /// <param name="y">As many others.</param>
    /// <param name="bytes">How many bytes of each.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SquaredL2U4U4(byte* x, byte* y, int bytes) => NibbleSum.Of<NibbleSquaredDifference>(ref *x, ref *x, ref *y, (uint)bytes);

    /// <summary>Packs codes from 0 to 15, one to a byte, two to a byte.</summary>
    /// <param name="codes">The codes; of larger ones the low four bits count.</param>
    /// <param name="packed">Exactly <see cref="PackedLength"/> bytes.</param>
    public static void PackU4(ReadOnlySpan<byte> codes, Span<byte> packed)
    {
        Guard.Length(packed.Length, PackedLength(codes.Length), nameof(packed));
        var low = codes[..packed.Length];
        var high = codes[packed.Length..];
        for (var j = 0; j < high.Length; j++) packed[j] = (byte)((low[j] & 15) | (high[j] << 4));
        if (high.Length < low.Length) packed[^1] = (byte)(low[^1] & 15);
    }

    /// <summary>The inverse of <see cref="PackU4"/>.</summary>
    /// <param name="packed">Exactly <see cref="PackedLength"/> bytes.</param>
    /// <param name="codes">Takes one code per byte.</param>
    public static void UnpackU4(ReadOnlySpan<byte> packed, Span<byte> codes)
    {
        Guard.Length(packed.Length, PackedLength(codes.Length), nameof(packed));
        for (var j = 0; j < packed.Length; j++) codes[j] = (byte)(packed[j] & 15);
        for (var j = packed.Length; j < codes.Length; j++) codes[j] = (byte)(packed[j - packed.Length] >> 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int DotU4(ref byte query, ref byte packed, int length)
    {
        // Bytes with two codes; of an odd number, the last byte has one.
        var (bytes, pairs) = (PackedLength(length), length / 2);
        var sum = NibbleSum.Of<ByteTimesNibble>(ref query, ref Unsafe.Add(ref query, bytes), ref packed, (uint)pairs);
        return bytes == pairs ? sum : sum + (Unsafe.Add(ref query, pairs) * (Unsafe.Add(ref packed, pairs) & 15));
    }

    private static int BothPacked<T>(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
        where T : struct, INibbleTerm
    {
        Guard.SameLength(x.Length, y.Length);
        Guard.AtMost(x.Length, MaxLength / 2, nameof(x));
        ref var first = ref MemoryMarshal.GetReference(x);
        return NibbleSum.Of<T>(ref first, ref first, ref MemoryMarshal.GetReference(y), (uint)x.Length);
    }
}
