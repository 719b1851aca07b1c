using Skep.Memory.Patterns;

namespace Skep.Memory.Tests.Patterns;

public sealed class EpisodeTests
{
    private static readonly PatternSpaces Spaces = PatternSpaces.Of(null);

    [Theory]
    [InlineData("run /tmp/work-17/build.sh", "run <path>")]
    [InlineData("  Run   The Tests. ", "run the tests")]
    [InlineData("check out 3f9a2b7c", "check out <id>")]
    [InlineData("retry 3 times", "retry 3 times")]
    [InlineData("add deadbeef / cafe", "add deadbeef / cafe")]
    public void Actions_are_the_same_but_for_case_spaces_paths_and_ids(string action, string expected) => Assert.Equal(expected, ActionText.Normalise(action));

    [Fact]
    public async Task An_episode_is_found_by_the_likeness_of_its_task_and_by_how_it_ended()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        var book = new EpisodeBook(hive.Memory, search);
        await book.RecordAsync(Spaces, Episodes.One("won", true, "sum the amounts in the Kestrel till export", reward: 0.9) with { Tags = ["csv"] });
        await book.RecordAsync(Spaces, Episodes.One("lost", false, "sum the amounts in the Kestrel till export of May", action: "split by tab"));
        await book.RecordAsync(Spaces, Episodes.One("other", true, "translate the settings page into German", "translate", "ask a person", reward: 0.4));
        async Task<IEnumerable<string>> Find(EpisodeQuery query) => (await book.SearchAsync(Spaces, query)).Episodes.Select(static f => f.Episode.Id).Order(StringComparer.Ordinal);

