using System.Diagnostics;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Bench;

/// <summary>What a <c>command</c> task costs over starting the same program bare, two at a time.</summary>
internal static class Commands
{
    private const int Count = 400;
    private const int Concurrency = 2;

    public static async Task RunAsync(Table table)
    {
        var directory = Directory.CreateTempSubdirectory("skep-bench-").FullName;
        try
        {
            await using var host = SkepHost.Open(SkepFolder.Create(directory), new SkepHostOptions { Listen = false });
            await SkepAsync(host, directory, "warm", 50);
            await BareAsync(50);
            var (skep, bare) = (double.MaxValue, double.MaxValue);
            for (var i = 0; i < 3; i++)
            {
                bare = Math.Min(bare, await BareAsync(Count));
                skep = Math.Min(skep, await SkepAsync(host, directory, $"r{i}", Count));
            }

            var overhead = skep - bare;
            table.Row($"command task `true`, {Concurrency} at a time, per task and agent", $"{skep:0.00} ms", $"Process.Start {bare:0.00} ms", skep / bare, "≤ 2 ms over the baseline", overhead <= 2);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<double> SkepAsync(SkepHost host, string directory, string id, int count)
    {
        var clock = Stopwatch.StartNew();
        var run = await host.StartAsync(new RunRequest { RunId = id, Plan = BenchPlans.Independent(count, Concurrency, "true"), PlanText = "bench", PlanDirectory = directory, Workspace = directory });
        var status = await run.Completion;
        if (status != RunStatus.Succeeded) throw new InvalidOperationException($"the run {status}");
        return clock.Elapsed.TotalMilliseconds * Concurrency / count;
    }

    private static async Task<double> BareAsync(int count)
    {
        var clock = Stopwatch.StartNew();
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, Concurrency).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var process = Process.Start(new ProcessStartInfo("true") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
                await process.StandardOutput.ReadToEndAsync();
                await process.StandardError.ReadToEndAsync();
                await process.WaitForExitAsync();
            }
        })));
        return clock.Elapsed.TotalMilliseconds * Concurrency / count;
    }
}
