using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>One query against many rows: four rows at once where there are registers for it, and the next rows on their way meanwhile.</summary>
/// <remarks>
/// With AVX-512, four rows share the loads of the query, with the same four accumulators a row as <see cref="PairSum"/> has: the same order of sums, so the same bits. The 16
/// registers of AVX2 are too few for that.
/// </remarks>
internal static unsafe class ManyRows
{
    private const int Together = 4;

    /// <summary>Of a row that was not asked for yet, as many lines are requested; the processor's own prefetcher recognises a run of them and goes on.</summary>
    private const int AheadBytes = 8 * Prefetch.LineBytes;

    public static void Chosen<T>(float* query, nuint length, float* rows, nint stride, ReadOnlySpan<int> ids, Span<float> results)
        where T : struct, IPairTerm
    {
        var ahead = nint.Min((nint)length * sizeof(float), AheadBytes);
        for (var i = 0; i < int.Min(Together, ids.Length); i++) Prefetch.Range(rows + (ids[i] * stride), ahead);
        var at = 0;
        for (; at + Together <= ids.Length; at += Together)
        {
            for (var i = at + Together; i < int.Min(at + (2 * Together), ids.Length); i++) Prefetch.Range(rows + (ids[i] * stride), ahead);
            Four<T>(query, length, rows + (ids[at] * stride), rows + (ids[at + 1] * stride), rows + (ids[at + 2] * stride), rows + (ids[at + 3] * stride), results.Slice(at, Together));
        }

        for (; at < ids.Length; at++) results[at] = PairSum.Of<T>(ref *query, ref rows[ids[at] * stride], length);
    }

    /// <summary>Consecutive rows need no hints: the processor sees the pattern.</summary>
    public static void Consecutive<T>(float* query, nuint length, float* rows, nint stride, Span<float> results)
        where T : struct, IPairTerm
    {
        var at = 0;
        for (; at + Together <= results.Length; at += Together, rows += Together * stride)
            Four<T>(query, length, rows, rows + stride, rows + (2 * stride), rows + (3 * stride), results.Slice(at, Together));
        for (; at < results.Length; at++, rows += stride) results[at] = PairSum.Of<T>(ref *query, ref *rows, length);
    }

    private static void Four<T>(float* q, nuint length, float* a, float* b, float* c, float* d, Span<float> results)
        where T : struct, IPairTerm
    {
        if (Simd.Has512 && length >= 64 && length % 64 == 0)
        {
            Four512<T>(q, length, a, b, c, d, results);
            return;
        }

        results[0] = PairSum.Of<T>(ref *q, ref *a, length);
        results[1] = PairSum.Of<T>(ref *q, ref *b, length);
        results[2] = PairSum.Of<T>(ref *q, ref *c, length);
        results[3] = PairSum.Of<T>(ref *q, ref *d, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four512<T>(float* q, nuint length, float* a, float* b, float* c, float* d, Span<float> results)
        where T : struct, IPairTerm
    {
        const int W = 16;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (nuint i = 0; i < length; i += 4 * W)
        {
            var x = Vector512.Load(q + i);
            a0 = T.Add(a0, x, Vector512.Load(a + i));
            b0 = T.Add(b0, x, Vector512.Load(b + i));
            c0 = T.Add(c0, x, Vector512.Load(c + i));
            d0 = T.Add(d0, x, Vector512.Load(d + i));
            x = Vector512.Load(q + i + W);
            a1 = T.Add(a1, x, Vector512.Load(a + i + W));
            b1 = T.Add(b1, x, Vector512.Load(b + i + W));
            c1 = T.Add(c1, x, Vector512.Load(c + i + W));
            d1 = T.Add(d1, x, Vector512.Load(d + i + W));
            x = Vector512.Load(q + i + (2 * W));
            a2 = T.Add(a2, x, Vector512.Load(a + i + (2 * W)));
            b2 = T.Add(b2, x, Vector512.Load(b + i + (2 * W)));
            c2 = T.Add(c2, x, Vector512.Load(c + i + (2 * W)));
            d2 = T.Add(d2, x, Vector512.Load(d + i + (2 * W)));
            x = Vector512.Load(q + i + (3 * W));
            a3 = T.Add(a3, x, Vector512.Load(a + i + (3 * W)));
            b3 = T.Add(b3, x, Vector512.Load(b + i + (3 * W)));
            c3 = T.Add(c3, x, Vector512.Load(c + i + (3 * W)));
            d3 = T.Add(d3, x, Vector512.Load(d + i + (3 * W)));
        }

        results[0] = Vector512.Sum((a0 + a1) + (a2 + a3));
        results[1] = Vector512.Sum((b0 + b1) + (b2 + b3));
        results[2] = Vector512.Sum((c0 + c1) + (c2 + c3));
        results[3] = Vector512.Sum((d0 + d1) + (d2 + d3));
    }
}
