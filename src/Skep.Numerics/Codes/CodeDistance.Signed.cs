using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Skep.Numerics;

/// <content>Codes of 7 bits against signed ones of 8: a query keeps a finer scale, with its sign, than the rows it is compared with.</content>
public static unsafe partial class CodeDistance
{
    /// <summary>Σ xᵢ·yᵢ of codes from 0 to 127 and signed bytes from −127 to 127.</summary>
    /// <param name="x">Codes from 0 to 127.</param>
    /// <param name="y">As many signed bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotU7I8(ReadOnlySpan<byte> x, ReadOnlySpan<sbyte> y)
    {
        Guard.SameLength(x.Length, y.Length);
        Guard.AtMost(x.Length, MaxLength, nameof(x));
        return CodeSum.Of<U7I8Product>(ref MemoryMarshal.GetReference(x), ref Unsafe.As<sbyte, byte>(ref MemoryMarshal.GetReference(y)), (uint)x.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">Codes from 0 to 127.</param>
    /// <param name="y">As many signed bytes.</param>
    /// <param name="length">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotU7I8(byte* x, sbyte* y, int length) => CodeSum.Of<U7I8Product>(ref *x, ref *(byte*)y, (uint)length);
}

/// <summary>x·y of a code from 0 to 127 and a signed byte from −127 to 127: two products are at most 2·127² = 32,258 either way, so the pairwise product-sum cannot saturate.</summary>
internal readonly struct U7I8Product : ICodeTerm
{
    public static bool Prefers256 => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> y) => Pairs.AddBytes(sum, x, y.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> y) =>
        Simd.HasVnni ? AvxVnni.MultiplyWideningAndAdd(sum, x, y.AsSByte()) : Pairs.AddBytes(sum, x, y.AsSByte());

    /// <summary>As signed bytes on both sides: x is one, too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> y) =>
        Ssse3.IsSupported ? sum + Sse2.MultiplyAddAdjacent(Ssse3.MultiplyAddAdjacent(x, y.AsSByte()), Vector128<short>.One) : Pairs.AddSignedBytes(sum, x.AsSByte(), y.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int sum, byte x, byte y) => sum + (x * (sbyte)y);
}
