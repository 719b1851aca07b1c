using System.Globalization;
using Skep.Coding.Merging;
using Xunit.Abstractions;

namespace Skep.Coding.Tests.Simulation;

/// <summary>Thousands of seeded queues, each with faults, then without. A failing seed is replayed by <c>SKEP_SEED=n dotnet test tests/Skep.Coding.Tests</c>.</summary>
public sealed class MergeSimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 5000;

    [Fact]
    public async Task Every_promise_holds_in_thousands_of_queues_with_faults()
    {
        var only = Environment.GetEnvironmentVariable("SKEP_SEED");
        var seeds = only is null ? Enumerable.Range(1, Seeds).Select(i => (ulong)i) : [ulong.Parse(only, CultureInfo.InvariantCulture)];
        var (crashes, moves, obstacles, landed, back, gaveUp, withdrawn, ended) = (0, 0, 0, 0, 0, 0, 0, 0);
        foreach (var seed in seeds)
        {
            var (world, state) = await RunAsync(seed);
            crashes += world.Crashes;
            moves += world.Log.OfType<TargetMoved>().Count();
            obstacles += world.Obstacles;
            landed += state.Entries.Count(e => e.Landed is not null);
            back += state.Entries.Count(e => e.HandedBack is { Reason: not (HandBackReason.CheckLost or HandBackReason.TargetMoved) });
            gaveUp += state.Entries.Count(e => e.HandedBack is { Reason: HandBackReason.CheckLost or HandBackReason.TargetMoved });
            withdrawn += state.Entries.Count(e => e.Withdrawn is not null);
            ended += state.Entries.Count(e => e is { Withdrawn: not null, Checks: > 0 });
        }

        output.WriteLine($"{landed} landed, {withdrawn} withdrawn, of which {ended} had been checked, {back} handed back, {gaveUp} given up, {crashes} crashes, {moves} times the target moved, {obstacles} obstacles");
        Assert.True(only is not null || (crashes > Seeds * 3 && moves > Seeds / 2 && obstacles > Seeds / 5 && gaveUp > 0 && landed > Seeds * 3 && back > Seeds && withdrawn > Seeds / 2 && ended > Seeds / 10), "the faults were hardly exercised");
    }

    private static async Task<(SimWorld World, MergeState State)> RunAsync(ulong seed)
    {
        var world = new SimWorld(seed);
        try
        {
            var works = Works(world.Random);
            var state = await LiveAsync(world, works);
            Check(world, state, works);
            return (world, state);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}\nreplay: SKEP_SEED={seed} dotnet test tests/Skep.Coding.Tests\n{string.Join('\n', world.Log.TakeLast(60))}", e);
        }
    }

    /// <summary>Some lives with faults, then one without.</summary>
    private static async Task<MergeState> LiveAsync(SimWorld world, List<BranchWork> works)
    {
        var lives = world.Random.Between(1, 12);
        for (var life = 1; ; life++)
        {
            world.Faults = life <= lives ? world.Random.Between(1, 30) / 100.0 : 0;
            world.Revive();
            var state = new MergeState();
            foreach (var e in world.Log) MergeCore.Apply(state, e);
            using var driver = new MergeDriver(state, world, world, world);
            // Asked at any time, of what waits, is being worked on, or is over.
            world.Meanwhile = () =>
            {
                if (!world.Random.Chance(0.06) || state.Find(works[world.Random.Below(works.Count)].Key) is not { } asked) return;
                var (before, landing) = (asked.Status, asked.IsLandingBegun);
                var refusal = driver.TellAsync(new WithdrawWork(asked.Work.Key, "ann")).GetAwaiter().GetResult();
                Assert.Equal(landing || before is EntryStatus.Landed or EntryStatus.HandedBack, refusal is not null);
                if (refusal is null) Assert.Equal(EntryStatus.Withdrawn, asked.Status);
            };
            try
            {
                await driver.BeginAsync(new QueueOpened("run", "main", MergeMethod.Merge), default);
                await WorkAsync(world, driver, state, works);
                if (world.Faults > 0) continue;
                world.Git.RunOutlived();
                return state;
            }
            catch (SimCrashException)
            {
                // The next life goes on.
            }
        }
    }

    /// <summary>What was submitted is submitted again in each life, because nobody knows what was durable.</summary>
    private static async Task WorkAsync(SimWorld world, MergeDriver driver, MergeState state, List<BranchWork> works)
    {
        var next = 0;
        for (var steps = 0; ; steps++)
        {
            Assert.True(steps < 20_000, "it does not come to an end");
            if (next < works.Count && world.Random.Chance(0.4)) Assert.Null(await driver.TellAsync(new SubmitWork(works[next++])));
            world.Meanwhile();
            var result = await driver.StepAsync(default);
            if (result == DriveResult.Resting && next == works.Count && state.Waiting == 0) return;
        }
    }

    private static List<BranchWork> Works(SimRandom random) =>
        [.. Enumerable.Range(0, random.Between(2, 12)).Select(i => $"{(char)('a' + random.Below(8))}{i}").Select(key => new BranchWork(key, "skep/" + key, "t0", key, key, 1, "agent"))];

    private static void Check(SimWorld world, MergeState state, List<BranchWork> works)
    {
        var history = world.Git.History();
        Assert.Equal(works.Count, state.Entries.Count);
        foreach (var entry in state.Entries)
        {
            Assert.True(entry.IsSettled);
            CheckEntry(entry, history.Count(c => c.Content == entry.Work.Key));
        }

        // Nothing lands unchecked, and what lands, lands in order.
        Assert.All(history.Where(c => works.Exists(w => w.Key == c.Content)), c => Assert.Contains(c.Id, world.Passed));
        var order = history.Select(c => state.Find(c.Content)?.Number).OfType<int>().ToList();
        Assert.Equal(order.Order(), order);
        // What others have done is still there.
        Assert.Equal(world.Git.Moves, history.Count(c => c.Content.StartsWith("other", StringComparison.Ordinal)));
    }

    private static void CheckEntry(MergeEntry entry, int landings)
    {
        if (entry.Landed is not null)
        {
            Assert.Equal(("good", 1), (SimWorld.Kind(entry.Work.Key), landings));
            return;
        }

        Assert.Equal(0, landings);
        if (entry.Withdrawn is not null) return;
        var back = entry.HandedBack!;
        switch (back.Reason)
        {
            case HandBackReason.Conflict: Assert.Equal(("conflict", entry.Work.Key), (SimWorld.Kind(entry.Work.Key), back.Conflict!.Paths[0].Path)); break;
            case HandBackReason.GateFailed: Assert.Equal(("bad", $"evidence of {entry.Work.Key}"), (SimWorld.Kind(entry.Work.Key), back.Text)); break;
            case HandBackReason.NotMergeable: Assert.Equal("foreign", SimWorld.Kind(entry.Work.Key)); break;
            case HandBackReason.TargetMoved: Assert.Equal(MergeCore.MaxMoves - 1, entry.Moves); break;
            case HandBackReason.CheckLost: Assert.Equal(MergeCore.MaxFailedChecks - 1, entry.FailedChecks); break;
        }
    }
}
