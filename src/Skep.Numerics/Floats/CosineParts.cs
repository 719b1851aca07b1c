using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>The three sums of a cosine in one pass: each element is loaded once.</summary>
internal readonly ref struct CosineParts
{
    public readonly float Dot;
    public readonly float XX;
    public readonly float YY;

    private CosineParts(float dot, float xx, float yy) => (Dot, XX, YY) = (dot, xx, yy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CosineParts Of(ref float x, ref float y, nuint length)
    {
        if (Simd.Has512 && length >= 16) return Wide512(ref x, ref y, length);
        if (Simd.Has256 && length >= 8) return Wide256(ref x, ref y, length);
        return Apart(ref x, ref y, length);
    }

    private static CosineParts Apart(ref float x, ref float y, nuint length) =>
        new(PairSum.Of<Product>(ref x, ref y, length), PairSum.Of<Product>(ref x, ref x, length), PairSum.Of<Product>(ref y, ref y, length));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static CosineParts Wide512(ref float x, ref float y, nuint length)
    {
        const int W = 16;
        Vector512<float> xy0 = default, xy1 = default, xx0 = default, xx1 = default, yy0 = default, yy1 = default;
        nuint i = 0;
        for (; i + (2 * W) <= length; i += 2 * W)
        {
            var (x0, y0) = (Vector512.LoadUnsafe(ref x, i), Vector512.LoadUnsafe(ref y, i));
            var (x1, y1) = (Vector512.LoadUnsafe(ref x, i + W), Vector512.LoadUnsafe(ref y, i + W));
            xy0 = Product.Add(xy0, x0, y0);
            xx0 = Product.Add(xx0, x0, x0);
            yy0 = Product.Add(yy0, y0, y0);
            xy1 = Product.Add(xy1, x1, y1);
            xx1 = Product.Add(xx1, x1, x1);
            yy1 = Product.Add(yy1, y1, y1);
        }

        // At most one whole register and one part of a register are left.
        for (; i < length; i += W)
        {
            var whole = i + W <= length;
            var at = whole ? i : length - W;
            var keep = whole ? Vector512<float>.AllBitsSet : Tail.Mask512(length - i);
            var (x0, y0) = (Vector512.LoadUnsafe(ref x, at) & keep, Vector512.LoadUnsafe(ref y, at) & keep);
            xy0 = Product.Add(xy0, x0, y0);
            xx0 = Product.Add(xx0, x0, x0);
            yy0 = Product.Add(yy0, y0, y0);
        }

        return new CosineParts(Vector512.Sum(xy0 + xy1), Vector512.Sum(xx0 + xx1), Vector512.Sum(yy0 + yy1));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static CosineParts Wide256(ref float x, ref float y, nuint length)
    {
        const int W = 8;
        Vector256<float> xy0 = default, xy1 = default, xx0 = default, xx1 = default, yy0 = default, yy1 = default;
        nuint i = 0;
        for (; i + (2 * W) <= length; i += 2 * W)
        {
            var (x0, y0) = (Vector256.LoadUnsafe(ref x, i), Vector256.LoadUnsafe(ref y, i));
            var (x1, y1) = (Vector256.LoadUnsafe(ref x, i + W), Vector256.LoadUnsafe(ref y, i + W));
            xy0 = Product.Add(xy0, x0, y0);
            xx0 = Product.Add(xx0, x0, x0);
            yy0 = Product.Add(yy0, y0, y0);
            xy1 = Product.Add(xy1, x1, y1);
            xx1 = Product.Add(xx1, x1, x1);
            yy1 = Product.Add(yy1, y1, y1);
        }

        for (; i < length; i += W)
        {
            var whole = i + W <= length;
            var at = whole ? i : length - W;
            var keep = whole ? Vector256<float>.AllBitsSet : Tail.Mask256(length - i);
            var (x0, y0) = (Vector256.LoadUnsafe(ref x, at) & keep, Vector256.LoadUnsafe(ref y, at) & keep);
            xy0 = Product.Add(xy0, x0, y0);
            xx0 = Product.Add(xx0, x0, x0);
            yy0 = Product.Add(yy0, y0, y0);
        }

        return new CosineParts(Vector256.Sum(xy0 + xy1), Vector256.Sum(xx0 + xx1), Vector256.Sum(yy0 + yy1));
    }
}
