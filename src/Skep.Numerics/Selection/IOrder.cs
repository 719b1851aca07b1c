using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>Which of two scores is better. NaN is better than nothing.</summary>
internal interface IOrder
{
    static abstract bool Better(float x, float y);

    static abstract bool AnyBetter(Vector512<float> x, Vector512<float> y);

    static abstract bool AnyBetter(Vector256<float> x, Vector256<float> y);

    static abstract bool AnyBetter(Vector128<float> x, Vector128<float> y);
}

internal readonly struct Ascending : IOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Better(float x, float y) => x < y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBetter(Vector512<float> x, Vector512<float> y) => Vector512.LessThanAny(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBetter(Vector256<float> x, Vector256<float> y) => Vector256.LessThanAny(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBetter(Vector128<float> x, Vector128<float> y) => Vector128.LessThanAny(x, y);
}

internal readonly struct Descending : IOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Better(float x, float y) => x > y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBetter(Vector512<float> x, Vector512<float> y) => Vector512.GreaterThanAny(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBetter(Vector256<float> x, Vector256<float> y) => Vector256.GreaterThanAny(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBetter(Vector128<float> x, Vector128<float> y) => Vector128.GreaterThanAny(x, y);
}
