using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Skep.Numerics;

/// <summary>Which instructions the kernels use in this process.</summary>
public enum SimdLevel
{
    /// <summary>None: plain loops.</summary>
    Scalar,

    /// <summary>128 bits at a time: SSE on x64, AdvSimd on Arm.</summary>
    Vector128,

    /// <summary>AVX2 with fused multiply-add.</summary>
    Avx2,

    /// <summary>AVX-512 F and BW.</summary>
    Avx512,
}

/// <summary>The instructions that the kernels use, chosen by the JIT compiler or, ahead of time, at start.</summary>
/// <remarks>
/// The choice is by instruction set. <see cref="Vector512.IsHardwareAccelerated"/> asks something else, whether 512 bits are *advisable* in general code, and is
/// false on processors that slow down under long stretches of them although these short kernels still gain (docs/decisions/0015).
/// </remarks>
public static class Simd
{
    /// <summary>The level of this process.</summary>
    public static SimdLevel Level => Has512 ? SimdLevel.Avx512 : Has256 ? SimdLevel.Avx2 : Has128 ? SimdLevel.Vector128 : SimdLevel.Scalar;

    /// <summary>The level, and the instructions for products of small integers beside it, in words for a report: <c>Avx512 + AvxVnni</c>.</summary>
    public static string Description => $"{Level}{(HasVnni ? " + AvxVnni" : "")}{(Dp.IsSupported ? " + Dp" : "")}";

    internal static bool Has512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.IsSupported && Avx512BW.IsSupported;
    }

    internal static bool Has256
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx2.IsSupported && Fma.IsSupported;
    }

    internal static bool Has128
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.IsHardwareAccelerated;
    }

    internal static bool HasVnni
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => AvxVnni.IsSupported;
    }
}
