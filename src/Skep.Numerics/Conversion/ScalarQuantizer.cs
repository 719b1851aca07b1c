using System.Runtime.InteropServices;

namespace Skep.Numerics;

/// <summary>Single-precision numbers to small integers and back: code = round((x − offset) · scale), kept within the range of the codes.</summary>
/// <remarks>
/// <para>Rounds to the nearest, halves to even. NaN becomes 0 (the code of the smallest value of 7 bits, of the middle of 8), infinities the ends of the range. The same bits on
/// every machine: a subtraction and a product, never fused.</para>
/// <para>Scale and offset are one pair for all, or one per element ("per dimension").</para>
/// </remarks>
public static class ScalarQuantizer
{
    /// <summary>The largest 7-bit code.</summary>
    public const int MaxU7 = 127;

    /// <summary>The largest 4-bit code.</summary>
    public const int MaxU4 = 15;

    /// <summary>The largest signed code; the smallest is its negative, so that the range is symmetric.</summary>
    public const int MaxI8 = 127;

    /// <summary>To codes from 0 to 127.</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="scale">Codes per unit.</param>
    /// <param name="offset">What becomes 0.</param>
    /// <param name="codes">Room for as many.</param>
    public static void ToU7(ReadOnlySpan<float> values, float scale, float offset, Span<byte> codes)
    {
        Guard.Room(codes.Length, values.Length, nameof(codes));
        QuantizerKernel.Run(values, new Global(scale, offset), 0, MaxU7, codes);
    }

    /// <summary>To codes from 0 to 127, each element on its own scale.</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="scales">Codes per unit.</param>
    /// <param name="offsets">What becomes 0.</param>
    /// <param name="codes">Room for as many.</param>
    public static void ToU7(ReadOnlySpan<float> values, ReadOnlySpan<float> scales, ReadOnlySpan<float> offsets, Span<byte> codes)
    {
        Guard.Room(codes.Length, values.Length, nameof(codes));
        QuantizerKernel.Run(values, PerElement.Of(values, scales, offsets), 0, MaxU7, codes);
    }

    /// <summary>To codes from 0 to 15, one to a byte; <see cref="CodeDistance.PackU4"/> packs them.</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="scale">Codes per unit.</param>
    /// <param name="offset">What becomes 0.</param>
    /// <param name="codes">Room for as many.</param>
    public static void ToU4(ReadOnlySpan<float> values, float scale, float offset, Span<byte> codes)
    {
        Guard.Room(codes.Length, values.Length, nameof(codes));
        QuantizerKernel.Run(values, new Global(scale, offset), 0, MaxU4, codes);
    }

    /// <summary>To codes from 0 to 15, one to a byte, each element on its own scale.</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="scales">Codes per unit.</param>
    /// <param name="offsets">What becomes 0.</param>
    /// <param name="codes">Room for as many.</param>
    public static void ToU4(ReadOnlySpan<float> values, ReadOnlySpan<float> scales, ReadOnlySpan<float> offsets, Span<byte> codes)
    {
        Guard.Room(codes.Length, values.Length, nameof(codes));
        QuantizerKernel.Run(values, PerElement.Of(values, scales, offsets), 0, MaxU4, codes);
    }

    /// <summary>To codes from 0 to 255: a query against 4-bit codes.</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="scale">Codes per unit.</param>
    /// <param name="offset">What becomes 0.</param>
    /// <param name="codes">Room for as many.</param>
    public static void ToU8(ReadOnlySpan<float> values, float scale, float offset, Span<byte> codes)
    {
        Guard.Room(codes.Length, values.Length, nameof(codes));
        QuantizerKernel.Run(values, new Global(scale, offset), 0, byte.MaxValue, codes);
    }

    /// <summary>To signed codes from −127 to 127.</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="scale">Codes per unit.</param>
    /// <param name="offset">What becomes 0.</param>
    /// <param name="codes">Room for as many.</param>
    public static void ToI8(ReadOnlySpan<float> values, float scale, float offset, Span<sbyte> codes)
    {
        Guard.Room(codes.Length, values.Length, nameof(codes));
        QuantizerKernel.Run(values, new Global(scale, offset), -MaxI8, MaxI8, MemoryMarshal.AsBytes(codes));
    }

    /// <summary>To signed codes from −127 to 127, each element on its own scale.</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="scales">Codes per unit.</param>
    /// <param name="offsets">What becomes 0.</param>
    /// <param name="codes">Room for as many.</param>
    public static void ToI8(ReadOnlySpan<float> values, ReadOnlySpan<float> scales, ReadOnlySpan<float> offsets, Span<sbyte> codes)
    {
        Guard.Room(codes.Length, values.Length, nameof(codes));
        QuantizerKernel.Run(values, PerElement.Of(values, scales, offsets), -MaxI8, MaxI8, MemoryMarshal.AsBytes(codes));
    }

    /// <summary>Unsigned codes back to numbers: code / scale + offset.</summary>
    /// <param name="codes">Codes.</param>
    /// <param name="scale">Codes per unit.</param>
    /// <param name="offset">What 0 stands for.</param>
    /// <param name="values">Room for as many.</param>
    public static void FromUnsigned(ReadOnlySpan<byte> codes, float scale, float offset, Span<float> values)
    {
        Guard.Room(values.Length, codes.Length, nameof(values));
        for (var i = 0; i < codes.Length; i++) values[i] = (codes[i] / scale) + offset;
    }

    /// <summary>Signed codes back to numbers: code / scale + offset.</summary>
    /// <param name="codes">Codes.</param>
    /// <param name="scale">Codes per unit.</param>
    /// <param name="offset">What 0 stands for.</param>
    /// <param name="values">Room for as many.</param>
    public static void FromI8(ReadOnlySpan<sbyte> codes, float scale, float offset, Span<float> values)
    {
        Guard.Room(values.Length, codes.Length, nameof(values));
        for (var i = 0; i < codes.Length; i++) values[i] = (codes[i] / scale) + offset;
    }
}