        Assert.Equal(["lost", "won"], await Find(new EpisodeQuery { Task = "amounts of a Kestrel till export", MinLikeness = 0.3 }));
        Assert.Equal(["won"], await Find(new EpisodeQuery { Task = "amounts of a Kestrel till export", MinLikeness = 0.3, Outcome = EpisodeOutcome.Success }));
        Assert.Equal(["other", "won"], await Find(new EpisodeQuery { Outcome = EpisodeOutcome.Success }));
        Assert.Equal(["other"], await Find(new EpisodeQuery { Kind = "translate" }));
        Assert.Equal(["won"], await Find(new EpisodeQuery { Tags = ["csv"] }));
        Assert.Equal(["won"], await Find(new EpisodeQuery { MinReward = 0.5 }));
        Assert.Empty(await Find(new EpisodeQuery { Tags = ["a\"b\\"] }));
        Assert.Equal(["lost", "other", "won"], book.List(Spaces).Episodes.Select(static e => e.Id));
        // Entries like all others.
        var plain = await search.FindAsync(new FindRequest { Filter = "outcome = \"success\" and reward >= 0.5 and tags has \"kind:parse\"" });
        Assert.Equal("episodes/won", Assert.Single(plain.Entries).Entry.Path);
    }

    [Fact]
    public async Task Advice_puts_first_what_worked_at_similar_tasks_and_last_what_never_did()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        var book = new EpisodeBook(hive.Memory, search);
        foreach (var episode in Episodes.Some("a", 3, 0, action: "split by tab").Concat(Episodes.Some("b", 1, 2)).Concat(Episodes.Some("c", 0, 2, action: "read as json"))) await book.RecordAsync(Spaces, episode);
        await book.RecordAsync(Spaces, Episodes.One("far", true, "translate the settings page", action: "ask a person"));
        var advice = await book.AdviseAsync(Spaces, new EpisodeQuery { Task = "sum amounts of a till export", MinLikeness = 0.3, K = 20 });
        Assert.Equal(["split by tab", "split by comma", "read as json"], advice.Approaches.Select(static a => a.Actions[0]));
        Assert.Equal((3L, 0L, 0.438503), (advice.Approaches[0].Successes, advice.Approaches[0].Failures, advice.Approaches[0].Low));
        Assert.Equal((0d, 2L), (advice.Approaches[2].Score, advice.Approaches[2].Failures));
        Assert.Equal(8, advice.Episodes);
        Assert.Empty((await book.AdviseAsync(Spaces, new EpisodeQuery { Task = "quantum chess", MinLikeness = 0.3 })).Approaches);
        await Refused.By(() => book.AdviseAsync(Spaces, new EpisodeQuery()), MemoryFault.InvalidRequest);
    }

    [Fact]
    public async Task The_name_that_few_tasks_have_counts_more_than_what_all_say_and_nothing_but_the_task_counts()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        var book = new EpisodeBook(hive.Memory, search);
        string[] makers = ["Kestrel", "Heron", "Magpie", "Plover", "Wren"];
        for (var i = 0; i < 25; i++) await book.RecordAsync(Spaces, Episodes.One($"e{i:00}", i % 2 == 0, $"sum the amounts in the till export of {makers[i % 5]}, branch {"north south east west centre".Split(' ')[i / 5]}") with { Critique = i % 5 == 1 ? "unlike Kestrel Mini of the harbour, Kestrel Mini of June" : null });
        var found = await book.SearchAsync(Spaces, new EpisodeQuery { Task = "sum the amounts in the till export of Kestrel Mini, branch harbour, June", K = 5 });
        Assert.Equal(["e00", "e05", "e10", "e15", "e20"], found.Episodes.Select(static f => f.Episode.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_second_delivery_of_an_episode_changes_nothing_and_another_of_its_id_is_refused()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        var book = new EpisodeBook(hive.Memory, search);
        var one = Episodes.One("run-1.task.2", true);
        Assert.True((await book.RecordAsync(Spaces, one)).IsNew);
        Assert.False((await book.RecordAsync(Spaces, one with { AtUnixMs = 0, By = new MemoryAuthor("another") })).IsNew);
        Assert.Contains("another episode has the id", (await Refused.By(() => book.RecordAsync(Spaces, one with { Reward = 0.5 }), MemoryFault.Conflict)).Message, StringComparison.Ordinal);
        var first = await book.RecordAsync(Spaces, one with { Id = "" }, "request-1");
        Assert.False((await book.RecordAsync(Spaces, one with { Id = "" }, "request-1")).IsNew);
        Assert.True((await book.RecordAsync(Spaces, one with { Id = "" }, "request-2")).IsNew);
        Assert.StartsWith("19700102T000000000-", first.Id, StringComparison.Ordinal);
        Assert.Equal(3, hive.Paths("episodes/").Count);
    }

    [Fact]
    public async Task Episodes_survive_a_restart_and_keep_everything()
    {
        await using var hive = new Hive();
        var full = Episodes.One("full", false, "zähle die Beträge 合計") with { Critique = "try \"tab\" next", Tags = ["lang:de"], Effects = ["slow"], Actions = ["Öffne", "zähle"], Assigned = EpisodeAssignment.Random, By = new MemoryAuthor("worker-1", "count", "r1"), Reward = 0.25 };
        await using (var search = hive.Search()) await new EpisodeBook(hive.Memory, search).RecordAsync(Spaces, full);
        await hive.Reopen();
        await using var reopened = hive.Search();
        var read = Assert.Single(new EpisodeBook(hive.Memory, reopened).List(Spaces).Episodes);
        Assert.Equal(Text(full), Text(read));
        var entry = hive.Memory.Get("episodes/full")!;
        Assert.Equal(["failure", "kind:parse", "random", "tag:lang:de"], entry.Tags);
        Assert.Equal("worker-1", entry.Author.Agent);
        Assert.Single((await new EpisodeBook(hive.Memory, reopened).SearchAsync(Spaces, new EpisodeQuery { Task = "Beträge zählen" })).Episodes);
    }

    [Fact]
    public async Task What_cannot_be_an_episode_is_refused_with_the_reason()
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        var book = new EpisodeBook(hive.Memory, search);
        var good = Episodes.One("", true);
        (Episode Episode, string Why)[] bad =
        [
            (good with { Task = " " }, "its task is empty"), (good with { Task = new string('x', 4_097) }, "its task has 4097 characters; at most 4096"), (good with { Task = "half \ud83d" }, "half of a surrogate pair"),
            (good with { Kind = "with space" }, "cannot be its kind"), (good with { Kind = "" }, "its kind has 0 characters"), (good with { Actions = [] }, "it has no action"), (good with { Actions = [""] }, "one of its actions is empty"),
            (good with { Actions = [.. Enumerable.Repeat("x", 65)] }, "it has 65 actions"), (good with { Tags = ["a\nb"] }, "cannot be one of its tags"), (good with { Effects = [.. Enumerable.Repeat("x", 17)] }, "it has 17 effects"),
            (good with { Reward = 1.5 }, "its reward is 1.5"), (good with { Reward = double.NaN }, "its reward is NaN"), (good with { Critique = new string('x', 8_193) }, "its critique has 8193"), (good with { Id = "a/b" }, "cannot be its id"),
            (good with { Count = 2 }, "an episode is one try"), (good with { IsFaded = true, Task = "" }, "an episode is one try"), (good with { Outcome = (EpisodeOutcome)7 }, "neither success nor failure"),
        ];
        foreach (var (episode, why) in bad) Assert.Contains(why, (await Refused.By(() => book.RecordAsync(Spaces, episode), MemoryFault.InvalidRequest)).Message, StringComparison.Ordinal);
        foreach (var query in new[] { new EpisodeQuery { Task = " " }, new EpisodeQuery { K = 0 }, new EpisodeQuery { MinReward = 2 }, new EpisodeQuery { MinLikeness = 0.5 }, new EpisodeQuery { Kind = "a b" } })
            await Refused.By(() => book.SearchAsync(Spaces, query), MemoryFault.InvalidRequest);
        Assert.Empty(hive.Paths());
    }

    [Theory]
    [InlineData("not json", "it is not the JSON of one")]
    [InlineData("null", "it is null")]
    [InlineData("{\"task\":\"x\"}", "it is not the JSON of one")]
    [InlineData("{\"id\":\"bad\",\"task\":\"x\",\"outcome\":\"success\",\"actions\":null}", "it has no action; say what was done, in one to a few short words each")]
    [InlineData("{\"id\":\"other\",\"task\":\"x\",\"outcome\":\"success\",\"actions\":[\"a\"]}", "its id is not its key")]
    [InlineData("{\"id\":\"bad\",\"task\":\"x\",\"outcome\":\"maybe\",\"actions\":[\"a\"]}", "it is not the JSON of one")]
    public async Task Entries_that_are_no_episodes_are_passed_over_and_named(string value, string why)
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        await new EpisodeBook(hive.Memory, search).RecordAsync(Spaces, Episodes.One("good", true));
        await hive.Put("episodes/bad", value);
        await hive.Put("episodes/nested/x", "of another namespace");
        var report = new EpisodeKeeper(hive.Memory).Causes(Spaces);
        Assert.Equal(1, report.Episodes);
        Assert.Equal($"1 entries were passed over: episodes/bad: {why}", Assert.Single(report.Notes));
        Assert.Single(new EpisodeBook(hive.Memory, search).List(Spaces).Episodes);
    }

    private static string Text(Episode episode) => System.Text.Json.JsonSerializer.Serialize(episode, PatternJson.Default.Episode);
}
