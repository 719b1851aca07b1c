using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>The k smallest or largest of many scores, in order.</summary>
/// <remarks>
/// NaN is never chosen. Of equal scores the lower index comes first, also at the end of what fits, so the result depends on nothing but the scores; −0 equals 0.
/// A heap keeps the best so far; whole registers of scores that cannot enter it are passed over at once, so long lists cost little more than reading them. Nothing is allocated.
/// </remarks>
public static class TopK
{
    /// <summary>Chooses the smallest scores: the nearest, where scores are distances.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="ids">Takes the indices of the chosen, best first. Its length is k.</param>
    /// <param name="chosen">Takes their scores. As long as <paramref name="ids"/>.</param>
    /// <returns>How many were chosen: k, or as many as there are scores that are not NaN.</returns>
    public static int Smallest(ReadOnlySpan<float> scores, Span<int> ids, Span<float> chosen) => Choose<Ascending>(scores, ids, chosen);

    /// <summary>Chooses the largest scores: the nearest, where scores are similarities.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="ids">Takes the indices of the chosen, best first. Its length is k.</param>
    /// <param name="chosen">Takes their scores. As long as <paramref name="ids"/>.</param>
    /// <returns>How many were chosen: k, or as many as there are scores that are not NaN.</returns>
    public static int Largest(ReadOnlySpan<float> scores, Span<int> ids, Span<float> chosen) => Choose<Descending>(scores, ids, chosen);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Choose<T>(ReadOnlySpan<float> scores, Span<int> ids, Span<float> chosen)
        where T : struct, IOrder
    {
        Guard.Length(chosen.Length, ids.Length, nameof(chosen));
        if (ids.IsEmpty) return 0;
        var heap = new BoundedHeap<T>(ids, chosen);
        var i = 0;
        for (; i < scores.Length && !heap.IsFull; i++)
            if (!float.IsNaN(scores[i])) heap.Add(i, scores[i]);
        ref var first = ref MemoryMarshal.GetReference(scores);
        while (i < scores.Length)
        {
            i = SkipWorse<T>(ref first, i, scores.Length, heap.Worst);
            for (var end = int.Min(i + 16, scores.Length); i < end; i++)
                if (T.Better(scores[i], heap.Worst)) heap.ReplaceWorst(i, scores[i]);
        }

        heap.Sort();
        return heap.Count;
    }

    /// <summary>Where the next register begins in which something is better than the bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SkipWorse<T>(ref float scores, int i, int length, float bound)
        where T : struct, IOrder
    {
        if (Simd.Has512)
        {
            var limit = Vector512.Create(bound);
            while (i + 16 <= length && !T.AnyBetter(Vector512.LoadUnsafe(ref scores, (nuint)i), limit)) i += 16;
        }
        else if (Simd.Has256)
        {
            var limit = Vector256.Create(bound);
            while (i + 8 <= length && !T.AnyBetter(Vector256.LoadUnsafe(ref scores, (nuint)i), limit)) i += 8;
        }
        else if (Simd.Has128)
        {
            var limit = Vector128.Create(bound);
            while (i + 4 <= length && !T.AnyBetter(Vector128.LoadUnsafe(ref scores, (nuint)i), limit)) i += 4;
        }

        return i;
    }
}
