using FsCheck;
using FsCheck.Fluent;
using Skep.Memory.Patterns;
using Skep.Memory.Patterns.Consolidating;
using Skep.Memory.Patterns.Skills;

namespace Skep.Memory.Tests.Patterns;

public sealed class ConsolidationTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void Nearly_the_same_episodes_become_one_with_a_count_and_all_their_ids()
    {
        Episode[] all =
        [
            Episodes.One("a", true, "sum file 17 of the till export", reward: 1, at: Day), Episodes.One("b", true, "sum file 18 of the till export", reward: 0.5, at: 3 * Day) with { Critique = "quick" },
            Episodes.One("c", false, "sum file 19 of the till export", at: 2 * Day), Episodes.One("d", true, "translate the settings page", at: Day),
        ];
        var plan = Consolidator.Plan(all, [], new HashSet<string>(), 3 * Day);
        var merge = Assert.Single(plan.Merges);
        Assert.Equal(("a", 2L), (merge.Into, merge.Count));
        Assert.Equal(["b"], merge.Ids);
        var stored = Assert.Single(plan.Stored);
        Assert.Equal((2L, 0.75, "quick", 3 * Day), (stored.Count, stored.Reward, stored.Critique, stored.AtUnixMs));
        Assert.Equal(["a", "b"], stored.Ids);
        Assert.Equal((4, 3, 0), (plan.Before, plan.After, plan.Dropped));
    }

    [Fact]
    public void Value_halves_with_the_half_life_grows_with_reward_and_count()
    {
        var one = Episodes.One("a", true, at: 0);
        var month = TimeSpan.FromDays(30);
        Assert.Equal(1, Consolidator.ValueOf(one, 0, month));
        Assert.Equal(0.5, Consolidator.ValueOf(one, 30 * Day, month), 9);
        Assert.Equal(0.25, Consolidator.ValueOf(one with { Reward = 0 }, 30 * Day, month), 9);
        Assert.Equal(1.5, Consolidator.ValueOf(one with { Count = 4 }, 30 * Day, month), 9);
        Assert.Equal(1, Consolidator.ValueOf(one with { AtUnixMs = Day }, 0, month)); // A clock that went back.
    }

    [Fact]
    public void Old_ones_go_with_their_counts_kept_and_evidence_stays()
    {
        Episode[] all = [Episodes.One("old", true, "one task", at: 0), Episodes.One("lost", false, "another thing", at: 0), Episodes.One("proof", true, "a third matter", at: 0), Episodes.One("new", true, "fourth of them", at: 200 * Day)];
        var plan = Consolidator.Plan(all, [], new HashSet<string> { "proof" }, 200 * Day);
        Assert.Equal(["lost", "old"], plan.Drops.Select(static d => d.Id));
        Assert.Equal((2, 1), (plan.After, plan.Evidence));
        Assert.Equal(2, plan.Faded.Count);
        Assert.All(plan.Faded, static f => Assert.True(f is { IsFaded: true, Task: "", Critique: null, Count: 1 } && f.Id.StartsWith("faded-", StringComparison.Ordinal)));
        var few = Consolidator.Plan(all, [], new HashSet<string> { "proof" }, 200 * Day, new ConsolidateOptions { MinValue = 0, Keep = 1 });
        Assert.Equal(["lost", "old", "new"], few.Drops.Select(static d => d.Id));
    }

    [Fact]
    public void Nothing_is_lost_evidence_stays_and_a_second_consolidation_has_nothing_to_do()
    {
        var options = new ConsolidateOptions { Keep = 12 };
        Prop.ForAll(Episodes.Many, all =>
        {
            var evidence = SkillDistiller.Distill(all).SelectMany(static s => s.Supporting.Concat(s.Contradicting)).ToHashSet();
            var plan = Consolidator.Plan(all, [], evidence, 400 * Day, options);
            var left = Left(all, plan);
            var second = Consolidator.Plan(left, plan.Faded, evidence, 400 * Day, options);
            return left.Sum(static e => e.Count) + plan.Faded.Sum(static e => e.Count) == all.Count
                && left.Count == plan.After && evidence.IsSubsetOf(left.SelectMany(static e => e.Ids))
                && plan.Removed.Count == plan.Merged + plan.Dropped && plan.Removed.Distinct().Count() == plan.Removed.Count
                && (left.Count <= 12 || plan.Evidence >= left.Count || left.TrueForAll(e => e.Ids.Any(evidence.Contains)))
                && second is { Merged: 0, Dropped: 0, Removed.Count: 0, Stored.Count: 0, Faded.Count: 0 };
        }).Check(Episodes.Quick);
    }

    [Fact]
    public void One_consolidation_changes_a_bounded_number_of_entries_and_says_that_there_is_more()
    {
        List<Episode> all = [.. Enumerable.Range(0, 2 * PatternLimits.MaxChanges).Select(static i => Episodes.One($"e{i:000000}", true, "the same task"))];
        var (left, rounds) = (all, 0);
        ConsolidationPlan plan;
        do
        {
            plan = Consolidator.Plan(left, [], new HashSet<string>(), Day);
            Assert.InRange(plan.Stored.Count + plan.Removed.Count, 1, PatternLimits.MaxChanges);
            left = Left(left, plan);
            rounds++;
        }
        while (plan.Notes.Count > 0);
        Assert.InRange(rounds, 3, 4);
        Assert.Equal((all.Count, (all.Count + PatternLimits.MaxMerged) / (PatternLimits.MaxMerged + 1)), (left.Sum(static e => e.Count), left.Count));
        Assert.All(left, static e => Assert.InRange(e.Merged.Count, 0, PatternLimits.MaxMerged));
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_and_a_real_one_is_there_after_a_restart()
    {
        await using var hive = new Hive();
        var spaces = PatternSpaces.Of(null);
        await using (var search = hive.Search())
        {
            var book = new EpisodeBook(hive.Memory, search);
            foreach (var episode in Episodes.Some("won", 5, 1)) await book.RecordAsync(spaces, episode);
            foreach (var episode in Episodes.Some("old", 1, 2, "build", "run make").Select(static e => e with { AtUnixMs = 1 })) await book.RecordAsync(spaces, episode);
            await new SkillBook(hive.Memory, search).DistillAsync(spaces);
        }

        hive.Pass(300 * Day);
        var keeper = new EpisodeKeeper(hive.Memory);
        var revision = hive.Memory.Revision;
        var dry = await keeper.ConsolidateAsync(spaces, isDryRun: true);
        Assert.Equal((false, revision, 9), (dry.Applied, hive.Memory.Revision, hive.Paths("episodes/").Count));
        var done = await keeper.ConsolidateAsync(spaces);
        Assert.Equal((true, 9, 5, 2), (done.Applied, done.Before, done.Merged, done.Dropped));
        Assert.Equal(["episodes/won-000", "episodes/won-005"], hive.Paths("episodes/"));
        Assert.Equal(2, hive.Paths("episodes.faded/").Count);
        var causes = keeper.Causes(spaces, new Skep.Memory.Patterns.Causes.CauseOptions { MinTries = 1 });
        Assert.Equal(9, causes.Episodes);

        await hive.Reopen();
        await using var reopened = hive.Search();
        keeper = new EpisodeKeeper(hive.Memory);
        Assert.False((await keeper.ConsolidateAsync(spaces)).Applied);
        Assert.Equal(9, keeper.Causes(spaces).Episodes);
        var again = await new SkillBook(hive.Memory, reopened).DistillAsync(spaces);
        Assert.Equal((0, 5L, 1L), (again.Written, again.Skills.Single().Successes, again.Skills.Single().Failures));
    }

    [Fact]
    public async Task What_was_changed_since_it_was_read_undoes_the_whole_batch()
    {
        await using var hive = new Hive();
        await hive.Put("a/1", "one");
        await hive.Put("a/2", "two");
        var read = hive.Memory.Get("a/2")!;
        await hive.Put("a/2", "changed");
        await Refused.By(() => hive.Memory.ChangeTogetherAsync([new StoreRequest("a/1", "new"u8.ToArray()) { ExpectedVersion = 1 }, new StoreRequest("a/3", "made"u8.ToArray())], [read], default), MemoryFault.Conflict);
        Assert.Equal(("one", "changed", null), (hive.Text("a/1"), hive.Text("a/2"), hive.Text("a/3")));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        foreach (var options in new[] { new ConsolidateOptions { MinLikeness = 0 }, new ConsolidateOptions { HalfLife = TimeSpan.Zero }, new ConsolidateOptions { MinValue = -1 }, new ConsolidateOptions { Keep = -1 } })
            Refused.By(() => Consolidator.Plan([], [], new HashSet<string>(), 0, options), MemoryFault.InvalidRequest);
    }

    private static List<Episode> Left(List<Episode> all, ConsolidationPlan plan)
    {
        var (gone, stored) = (plan.Removed.ToHashSet(), plan.Stored.ToDictionary(static e => e.Id));
        return [.. all.Where(e => !gone.Contains(e.Id)).Select(e => stored.GetValueOrDefault(e.Id, e))];
    }
}
