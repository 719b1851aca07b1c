using System.Diagnostics;
using Skep.Vectors;
using Skep.Vectors.Filtering;

namespace Skep.Bench.Vectors;

/// <summary>Our index, built and measured as the peers are.</summary>
internal static class Ours
{
    private const int Passes = 3;

    /// <summary>Builds an index with so many threads.</summary>
    public static (VectorIndex Index, double Seconds) Build(VectorData data, VectorCodes codes, int threads)
    {
        var index = new VectorIndex(new VectorIndexOptions { Dimension = data.Dimension, Metric = data.Metric, Codes = codes, MaxRows = Math.Max(data.Count, 1_000) });
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < data.Count; i++) index.Add(data.Row(i));
        index.Link(threads);
        return (index, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Speed over recall, one thread: the fastest of three passes at each setting.</summary>
    public static Curve Sweep(string name, double build, VectorIndex index, VectorData data, int queries)
    {
        var points = new List<CurvePoint>();
        foreach (var ef in Curve.Efs)
        {
            points.Add(Enumerable.Range(0, Passes).Select(_ => Pass(index, data, queries, ef)).MaxBy(p => p.Qps)!);
            if (points[^1].Recall > Curve.Enough) break;
        }

        return new Curve(name, build, points);
    }

    /// <summary>Speed over recall of so many threads together, over one index: the fastest of three windows at each setting around the recalls that are compared.</summary>
    public static Curve Together(Curve one, VectorIndex index, VectorData data, int queries, int threads) => new(one.Name, one.BuildSeconds,
        [.. one.Around().Select(p => p with { Qps = Enumerable.Range(0, Passes).Max(_ => SharedWindow.Qps(index, data, queries, p.Ef, threads)) })]);

    /// <summary>Every so many-th row only: recall, and queries per second.</summary>
    public static (double Recall, double Qps) Filtered(VectorIndex index, VectorData data, int queries, int every, int ef)
    {
        var words = new ulong[(data.Count + 63) / 64];
        for (var row = 0; row < data.Count; row += every) words[row >> 6] |= 1UL << row;
        var filter = RowSet.FromBits(words, data.Count);
        var (hits, truth, found, best) = (new VectorHit[VectorData.K], new VectorHit[VectorData.K], 0, double.PositiveInfinity);
        for (var pass = 0; pass < Passes; pass++)
        {
            var clock = Stopwatch.StartNew();
            for (var q = 0; q < queries; q++) index.Search(data.Query(q), hits, new SearchSettings { Ef = ef, Filter = filter });
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        for (var q = 0; q < queries; q++)
        {
            index.Search(data.Query(q), hits, new SearchSettings { Ef = ef, Filter = filter });
            index.Search(data.Query(q), truth, new SearchSettings { Exact = true, Filter = filter });
            found += hits.Count(h => truth.Any(t => t.Row == h.Row));
        }

        return (found / (double)(queries * VectorData.K), queries / best);
    }

    private static CurvePoint Pass(VectorIndex index, VectorData data, int queries, int ef)
    {
        var found = new VectorHit[queries * VectorData.K];
        var times = new double[queries];
        var settings = new SearchSettings { Ef = ef };
        var began = Stopwatch.GetTimestamp();
        for (var q = 0; q < queries; q++)
        {
            var at = Stopwatch.GetTimestamp();
            index.Search(data.Query(q), found.AsSpan(q * VectorData.K, VectorData.K), settings);
            times[q] = Stopwatch.GetElapsedTime(at).TotalSeconds;
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Array.Sort(times);
        return new CurvePoint(ef, data.Recall((q, i) => found[(q * VectorData.K) + i].Row, queries), queries / seconds, times[queries / 2], times[queries * 99 / 100]);
    }
}
