using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Skep.Vectors;

namespace Skep.Bench.Vectors;

/// <summary>Runs a peer from npm, in a process of its own, on the same files.</summary>
internal sealed record PeerRun(Curve Curve, IReadOnlyDictionary<int, double> FilteredQps)
{
    /// <summary>Measures a peer; null when it cannot be run here.</summary>
    /// <param name="peer">hnswlib or usearch.</param>
    /// <param name="folder">A folder in which hnswlib-node and usearch were installed with npm.</param>
    /// <param name="data">What it searches.</param>
    /// <param name="queries">How many queries are asked.</param>
    public static async Task<PeerRun?> MeasureAsync(string peer, string? folder, VectorData data, int queries)
    {
        if (folder is null || !Directory.Exists(Path.Combine(folder, "node_modules"))) return null;
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])
        [
            "--max-old-space-size=8192", Path.Combine(AppContext.BaseDirectory, "Vectors", "peers.mjs"), peer, data.RowsFile, data.QueriesFile, data.TruthFile,
            Number(data.Dimension), data.Metric == VectorMetric.L2 ? "l2" : "cosine", string.Join(',', Curve.Efs), Number(Curve.Enough), Number(queries),
        ]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node does not start");
        var (build, points, filtered) = (0.0, new List<CurvePoint>(), new Dictionary<int, double>());
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var said = json.RootElement;
            if (said.TryGetProperty("build", out var seconds)) build = seconds.GetDouble();
            else if (said.TryGetProperty("filter", out var every)) Better(filtered, every.GetInt32(), said);
            else if (said.TryGetProperty("ef", out var ef)) points.Add(new CurvePoint(ef.GetInt32(), said.GetProperty("recall").GetDouble(), said.GetProperty("qps").GetDouble(), said.GetProperty("p50").GetDouble(), said.GetProperty("p99").GetDouble()));
        }

        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? new PeerRun(new Curve(peer, build, points), filtered) : throw new InvalidOperationException($"{peer} ended with {process.ExitCode}");
    }

    /// <summary>The peer stops at the first setting that reaches the recall: the last one that it says counts. Where none did, that flatters the peer.</summary>
    private static void Better(Dictionary<int, double> filtered, int every, JsonElement said) => filtered[every] = said.GetProperty("qps").GetDouble();

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
