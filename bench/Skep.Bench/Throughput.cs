namespace Skep.Bench;

/// <summary>10,000 dependent tasks that do nothing, every completion durable.</summary>
internal static class Throughput
{
    private const int Tasks = 10_000;

    public static async Task RunAsync(Table table)
    {
        await using var rig = new Rig();
        await rig.RunAsync(BenchPlans.Layers(2000, 200, 256), "warm");
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var (status, elapsed) = await rig.RunAsync(BenchPlans.Layers(Tasks, 200, 256), $"run{i}");
            if (status != Orchestration.RunStatus.Succeeded) throw new InvalidOperationException($"the run {status}");
            if (elapsed < best) best = elapsed;
        }

        var rate = Tasks / best.TotalSeconds;
        var flush = Disk.FlushSeconds(rig.Directory1, 200);
        table.Row($"{Tasks:N0} dependent no-op tasks, 50 layers of 200, each completion on disk", $"{rate:N0} tasks/s", $"{1 / flush:N0} flushes/s", rate * flush, "10,000 tasks/s, at least 5,000", rate >= 5000);
    }
}
