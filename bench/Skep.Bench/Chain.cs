namespace Skep.Bench;

/// <summary>A chain: each step must be on disk before the next begins.</summary>
internal static class Chain
{
    private const int Steps = 500;

    public static async Task RunAsync(Table table)
    {
        await using var rig = new Rig();
        await rig.RunAsync(BenchPlans.Chain(100), "warm");
        // Interleaved, because the speed of a shared disk drifts.
        var (chain, flush, append) = (0.0, 0.0, 0.0);
        const int rounds = 3;
        for (var i = 0; i < rounds; i++)
        {
            flush += Disk.FlushSeconds(rig.Directory1, Steps) / rounds;
            append += await Disk.AppendSecondsAsync(rig.Host.Store, $"single{i}", Steps) / rounds;
            chain += (await rig.RunAsync(BenchPlans.Chain(Steps), $"chain{i}")).Elapsed.TotalSeconds / Steps / rounds;
        }

        table.Row($"serial chain of {Steps} no-op tasks, per step", $"{chain * 1e3:0.00} ms", $"append 4 KiB + fdatasync {flush * 1e3:0.00} ms", chain / flush, "≤ 1.3 × one fsync", chain <= 1.3 * flush);
        table.Row("the same against one durable append to the log", $"{chain * 1e3:0.00} ms", $"{append * 1e3:0.00} ms", chain / append, "", null);
    }
}
