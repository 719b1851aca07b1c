using System.Globalization;
using Xunit.Abstractions;

namespace Skep.Simulation;

/// <summary>
/// Thousands of seeded runs, each with faults, then without. A failing seed is replayed by <c>SKEP_SEED=n dotnet test tests/Skep.Simulation</c>;
/// <c>SKEP_SEED_AFTER=n</c> takes the thousands after <c>n</c>.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 10000;

    [Fact]
    public void Every_promise_holds_in_thousands_of_runs_with_faults()
    {
        var only = Environment.GetEnvironmentVariable("SKEP_SEED");
        var after = ulong.Parse(Environment.GetEnvironmentVariable("SKEP_SEED_AFTER") ?? "0", CultureInfo.InvariantCulture);
        var seeds = only is null ? Enumerable.Range(1, Seeds).Select(i => after + (ulong)i) : [ulong.Parse(only, CultureInfo.InvariantCulture)];
        var (crashes, failures, conflicts, completions, runs, votes, waivers, proposals) = (0, 0, 0, 0L, 0, 0, 0, 0);
        var (spawned, retired) = (0, 0);
        foreach (var seed in seeds)
        {
            var world = RunSeed(seed);
            crashes += world.Crashes;
            failures += world.Disk.Failures;
            conflicts += world.Disk.Conflicts;
            completions += world.Disk.LastSeq;
            runs++;
            votes += world.Votes;
            waivers += world.Waivers;
            proposals += world.Proposals;
            spawned += world.Spawned;
            retired += world.Retired;
        }

        output.WriteLine($"{runs} runs, {completions} events, {crashes} crashes, {failures} disk failures, {conflicts} fenced queens, {votes} votes, {waivers} waivers, {proposals} proposals, {spawned} agents spawned, {retired} retired");
        Assert.True(only is not null || (crashes > Seeds / 5 && failures > Seeds / 5 && conflicts > Seeds / 10 && votes > Seeds / 10 && waivers > Seeds / 100 && proposals > Seeds / 20 && spawned > Seeds / 3 && retired > Seeds / 3), "the faults were hardly exercised");
    }

    private static SimWorld RunSeed(ulong seed)
    {
        var world = new SimWorld(seed);
        try
        {
            world.RunToEnd();
            world.Check();
            return world;
        }
        catch (Exception e)
        {
            var tail = string.Join('\n', world.Log.TakeLast(200).Select(r => $"{r.Seq} {r.At:mm:ss.fff} {r.Event}"));
            throw new BrokenPromiseException($"seed {seed}: {e.Message}\nreplay: SKEP_SEED={seed} dotnet test tests/Skep.Simulation\n{e}\nend of the log:\n{tail}");
        }
    }
}
