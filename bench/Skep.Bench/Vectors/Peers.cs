using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Skep.Vectors;

namespace Skep.Bench.Vectors;

/// <summary>A peer on several threads at once.</summary>
/// <param name="Threads">How many.</param>
/// <param name="How">"workers": of node, each with its own copy of the index; "batch": a search of the peer itself for many queries, by threads over one index.</param>
/// <param name="Curve">All threads together, at the settings around the recalls that are compared.</param>
/// <param name="CopyBytes">What each worker's copy takes as a file.</param>
/// <param name="MemoryBytes">By how much the process grew for each worker while they loaded their copies.</param>
internal sealed record PeerThreads(int Threads, string How, Curve Curve, double CopyBytes, double MemoryBytes);

/// <summary>Runs a peer from npm, in a process of its own, on the same files.</summary>
/// <param name="Curve">One thread.</param>
/// <param name="FilteredQps">Queries per second among every so many-th row.</param>
/// <param name="Shared">More threads.</param>
internal sealed record PeerRun(Curve Curve, IReadOnlyDictionary<int, double> FilteredQps, IReadOnlyList<PeerThreads> Shared)
{
    /// <summary>Measures a peer; null when it cannot be run here.</summary>
    /// <param name="peer">hnswlib or usearch.</param>
    /// <param name="folder">A folder in which hnswlib-node and usearch were installed with npm.</param>
    /// <param name="data">What it searches.</param>
    /// <param name="queries">How many queries are asked.</param>
    /// <param name="threads">Numbers of threads beside one.</param>
    public static async Task<PeerRun?> MeasureAsync(string peer, string? folder, VectorData data, int queries, IReadOnlyList<int> threads)
    {
        if (folder is null || !Directory.Exists(Path.Combine(folder, "node_modules"))) return null;
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])
        [
            "--max-old-space-size=8192", Path.Combine(AppContext.BaseDirectory, "Vectors", "peers.mjs"), peer, data.RowsFile, data.QueriesFile, data.TruthFile,
            Number(data.Dimension), data.Metric == VectorMetric.L2 ? "l2" : "cosine", string.Join(',', Curve.Efs), Number(Curve.Enough), Number(queries),
            string.Join(',', threads), string.Join(',', Curve.Recalls.Select(Number)),
        ]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node does not start");
        var (build, points, filtered, told) = (0.0, new List<CurvePoint>(), new Dictionary<int, double>(), new List<JsonElement>());
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var said = json.RootElement;
            if (said.TryGetProperty("build", out var seconds)) build = seconds.GetDouble();
            else if (said.TryGetProperty("filter", out var every)) Better(filtered, every.GetInt32(), said);
            else if (said.TryGetProperty("threads", out _)) told.Add(said.Clone());
            else if (said.TryGetProperty("ef", out _)) points.Add(new CurvePoint(said.GetProperty("ef").GetInt32(), said.GetProperty("recall").GetDouble(), said.GetProperty("qps").GetDouble(), said.GetProperty("p50").GetDouble(), said.GetProperty("p99").GetDouble()));
        }

        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? new PeerRun(new Curve(peer, build, points), filtered, [.. Together(peer, told)]) : throw new InvalidOperationException($"{peer} ended with {process.ExitCode}");
    }

    /// <summary>What was said about several threads: first what a copy takes, then the speeds.</summary>
    private static IEnumerable<PeerThreads> Together(string peer, List<JsonElement> told)
    {
        var copies = told.Where(t => t.TryGetProperty("copies", out _)).ToDictionary(Threads);
        foreach (var group in told.Where(t => t.TryGetProperty("ef", out _)).GroupBy(t => (Threads: Threads(t), How: t.GetProperty("how").GetString()!)))
        {
            var points = group.Select(t => new CurvePoint(t.GetProperty("ef").GetInt32(), t.GetProperty("recall").GetDouble(), t.GetProperty("qps").GetDouble(), 0, 0));
            var copy = copies[group.Key.Threads];
            yield return new PeerThreads(group.Key.Threads, group.Key.How, new Curve(peer, 0, [.. points]), copy.GetProperty("file").GetDouble(), copy.GetProperty("memory").GetDouble());
        }
    }

    private static int Threads(JsonElement said) => said.GetProperty("threads").GetInt32();

    /// <summary>The peer stops at the first setting that reaches the recall: the last one that it says counts. Where none did, that flatters the peer.</summary>
    private static void Better(Dictionary<int, double> filtered, int every, JsonElement said) => filtered[every] = said.GetProperty("qps").GetDouble();

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
