using FsCheck;
using FsCheck.Fluent;
using Skep.Memory.Patterns;
using Skep.Memory.Patterns.Consolidating;
using Skep.Memory.Patterns.Skills;
using Skep.Memory.Patterns.Statistics;

namespace Skep.Memory.Tests.Patterns;

public sealed class SkillTests
{
    [Theory]
    [InlineData(3, 0, true)]
    [InlineData(2, 0, false)] // too few
    [InlineData(4, 1, false)] // 0.38 is below 0.4
    [InlineData(7, 2, true)]
    [InlineData(3, 9, false)]
    public void Repeated_success_is_a_skill_when_enough_speaks_for_it(int successes, int failures, bool is_)
    {
        var skills = SkillDistiller.Distill(Episodes.Some("e", successes, failures));
        Assert.Equal(is_ ? 1 : 0, skills.Count);
        if (!is_) return;
        Assert.Equal((successes, failures, "parse"), (skills[0].Successes, skills[0].Failures, skills[0].Kind));
        Assert.Equal(Enumerable.Range(0, successes).Select(static i => $"e-{i:000}"), skills[0].Supporting);
        Assert.Equal(Enumerable.Range(successes, failures).Select(static i => $"e-{i:000}"), skills[0].Contradicting);
    }

    [Fact]
    public void Similar_tasks_make_a_skill_without_a_kind_and_others_do_not()
    {
        string[] tasks = ["Sum the amounts in the Kestrel till export of March", "Sum the amounts in the Kestrel till export of April", "Sum up amounts in the Kestrel till export of May", "Translate the settings page into German"];
        var skill = Assert.Single(SkillDistiller.Distill(tasks.Select(static (t, i) => Episodes.One($"e{i}", true, t, kind: null))));
        Assert.Equal(["e0", "e1", "e2"], skill.Supporting);
        Assert.Equal((null, tasks[0]), (skill.Kind, skill.Task));
    }

    [Fact]
    public void Every_skill_has_the_evidence_that_it_counts_and_clears_the_bounds()
    {
        var options = new DistillOptions { MinSuccesses = 2, MinLow = 0.2 };
        Prop.ForAll(Episodes.Many, all =>
        {
            var byId = all.ToDictionary(static e => e.Id);
            return SkillDistiller.Distill(all, options).All(s =>
                s.Successes == s.Supporting.Count && s.Failures == s.Contradicting.Count && s.Successes >= 2 && s.Low >= 0.2 && s.Low == Math.Round(Proportions.Wilson(s.Successes, s.Successes + s.Failures).Low, 6)
                && s.Supporting.All(id => byId[id].Succeeded) && s.Contradicting.All(id => !byId[id].Succeeded)
                && s.Supporting.Concat(s.Contradicting).All(id => byId[id].Kind == s.Kind && ActionText.Normalise(byId[id].Actions) == ActionText.Normalise(s.Actions)));
        }).Check(Episodes.Quick);
    }

    [Fact]
    public void Distilling_knows_no_order_and_revising_its_own_skills_changes_nothing()
    {
        Prop.ForAll(Episodes.Many, all =>
        {
            var once = SkillDistiller.Distill(all);
            return Json(once) == Json(SkillDistiller.Distill(Enumerable.Reverse(all))) && Json(once) == Json(SkillDistiller.Revise(once, all));
        }).Check(Episodes.Quick);
    }

    [Fact]
    public void Skills_of_a_kind_are_the_same_after_episodes_were_merged()
    {
        var merged = 0;
        Prop.ForAll(Episodes.ManyOfAKind, all =>
        {
            var plan = Consolidator.Plan(all, [], new HashSet<string>(), 0, new ConsolidateOptions { MinValue = 0 });
            merged += plan.Merged;
            var after = all.Where(e => !plan.Removed.Contains(e.Id) && plan.Stored.All(s => s.Id != e.Id)).Concat(plan.Stored).ToList();
            return Json(SkillDistiller.Distill(all)) == Json(SkillDistiller.Distill(after));
        }).Check(Episodes.Quick);
        Assert.True(merged > 150, $"only {merged} episodes were merged");
    }

    [Fact]
    public void All_evidence_is_known_also_beyond_what_a_skill_names()
    {
        List<Episode> all = [.. Enumerable.Range(0, PatternLimits.MaxEvidence + 5).Select(static i => Episodes.One($"e{i:0000}", true)), Episodes.One("lost", false), Episodes.One("apart", false, kind: "build")];
        var skill = Assert.Single(SkillDistiller.Distill(all));
        Assert.Equal((PatternLimits.MaxEvidence, PatternLimits.MaxEvidence + 5L), (skill.Supporting.Count, skill.Successes));
        Assert.Equal(all.Select(static e => e.Id).Where(static id => id != "apart").Order(), SkillDistiller.Evidence([skill], all).Order());
    }

