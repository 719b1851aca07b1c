using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>What two elements add to a sum, at every width. The drivers (<see cref="PairSum"/>) know only this.</summary>
/// <remarks>A pair of zeros must add nothing: tails are filled with zeros.</remarks>
internal interface IPairTerm
{
    static abstract Vector512<float> Add(Vector512<float> sum, Vector512<float> x, Vector512<float> y);

    static abstract Vector256<float> Add(Vector256<float> sum, Vector256<float> x, Vector256<float> y);

    static abstract Vector128<float> Add(Vector128<float> sum, Vector128<float> x, Vector128<float> y);

    static abstract float Add(float sum, float x, float y);
}

/// <summary>x·y. "Estimate" means: fused where the processor can, else a product and a sum.</summary>
internal readonly struct Product : IPairTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> sum, Vector512<float> x, Vector512<float> y) => Vector512.MultiplyAddEstimate(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> sum, Vector256<float> x, Vector256<float> y) => Vector256.MultiplyAddEstimate(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> sum, Vector128<float> x, Vector128<float> y) => Vector128.MultiplyAddEstimate(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float sum, float x, float y) => sum + (x * y);
}

/// <summary>(x − y)².</summary>
internal readonly struct SquaredDifference : IPairTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> sum, Vector512<float> x, Vector512<float> y)
    {
        var d = x - y;
        return Vector512.MultiplyAddEstimate(d, d, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> sum, Vector256<float> x, Vector256<float> y)
    {
        var d = x - y;
        return Vector256.MultiplyAddEstimate(d, d, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> sum, Vector128<float> x, Vector128<float> y)
    {
        var d = x - y;
        return Vector128.MultiplyAddEstimate(d, d, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float sum, float x, float y) => sum + ((x - y) * (x - y));
}

/// <summary>|x − y|.</summary>
internal readonly struct AbsoluteDifference : IPairTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> sum, Vector512<float> x, Vector512<float> y) => sum + Vector512.Abs(x - y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> sum, Vector256<float> x, Vector256<float> y) => sum + Vector256.Abs(x - y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> sum, Vector128<float> x, Vector128<float> y) => sum + Vector128.Abs(x - y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float sum, float x, float y) => sum + MathF.Abs(x - y);
}

/// <summary>x alone; y is not used.</summary>
internal readonly struct First : IPairTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> sum, Vector512<float> x, Vector512<float> y) => sum + x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> sum, Vector256<float> x, Vector256<float> y) => sum + x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> sum, Vector128<float> x, Vector128<float> y) => sum + x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float sum, float x, float y) => sum + x;
}
