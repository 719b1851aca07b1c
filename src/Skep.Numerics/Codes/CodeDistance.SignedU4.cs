using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <content>4-bit codes against signed ones of 8 bits.</content>
public static unsafe partial class CodeDistance
{
    /// <summary>Σ qᵢ·yᵢ of signed bytes from −127 to 127 and 4-bit codes: no row needs the sum of its codes beside it, as it would with an unsigned query.</summary>
    /// <param name="query">A byte per element.</param>
    /// <param name="packed">As many codes, packed: exactly <see cref="PackedLength"/> bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotU4I8(ReadOnlySpan<sbyte> query, ReadOnlySpan<byte> packed)
    {
        Guard.AtMost(query.Length, MaxLength, nameof(query));
        Guard.Length(packed.Length, PackedLength(query.Length), nameof(packed));
        return DotU4I8(ref MemoryMarshal.GetReference(query), ref MemoryMarshal.GetReference(packed), query.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="query">A byte per element.</param>
    /// <param name="packed">As many codes, packed.</param>
    /// <param name="length">How many elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotU4I8(sbyte* query, byte* packed, int length) => DotU4I8(ref *query, ref *packed, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int DotU4I8(ref sbyte query, ref byte packed, int length)
    {
        var (bytes, pairs) = (PackedLength(length), length / 2);
        ref var low = ref Unsafe.As<sbyte, byte>(ref query);
        var sum = NibbleSum.Of<SignedTimesNibble>(ref low, ref Unsafe.Add(ref low, bytes), ref packed, (uint)pairs);
        return bytes == pairs ? sum : sum + (Unsafe.Add(ref query, pairs) * (Unsafe.Add(ref packed, pairs) & 15));
    }
}

/// <summary>x·y, x a signed byte: the nibble is a 7-bit code.</summary>
internal readonly struct SignedTimesNibble : INibbleTerm
{
    public static bool Packed => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> nibbles) => U7I8Product.Add(sum, nibbles, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> nibbles) => U7I8Product.Add(sum, nibbles, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> nibbles) => U7I8Product.Add(sum, nibbles, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int sum, int x, int nibble) => sum + ((sbyte)x * nibble);
}