    [Fact]
    public async Task Distilling_again_writes_nothing_and_a_skill_retires_when_it_fails_too_often()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        var (episodes, skills, spaces) = (new EpisodeBook(hive.Memory, search), new SkillBook(hive.Memory, search), PatternSpaces.Of(null));
        foreach (var episode in Episodes.Some("won", 4, 0)) await episodes.RecordAsync(spaces, episode);
        var dry = await skills.DistillAsync(spaces, isDryRun: true);
        Assert.Equal((1, 1), (dry.New, dry.Written));
        Assert.Empty(skills.List(spaces).Skills);
        var first = await skills.DistillAsync(spaces);
        Assert.Equal((1, 1, 4), (first.New, first.Written, first.Episodes));
        var revision = hive.Memory.Revision;
        var again = await skills.DistillAsync(spaces);
        Assert.Equal((0, 0, revision), (again.New, again.Written, hive.Memory.Revision));

        foreach (var episode in Episodes.Some("lost", 0, 4)) await episodes.RecordAsync(spaces, episode);
        var later = await skills.DistillAsync(spaces);
        Assert.Equal("4 of 8 succeeded: the lower end of that share, 0.22, is below 0.40", Assert.Single(later.Retired).Reason);
        Assert.Empty(skills.List(spaces).Skills);
        Assert.Equal(SkillStatus.Retired, Assert.Single(skills.List(spaces, withRetired: true).Skills).Status);
        Assert.Empty((await skills.FindAsync(spaces, "sum the amounts")).Skills);
        Assert.Equal(0, (await skills.DistillAsync(spaces)).Written);

        hive.Pass(SkillBook.RetiredFor.TotalMilliseconds);
        Assert.Empty(skills.List(spaces, withRetired: true).Skills);
        foreach (var episode in Episodes.Some("rewon", 12, 0)) await episodes.RecordAsync(spaces, episode);
        Assert.Equal(1, (await skills.DistillAsync(spaces)).New);
    }

    [Fact]
    public async Task Skills_outlive_the_process_and_are_found_by_task_and_kind()
    {
        await using var hive = new Hive();
        var spaces = PatternSpaces.Of("team/tries");
        await using (var search = hive.Search())
        {
            foreach (var episode in Episodes.Some("won", 4, 0).Concat(Episodes.Some("tab", 5, 0, "build", "run make"))) await new EpisodeBook(hive.Memory, search).RecordAsync(spaces, episode);
            Assert.Equal(2, (await new SkillBook(hive.Memory, search).DistillAsync(spaces)).New);
        }

        await hive.Reopen();
        await using var reopened = hive.Search();
        var skills = new SkillBook(hive.Memory, reopened);
        Assert.Equal("run make", Assert.Single(skills.List(spaces, "build").Skills).Actions[0]);
        Assert.Equal(2, (await skills.FindAsync(spaces, "amounts of a till export")).Skills.Count);
        Assert.Equal("split by comma", Assert.Single((await skills.FindAsync(spaces, "amounts of a till export", "parse")).Skills).Actions[0]);
        Assert.Equal(0, (await skills.DistillAsync(spaces)).Written);
    }

    [Fact]
    public async Task Options_that_make_no_sense_are_refused()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        var skills = new SkillBook(hive.Memory, search);
        foreach (var options in new[] { new DistillOptions { MinSuccesses = 0 }, new DistillOptions { MinLow = 1 }, new DistillOptions { MinLow = double.NaN }, new DistillOptions { MinLikeness = 0 } })
            await Refused.By(() => skills.DistillAsync(PatternSpaces.Of(null), options), MemoryFault.InvalidRequest);
        Refused.By(() => skills.List(PatternSpaces.Of(null), limit: 0), MemoryFault.InvalidRequest);
        Refused.By(() => skills.List(PatternSpaces.Of(null), kind: "no spaces"), MemoryFault.InvalidRequest);
        Assert.Contains("without the ending", Refused.By(() => PatternSpaces.Of("episodes.skills"), MemoryFault.InvalidRequest).Message, StringComparison.Ordinal);
    }

    private static string Json(IEnumerable<Skill> skills) => string.Join('\n', skills.Select(static s => System.Text.Json.JsonSerializer.Serialize(s, PatternJson.Default.Skill)));
}
