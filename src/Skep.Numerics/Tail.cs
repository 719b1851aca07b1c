using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>Masks that keep the last few lanes of a register.</summary>
internal static class Tail
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Mask512(nuint lanes) =>
        Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(Vector512<int>.Count - (int)lanes)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Mask256(nuint lanes) =>
        Vector256.GreaterThanOrEqual(Vector256<int>.Indices, Vector256.Create(Vector256<int>.Count - (int)lanes)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> ByteMask512(nuint lanes) =>
        Vector512.GreaterThanOrEqual(Vector512<byte>.Indices, Vector512.Create((byte)(Vector512<byte>.Count - (int)lanes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ByteMask256(nuint lanes) =>
        Vector256.GreaterThanOrEqual(Vector256<byte>.Indices, Vector256.Create((byte)(Vector256<byte>.Count - (int)lanes)));
}
