using System.Globalization;

namespace Skep.Bench;

/// <summary>How the time of a run grows with its size: the exponent of a power law fitted by least squares in log-log.</summary>
internal static class Growth
{
    public static async Task RunAsync(Table table)
    {
        int[] sizes = [1000, 3162, 10_000, 31_623, 100_000];
        var points = new List<(double X, double Y)>();
        foreach (var size in sizes)
        {
            await using var rig = new Rig();
            await rig.RunAsync(BenchPlans.Layers(10_000, 200, 256), "warm");
            var best = double.MaxValue;
            for (var i = 0; i < (size > 20_000 ? 3 : 7); i++)
                best = Math.Min(best, (await rig.RunAsync(BenchPlans.Layers(size, 200, 256), $"r{i}")).Elapsed.TotalSeconds);
            points.Add((Math.Log(size), Math.Log(best)));
        }

        var (mx, my) = (points.Average(p => p.X), points.Average(p => p.Y));
        var exponent = points.Sum(p => (p.X - mx) * (p.Y - my)) / points.Sum(p => (p.X - mx) * (p.X - mx));
        var times = string.Join(", ", points.Select((p, i) => string.Create(CultureInfo.InvariantCulture, $"{sizes[i] / 1000.0:0.#}k {Math.Exp(p.Y):0.00} s")));
        table.Row("growth from 1k to 100k tasks, exponent", exponent.ToString("0.00", CultureInfo.InvariantCulture), times, null, "≤ 1.1", exponent <= 1.1);
    }
}
