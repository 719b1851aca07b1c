using System.Numerics;
using System.Runtime.CompilerServices;

namespace Skep.Numerics;

/// <summary>Population counts over words at any address.</summary>
internal static class BitSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Differing(ref byte x, ref byte y, nuint words) => Of<Xor>(ref x, ref y, words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Common(ref byte x, ref byte y, nuint words) => Of<And>(ref x, ref y, words);

    /// <summary>Word by word, all planes: the word of the code is loaded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Planes(ref byte code, ref byte planes, nuint words)
    {
        int p0 = 0, p1 = 0, p2 = 0, p3 = 0;
        for (nuint i = 0; i < words; i++)
        {
            var word = Word(ref code, i);
            p0 += BitOperations.PopCount(word & Word(ref planes, i));
            p1 += BitOperations.PopCount(word & Word(ref planes, words + i));
            p2 += BitOperations.PopCount(word & Word(ref planes, (2 * words) + i));
            p3 += BitOperations.PopCount(word & Word(ref planes, (3 * words) + i));
        }

        return p0 + (2 * p1) + (4 * p2) + (8 * p3);
    }

    /// <summary>The same, and the bits of the code that are set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Planes(ref byte code, ref byte planes, nuint words, out int ones)
    {
        int p0 = 0, p1 = 0, p2 = 0, p3 = 0, all = 0;
        for (nuint i = 0; i < words; i++)
        {
            var word = Word(ref code, i);
            all += BitOperations.PopCount(word);
            p0 += BitOperations.PopCount(word & Word(ref planes, i));
            p1 += BitOperations.PopCount(word & Word(ref planes, words + i));
            p2 += BitOperations.PopCount(word & Word(ref planes, (2 * words) + i));
            p3 += BitOperations.PopCount(word & Word(ref planes, (3 * words) + i));
        }

        ones = all;
        return p0 + (2 * p1) + (4 * p2) + (8 * p3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Of<T>(ref byte x, ref byte y, nuint words)
        where T : struct, ICombine
    {
        int s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        nuint i = 0;
        for (; i + 8 <= words; i += 8)
        {
            s0 += Count<T>(ref x, ref y, i) + Count<T>(ref x, ref y, i + 4);
            s1 += Count<T>(ref x, ref y, i + 1) + Count<T>(ref x, ref y, i + 5);
            s2 += Count<T>(ref x, ref y, i + 2) + Count<T>(ref x, ref y, i + 6);
            s3 += Count<T>(ref x, ref y, i + 3) + Count<T>(ref x, ref y, i + 7);
        }

        for (; i + 2 <= words; i += 2)
        {
            s0 += Count<T>(ref x, ref y, i);
            s1 += Count<T>(ref x, ref y, i + 1);
        }

        if (i < words) s2 += Count<T>(ref x, ref y, i);
        return s0 + s1 + s2 + s3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Count<T>(ref byte x, ref byte y, nuint i)
        where T : struct, ICombine => BitOperations.PopCount(T.Combine(Word(ref x, i), Word(ref y, i)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ref byte start, nuint i) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, i * sizeof(ulong)));

    private interface ICombine
    {
        static abstract ulong Combine(ulong x, ulong y);
    }

    private readonly struct Xor : ICombine
    {
        public static ulong Combine(ulong x, ulong y) => x ^ y;
    }

    private readonly struct And : ICombine
    {
        public static ulong Combine(ulong x, ulong y) => x & y;
    }
}
