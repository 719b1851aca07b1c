using System.Diagnostics;
using System.Globalization;
using Skep.Vectors;
using Skep.Vectors.Filtering;

namespace Skep.Bench.Vectors;

/// <summary>
/// What a step of a walk costs beside a row of a scan, which is what the index plans by: walks and scans of the same queries, each forced, over more and more
/// rows, and for filters that let more and more rows through. Where they cost the same, the plan should change its mind.
/// </summary>
internal static class PlanCosts
{
    private const int Rows = 100_000, Queries = 200, K = 10;
    private static readonly int[] Efs = [48, SearchSettings.DefaultEf, 192];
    private static readonly int[] Sizes = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000];
    private static readonly double[] Shares = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3];

    public static Task RunAsync(Table table)
    {
        var set = CollectionSet.Open(VectorsBench.DataFolder, Rows);
        foreach (var codes in new[] { VectorCodes.Bits7, VectorCodes.Bit1, VectorCodes.Full })
        {
            var small = Sizes.Select(size => Build(set, codes, size)).ToList();
            foreach (var ef in Efs) Unfiltered(table, set, small, ef);
            foreach (var index in small) index.Dispose();
            using var large = Build(set, codes, Rows);
            foreach (var ef in Efs) Filtered(table, set, large, ef);
        }

        return Task.CompletedTask;
    }

    /// <summary>A walk of ef steps beside a scan of n rows: they cost the same where n is ef times the cost of a step.</summary>
    private static void Unfiltered(Table table, CollectionSet set, List<VectorIndex> indexes, int ef)
    {
        var points = indexes.ConvertAll(index => Measure(index, set, null, ef, index.Count));
        Print(table, $"{indexes[0].Options.Codes}, ef {ef}, no filter: rows", points, at => at / ef);
    }

    /// <summary>A walk for a share s of n rows takes ef / s steps, beside a scan of s n rows: they cost the same where s² n is ef times the cost of a step.</summary>
    private static void Filtered(Table table, CollectionSet set, VectorIndex index, int ef)
    {
        var points = Shares.Select(share => Measure(index, set, Random(index.Count, share), ef, share)).ToList();
        Print(table, $"{index.Options.Codes}, ef {ef}, {index.Count:N0} rows, a filter: share", points, at => at * at * index.Count / ef);
    }

    private static void Print(Table table, string what, List<Point> points, Func<double, double> cost)
    {
        foreach (var p in points)
        {
            table.Row($"{what} {Number(p.At)}: walk (baseline: scan)", $"{p.Walk * 1e6:0} µs", $"{p.Scan * 1e6:0} µs", p.Walk / p.Scan, "", null);
        }

        table.Row($"{what} where walk and scan cost the same; so many rows of a scan for a step", Crossover(points) is { } at ? $"{Number(at)}; {cost(at).ToString("0", CultureInfo.InvariantCulture)}" : "not in this range", "", null, "", null);
    }

    /// <summary>On a straight line between logarithms, from the first point on from which the walk stays cheaper.</summary>
    private static double? Crossover(List<Point> points)
    {
        var last = points.FindLastIndex(p => p.Walk > p.Scan);
        if (last < 0 || last == points.Count - 1) return null;
        var (before, after) = (points[last], points[last + 1]);
        var (a, b) = (Math.Log(before.Walk / before.Scan), Math.Log(after.Walk / after.Scan));
        return Math.Exp(Math.Log(before.At) + (a / (a - b) * (Math.Log(after.At) - Math.Log(before.At))));
    }

    private static Point Measure(VectorIndex index, CollectionSet set, RowSet? filter, int ef, double at) => new(
        at,
        Seconds(index, set, new SearchSettings { Ef = ef, Filter = filter, Scan = false }),
        Seconds(index, set, new SearchSettings { Ef = ef, Filter = filter, Scan = true }));

    /// <summary>The median of the fastest of three passes.</summary>
    private static double Seconds(VectorIndex index, CollectionSet set, SearchSettings settings)
    {
        var (hits, best) = (new VectorHit[K], double.PositiveInfinity);
        for (var pass = 0; pass < 3; pass++)
        {
            var times = new double[Queries];
            for (var q = 0; q < Queries; q++)
            {
                var began = Stopwatch.GetTimestamp();
                index.Search(set.Query(q).Span, hits, settings);
                times[q] = Stopwatch.GetElapsedTime(began).TotalSeconds;
            }

            Array.Sort(times);
            best = Math.Min(best, times[Queries / 2]);
        }

        return best;
    }

    private static RowSet Random(int rows, double share)
    {
        var (random, words) = (new Random(7), new ulong[(rows + 63) / 64]);
        for (var row = 0; row < rows; row++)
        {
            if (random.NextDouble() < share) words[row >> 6] |= 1UL << row;
        }

        return RowSet.FromBits(words, rows);
    }

    private static VectorIndex Build(CollectionSet set, VectorCodes codes, int rows)
    {
        using var built = new VectorIndex(new VectorIndexOptions { Dimension = CollectionSet.Dimension, Codes = codes, MaxRows = rows, GraphFrom = 1 });
        for (var i = 0; i < rows; i++) built.Add(set.Row(i).Span);
        built.Link();
        return built.Compact(out _);
    }

    private static string Number(double value) => value.ToString(value < 1 ? "0.0000" : "N0", CultureInfo.InvariantCulture);

    private readonly record struct Point(double At, double Walk, double Scan);
}
