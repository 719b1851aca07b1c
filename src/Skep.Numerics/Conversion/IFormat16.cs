using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>A format of 16 bits: its bits to those of a single-precision number, and back in the lower half of each lane.</summary>
internal interface IFormat16
{
    static abstract Vector512<uint> Widen(Vector512<uint> bits);

    static abstract Vector256<uint> Widen(Vector256<uint> bits);

    static abstract uint Widen(ushort bits);

    static abstract Vector512<uint> Narrow(Vector512<uint> single);

    static abstract Vector256<uint> Narrow(Vector256<uint> single);

    static abstract ushort Narrow(uint single);
}

/// <summary>The upper half of a single-precision number. Rounding adds just below half a unit, and the unit's last bit: carries end where they should, infinity included.</summary>
internal readonly struct BFloat16Format : IFormat16
{
    private const uint Magnitude = 0x7FFF_FFFF, Infinity = 0x7F80_0000, Quiet = 0x0040_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Widen(Vector512<uint> bits) => bits << 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Widen(Vector256<uint> bits) => bits << 16;

    public static uint Widen(ushort bits) => (uint)bits << 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Narrow(Vector512<uint> single)
    {
        var rounded = single + Vector512.Create(0x7FFFu) + ((single >> 16) & Vector512<uint>.One);
        var nan = Vector512.GreaterThan(single & Vector512.Create(Magnitude), Vector512.Create(Infinity));
        return Vector512.ConditionalSelect(nan, single | Vector512.Create(Quiet), rounded) >> 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Narrow(Vector256<uint> single)
    {
        var rounded = single + Vector256.Create(0x7FFFu) + ((single >> 16) & Vector256<uint>.One);
        var nan = Vector256.GreaterThan(single & Vector256.Create(Magnitude), Vector256.Create(Infinity));
        return Vector256.ConditionalSelect(nan, single | Vector256.Create(Quiet), rounded) >> 16;
    }

    public static ushort Narrow(uint single) =>
        (ushort)(((single & Magnitude) > Infinity ? single | Quiet : single + 0x7FFF + ((single >> 16) & 1)) >> 16);
}

/// <summary>IEEE 754 binary16: 5 bits of exponent, 10 of significand.</summary>
/// <remarks>
/// Widening moves the bits up and multiplies by 2¹¹², which moves the exponent's bias and makes normal numbers of subnormal ones. Narrowing does the reverse with an addition for
/// small numbers (the processor rounds to the unit of a large one that is added) and by integers for the rest.
/// </remarks>
internal readonly struct HalfFormat : IFormat16
{
    private const uint Sign = 0x8000_0000, Infinity = 0x7F80_0000;

    /// <summary>2¹¹², of which the product with a moved-up half is the number itself.</summary>
    private const float Rebias = 5.192296858534828e33f;

    /// <summary>2¹⁶: halves' exponents end below it; what reaches this after widening was infinite or NaN.</summary>
    private const uint BeyondHalf = (127 + 16) << 23;

    /// <summary>2⁻¹⁴, the smallest normal half.</summary>
    private const uint SmallestNormal = (127 - 14) << 23;

    /// <summary>0.5: its unit in the last place is 2⁻²⁴, that of subnormal halves.</summary>
    private const uint Magic = 126u << 23;

    /// <summary>What moves the bias from 127 to 15, and just below half a unit of what is cut off.</summary>
    private const uint RebiasAndRound = unchecked((uint)((15 - 127) << 23)) + 0xFFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Widen(Vector512<uint> bits)
    {
        var value = (((bits & Vector512.Create(0x7FFFu)) << 13).AsSingle() * Rebias).AsUInt32();
        value |= Vector512.GreaterThanOrEqual(value, Vector512.Create(BeyondHalf)) & Vector512.Create(Infinity);
        return value | ((bits & Vector512.Create(0x8000u)) << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Widen(Vector256<uint> bits)
    {
        var value = (((bits & Vector256.Create(0x7FFFu)) << 13).AsSingle() * Rebias).AsUInt32();
        value |= Vector256.GreaterThanOrEqual(value, Vector256.Create(BeyondHalf)) & Vector256.Create(Infinity);
        return value | ((bits & Vector256.Create(0x8000u)) << 16);
    }

    public static uint Widen(ushort bits)
    {
        var value = BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((bits & 0x7FFFu) << 13) * Rebias);
        if (value >= BeyondHalf) value |= Infinity;
        return value | ((bits & 0x8000u) << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Narrow(Vector512<uint> single)
    {
        var sign = single & Vector512.Create(Sign);
        var value = single ^ sign;
        var normal = (value + Vector512.Create(RebiasAndRound) + ((value >> 13) & Vector512<uint>.One)) >> 13;
        var small = (value.AsSingle() + Vector512.Create(Magic).AsSingle()).AsUInt32() - Vector512.Create(Magic);
        var special = Vector512.ConditionalSelect(Vector512.GreaterThan(value, Vector512.Create(Infinity)), Vector512.Create(0x7E00u), Vector512.Create(0x7C00u));
        var finite = Vector512.ConditionalSelect(Vector512.LessThan(value, Vector512.Create(SmallestNormal)), small, normal);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(value, Vector512.Create(BeyondHalf)), special, finite) | (sign >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Narrow(Vector256<uint> single)
    {
        var sign = single & Vector256.Create(Sign);
        var value = single ^ sign;
        var normal = (value + Vector256.Create(RebiasAndRound) + ((value >> 13) & Vector256<uint>.One)) >> 13;
        var small = (value.AsSingle() + Vector256.Create(Magic).AsSingle()).AsUInt32() - Vector256.Create(Magic);
        var special = Vector256.ConditionalSelect(Vector256.GreaterThan(value, Vector256.Create(Infinity)), Vector256.Create(0x7E00u), Vector256.Create(0x7C00u));
        var finite = Vector256.ConditionalSelect(Vector256.LessThan(value, Vector256.Create(SmallestNormal)), small, normal);
        return Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(value, Vector256.Create(BeyondHalf)), special, finite) | (sign >> 16);
    }

    public static ushort Narrow(uint single)
    {
        var value = single & ~Sign;
        var sign = (single & Sign) >> 16;
        if (value >= BeyondHalf) return (ushort)(sign | (value > Infinity ? 0x7E00u : 0x7C00u));
        if (value >= SmallestNormal) return (ushort)(sign | ((value + RebiasAndRound + ((value >> 13) & 1)) >> 13));
        var small = BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle(value) + BitConverter.UInt32BitsToSingle(Magic)) - Magic;
        return (ushort)(sign | small);
    }
}
