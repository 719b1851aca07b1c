using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skep.Numerics;

/// <summary>Distances of vectors of bits, in words of 64. Exact.</summary>
/// <remarks>
/// By the processor's population count of one word, which every level has and which is as fast here as anything .NET offers: it has no access to AVX-512's vectors of
/// counts (docs/decisions/0015). Eight sums keep the counter busy.
/// </remarks>
public static unsafe class BitDistance
{
    /// <summary>Words that a number of bits needs.</summary>
    /// <param name="bits">How many.</param>
    public static int Words(int bits) => (bits + 63) / 64;

    /// <summary>In how many bits two vectors differ.</summary>
    /// <param name="x">Bits; those of the last word that are not used must be equal on both sides.</param>
    /// <param name="y">As many others.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Hamming(ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y)
    {
        Guard.SameLength(x.Length, y.Length);
        return BitSum.Differing(ref Bytes(x), ref Bytes(y), (uint)x.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="x">Bits.</param>
    /// <param name="y">Others.</param>
    /// <param name="words">How many words both have.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Hamming(ulong* x, ulong* y, int words) => BitSum.Differing(ref *(byte*)x, ref *(byte*)y, (uint)words);

    /// <summary>In how many bits two vectors differ.</summary>
    /// <param name="x">Bits, eight to a byte.</param>
    /// <param name="y">As many others.</param>
    public static int Hamming(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        Guard.SameLength(x.Length, y.Length);
        var words = (uint)x.Length / 8;
        var sum = BitSum.Differing(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), words);
        for (var i = (int)words * 8; i < x.Length; i++) sum += BitOperations.PopCount((uint)(x[i] ^ y[i]));
        return sum;
    }

    /// <summary>How many bits both have: the inner product of vectors of zeros and ones.</summary>
    /// <param name="x">Bits.</param>
    /// <param name="y">As many others.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y)
    {
        Guard.SameLength(x.Length, y.Length);
        return BitSum.Common(ref Bytes(x), ref Bytes(y), (uint)x.Length);
    }

    /// <summary>Σ of the query's 4-bit numbers over the bits that are set: the inner product of a 1-bit code with a 4-bit query (as RaBitQ asks it).</summary>
    /// <param name="code">A bit per element.</param>
    /// <param name="planes">The query in four planes (see <see cref="SlicePlanes"/>): exactly four times as many words.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotPlanes(ReadOnlySpan<ulong> code, ReadOnlySpan<ulong> planes)
    {
        Guard.Length(planes.Length, 4L * code.Length, nameof(planes));
        return BitSum.Planes(ref Bytes(code), ref Bytes(planes), (uint)code.Length);
    }

    /// <summary>The same for memory that is not managed, or that the caller has pinned: nothing is checked.</summary>
    /// <param name="code">A bit per element.</param>
    /// <param name="planes">The query in four planes.</param>
    /// <param name="words">How many words the code has.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotPlanes(ulong* code, ulong* planes, int words) => BitSum.Planes(ref *(byte*)code, ref *(byte*)planes, (uint)words);

    /// <summary>The same, counting the bits that are set on the way: an estimate from signs needs both.</summary>
    /// <param name="code">A bit per element.</param>
    /// <param name="planes">The query in four planes.</param>
    /// <param name="words">How many words the code has.</param>
    /// <param name="ones">How many bits of the code are set.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DotPlanes(ulong* code, ulong* planes, int words, out int ones) => BitSum.Planes(ref *(byte*)code, ref *(byte*)planes, (uint)words, out ones);

    /// <summary>Takes 4-bit numbers apart: plane b has, for each element, bit b of its number. Element i is bit i mod 64 of word i / 64.</summary>
    /// <param name="values">Numbers from 0 to 15; of larger ones the low four bits count.</param>
    /// <param name="planes">Takes plane 0, then 1, 2 and 3: four times <see cref="Words"/> words. Bits beyond the last element are zero.</param>
    public static void SlicePlanes(ReadOnlySpan<byte> values, Span<ulong> planes)
    {
        var words = Words(values.Length);
        Guard.Length(planes.Length, 4L * words, nameof(planes));
        planes.Clear();
        for (var i = 0; i < values.Length; i++)
            for (var plane = 0; plane < 4; plane++) planes[(plane * words) + (i / 64)] |= (ulong)((values[i] >> plane) & 1) << (i % 64);
    }

    /// <summary>A bit per element: whether it is greater than zero. So NaN, both zeros and negative numbers give 0.</summary>
    /// <param name="values">The elements.</param>
    /// <param name="bits">Exactly <see cref="Words"/> words. Bits beyond the last element are zero.</param>
    public static void PackPositive(ReadOnlySpan<float> values, Span<ulong> bits)
    {
        Guard.Length(bits.Length, Words(values.Length), nameof(bits));
        SignPacker.Pack(values, bits);
    }

    private static ref byte Bytes(ReadOnlySpan<ulong> words) => ref Unsafe.As<ulong, byte>(ref MemoryMarshal.GetReference(words));
}
