using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>What a block of packed 4-bit codes adds to a sum, given the low and the high half of what it is compared with.</summary>
internal interface INibbleTerm
{
    /// <summary>Whether the other side is packed too: then both its halves come from the same bytes.</summary>
    static abstract bool Packed { get; }

    static abstract Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> nibbles);

    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> nibbles);

    static abstract Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> nibbles);

    static abstract int Add(int sum, int x, int nibble);
}

/// <summary>x·y, x a byte of any value: a pair of products is at most 2·255·15 = 7,650, far from saturating.</summary>
internal readonly struct ByteTimesNibble : INibbleTerm
{
    public static bool Packed => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> nibbles) => Pairs.AddBytes(sum, x, nibbles.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> nibbles) => U7Product.Add(sum, x, nibbles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> nibbles) => Pairs.AddBytes(sum, x, nibbles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int sum, int x, int nibble) => sum + (x * nibble);
}

/// <summary>x·y, both 4-bit codes.</summary>
internal readonly struct NibbleProduct : INibbleTerm
{
    public static bool Packed => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> nibbles) => U7Product.Add(sum, x, nibbles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> nibbles) => U7Product.Add(sum, x, nibbles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> nibbles) => U7Product.Add(sum, x, nibbles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int sum, int x, int nibble) => sum + (x * nibble);
}

/// <summary>(x − y)², both 4-bit codes.</summary>
internal readonly struct NibbleSquaredDifference : INibbleTerm
{
    public static bool Packed => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<byte> x, Vector512<byte> nibbles) => U7SquaredDifference.Add(sum, x, nibbles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> x, Vector256<byte> nibbles) => U7SquaredDifference.Add(sum, x, nibbles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<byte> x, Vector128<byte> nibbles) => U7SquaredDifference.Add(sum, x, nibbles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int sum, int x, int nibble) => sum + ((x - nibble) * (x - nibble));
}

/// <summary>Sums a term over 4-bit codes, packed as <see cref="CodeDistance"/> says, and bytes or other such codes.</summary>
internal static class NibbleSum
{
    /// <param name="low">What the low nibbles are compared with, or the other packed codes.</param>
    /// <param name="high">What the high nibbles are compared with.</param>
    /// <param name="packed">The packed codes.</param>
    /// <param name="bytes">Bytes of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of<T>(ref byte low, ref byte high, ref byte packed, nuint bytes)
        where T : struct, INibbleTerm
    {
        if (Simd.Has512 && bytes >= 64) return Wide512<T>(ref low, ref high, ref packed, bytes);
        if (Simd.Has256 && bytes >= 32) return Wide256<T>(ref low, ref high, ref packed, bytes);
        return Wide128<T>(ref low, ref high, ref packed, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Wide512<T>(ref byte low, ref byte high, ref byte packed, nuint bytes)
        where T : struct, INibbleTerm
    {
        Vector512<int> s0 = default, s1 = default;
        nuint i = 0;
        for (; i + 64 <= bytes; i += 64) Step<T>(ref s0, ref s1, ref low, ref high, ref packed, i, Vector512<byte>.AllBitsSet);
        // In the last register, what was counted already is made zero.
        if (i < bytes) Step<T>(ref s0, ref s1, ref low, ref high, ref packed, bytes - 64, Tail.ByteMask512(bytes - i));
        return Vector512.Sum(s0 + s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T>(ref Vector512<int> s0, ref Vector512<int> s1, ref byte low, ref byte high, ref byte packed, nuint at, Vector512<byte> keep)
        where T : struct, INibbleTerm
    {
        Vector512<byte> l, h;
        if (T.Packed) (l, h) = Split(Vector512.LoadUnsafe(ref low, at) & keep);
        else (l, h) = (Vector512.LoadUnsafe(ref low, at), Vector512.LoadUnsafe(ref high, at));
        var (yl, yh) = Split(Vector512.LoadUnsafe(ref packed, at) & keep);
        s0 = T.Add(s0, l, yl);
        s1 = T.Add(s1, h, yh);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Wide256<T>(ref byte low, ref byte high, ref byte packed, nuint bytes)
        where T : struct, INibbleTerm
    {
        Vector256<int> s0 = default, s1 = default;
        nuint i = 0;
        for (; i + 32 <= bytes; i += 32) Step<T>(ref s0, ref s1, ref low, ref high, ref packed, i, Vector256<byte>.AllBitsSet);
        // In the last register, what was counted already is made zero.
        if (i < bytes) Step<T>(ref s0, ref s1, ref low, ref high, ref packed, bytes - 32, Tail.ByteMask256(bytes - i));
        return Vector256.Sum(s0 + s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T>(ref Vector256<int> s0, ref Vector256<int> s1, ref byte low, ref byte high, ref byte packed, nuint at, Vector256<byte> keep)
        where T : struct, INibbleTerm
    {
        Vector256<byte> l, h;
        if (T.Packed) (l, h) = Split(Vector256.LoadUnsafe(ref low, at) & keep);
        else (l, h) = (Vector256.LoadUnsafe(ref low, at), Vector256.LoadUnsafe(ref high, at));
        var (yl, yh) = Split(Vector256.LoadUnsafe(ref packed, at) & keep);
        s0 = T.Add(s0, l, yl);
        s1 = T.Add(s1, h, yh);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Wide128<T>(ref byte low, ref byte high, ref byte packed, nuint bytes)
        where T : struct, INibbleTerm
    {
        nuint i = 0;
        var sum = 0;
        if (Simd.Has128)
        {
            Vector128<int> s0 = default, s1 = default;
            for (; i + 16 <= bytes; i += 16)
            {
                Vector128<byte> l, h;
                if (T.Packed) (l, h) = Split(Vector128.LoadUnsafe(ref low, i));
                else (l, h) = (Vector128.LoadUnsafe(ref low, i), Vector128.LoadUnsafe(ref high, i));
                var (yl, yh) = Split(Vector128.LoadUnsafe(ref packed, i));
                s0 = T.Add(s0, l, yl);
                s1 = T.Add(s1, h, yh);
            }

            sum = Vector128.Sum(s0 + s1);
        }

        for (; i < bytes; i++)
        {
            int l = Unsafe.Add(ref low, i), h = T.Packed ? l >> 4 : Unsafe.Add(ref high, i), y = Unsafe.Add(ref packed, i);
            sum = T.Add(T.Add(sum, T.Packed ? l & 15 : l, y & 15), h, y >> 4);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<byte> Low, Vector512<byte> High) Split(Vector512<byte> packed) =>
        (packed & Vector512.Create((byte)15), (packed.AsUInt16() >> 4).AsByte() & Vector512.Create((byte)15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<byte> Low, Vector256<byte> High) Split(Vector256<byte> packed) =>
        (packed & Vector256.Create((byte)15), (packed.AsUInt16() >> 4).AsByte() & Vector256.Create((byte)15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> Low, Vector128<byte> High) Split(Vector128<byte> packed) =>
        (packed & Vector128.Create((byte)15), (packed.AsUInt16() >> 4).AsByte() & Vector128.Create((byte)15));
}
