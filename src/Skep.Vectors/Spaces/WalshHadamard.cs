using System.Numerics;

namespace Skep.Vectors.Spaces;

/// <summary>The Walsh-Hadamard transform: all sums and differences of a block's numbers, in n log n steps. Additions alone, so the same bits on every machine.</summary>
internal static unsafe class WalshHadamard
{
    /// <summary>Transforms a block in place; lengths of vectors grow by the square root of its size.</summary>
    /// <param name="x">The block.</param>
    /// <param name="size">How many numbers: a power of two.</param>
    public static void Transform(float* x, int size)
    {
        for (var half = 1; half < size; half *= 2)
        {
            for (var at = 0; at < size; at += 2 * half) Butterfly(x + at, x + at + half, half);
        }
    }

    /// <summary>Puts sums in place of one half and differences in place of the other.</summary>
    public static void Butterfly(float* left, float* right, int count)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
        {
            var (a, b) = (Vector.Load(left + i), Vector.Load(right + i));
            (a + b).Store(left + i);
            (a - b).Store(right + i);
        }

        for (; i < count; i++) (left[i], right[i]) = (left[i] + right[i], left[i] - right[i]);
    }
}
