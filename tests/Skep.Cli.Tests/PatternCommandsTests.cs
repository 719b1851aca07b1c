using System.Text.Json;

namespace Skep.Cli.Tests;

/// <summary><c>skep memory episodes</c>, <c>skills</c>, <c>causes</c> and <c>consolidate</c>, as people and scripts use them.</summary>
public class PatternCommandsTests
{
    [Fact]
    public async Task What_was_recorded_is_found_by_task_and_outcome_and_advises()
    {
        using var cli = new Harness();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "episodes", "record", "sum the Kestrel till export", "--action", "split by tab", "--success", "--kind", "till", "--id", "one"));
        Assert.Equal("recorded episodes/one\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "episodes", "record", "sum the Kestrel till export of May", "-a", "split by comma", "--failure", "--critique", "decimal commas", "--tag", "csv", "--id", "two"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "episodes", "search", "Kestrel", "till", "export", "--success"));
        Assert.Matches("^0\\.[0-9]+\tone\tsuccess\t1\ttill\tsplit by tab\tsum the Kestrel till export\n$", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "episodes", "advise", "sum", "the", "Kestrel", "till", "export", "of", "June"));
        Assert.Equal(["1/1\tsplit by tab", "0/1\tsplit by comma\tdecimal commas"], Lines(cli).Select(static l => l[(l.IndexOf('\t', StringComparison.Ordinal) + 1)..]));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "episodes", "list", "--limit", "1"));
        Assert.Equal("one\tsuccess\t1\ttill\tsplit by tab\tsum the Kestrel till export\n", cli.Out);
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("memory", "episodes", "search", "--tag", "json"));
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("memory", "episodes", "advise", "quantum", "chess", "--min-likeness", "0.5"));
        // The plain search sees the same entries.
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "search", "--filter", "tags has 'failure' and tags has 'tag:csv'"));
        Assert.StartsWith("episodes/two\t", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recording_twice_under_one_name_changes_nothing_and_the_author_is_the_agent_of_the_surroundings()
    {
        using var cli = new Harness();
        (cli.Environment["SKEP_AGENT"], cli.Environment["SKEP_TASK_ID"], cli.Environment["SKEP_RUN_ID"]) = ("worker-1", "read", "r1");
        string[] record = ["memory", "episodes", "record", "build it", "-a", "make", "--success", "--id", "r1.read.1"];
        await cli.RunAsync(record);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync(record));
        Assert.Equal("was recorded already: episodes/r1.read.1\n", cli.Out);
        Assert.NotEqual(ExitCodes.Ok, await cli.RunAsync([.. record, "--reward", "0.5"]));
        Assert.Contains("another episode has the id", cli.Error, StringComparison.Ordinal);
        await cli.RunAsync("memory", "episodes", "list", "--json");
        using var page = JsonDocument.Parse(cli.Out);
        Assert.Equal("worker-1", page.RootElement.GetProperty("episodes")[0].GetProperty("by").GetProperty("agent").GetString());
    }

    [Fact]
    public async Task Skills_are_distilled_listed_and_named_with_their_evidence()
    {
        using var cli = new Harness();
        for (var i = 0; i < 4; i++) await Record(cli, "till", "split by tab", success: true, $"t{i}");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "skills", "distill", "--dry-run"));
        Assert.Contains("would have 1 skills of 4 tries: 1 new, 0 retired, 1 entries written", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("memory", "skills", "list");
        Assert.Equal("", cli.Out);
        await cli.RunAsync("memory", "skills", "distill");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "skills", "list", "--kind", "till"));
        Assert.Equal("0.51\t4/4\ttill\tsplit by tab\tsum the till export\n", cli.Out);
        await cli.RunAsync("memory", "skills", "list", "sum", "a", "till", "export", "--json");
        using var page = JsonDocument.Parse(cli.Out);
        Assert.Equal(["t0", "t1", "t2", "t3"], page.RootElement.GetProperty("skills")[0].GetProperty("supporting").EnumerateArray().Select(static e => e.GetString()!));
        await cli.RunAsync("memory", "skills", "distill");
        Assert.EndsWith("1 skills of 4 tries: 0 new, 0 retired, 0 entries written\n", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Causes_say_what_was_observed_and_what_was_randomised()
    {
        using var cli = new Harness();
        for (var i = 0; i < 6; i++)
        {
            await Record(cli, "till", "ask memory", success: true, $"a{i}", "--assigned", "random");
            await Record(cli, "till", "guess", success: i == 0, $"b{i}", "--assigned", "random");
        }

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "causes", "--cause", "action:ask memory"));
        Assert.Contains("till\taction:ask memory -> success\t+0.83 (", cli.Out, StringComparison.Ordinal);
        Assert.Contains("6/6 with, 1/6 without\tp 0.0152, Holm 0.0303, BH 0.0152\trandomised", cli.Out, StringComparison.Ordinal);
        Assert.Contains("2 edges tested in 12 tries, 0 more had too few", cli.Out, StringComparison.Ordinal);
        Assert.Contains("associations, not experiments", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consolidation_tells_first_and_then_does_and_has_nothing_left_to_do()
    {
        using var cli = new Harness();
        for (var i = 0; i < 4; i++) await Record(cli, "till", "split by tab", success: true, $"t{i}");
        await Record(cli, "other", "guess", success: false, "x");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "consolidate", "--keep", "1", "--dry-run"));
        Assert.EndsWith("would leave 1 of 5 episodes: 3 merged into others, 1 dropped with their counts kept; 1 are evidence of skills\n", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("memory", "episodes", "list");
        Assert.Equal(5, Lines(cli).Length);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "consolidate", "--keep", "1"));
        Assert.Contains("merged\tt0\t4 tries, from t1, t2, t3", cli.Out, StringComparison.Ordinal);
        Assert.Contains("dropped\tx\tvalue 0.5: more than 1 are there, and it is worth least", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("memory", "episodes", "list");
        Assert.Equal("t0\tsuccess\t1\ttill ×4\tsplit by tab\tsum the till export\n", cli.Out);
        await cli.RunAsync("memory", "consolidate", "--keep", "1", "--json");
        using var plan = JsonDocument.Parse(cli.Out);
        Assert.False(plan.RootElement.GetProperty("applied").GetBoolean());
        Assert.Equal(0, plan.RootElement.GetProperty("merged").GetInt32());
    }

    [Theory]
    [InlineData("say what was to be done", "episodes", "record", "--action", "x", "--success")]
    [InlineData("say how it ended", "episodes", "record", "t", "--action", "x")]
    [InlineData("not both", "episodes", "record", "t", "--action", "x", "--success", "--failure")]
    [InlineData("it has no action", "episodes", "record", "t", "--success")]
    [InlineData("its reward is 2", "episodes", "record", "t", "-a", "x", "--success", "--reward", "2")]
    [InlineData("cannot be its kind", "episodes", "record", "t", "-a", "x", "--success", "--kind", "a b")]
    [InlineData("no way to assign", "episodes", "record", "t", "-a", "x", "--success", "--assigned", "dice")]
    [InlineData("without the ending", "episodes", "list", "-n", "episodes.skills")]
    [InlineData("give 1 to 200", "episodes", "search", "t", "-k", "201")]
    [InlineData("needs a task", "episodes", "search", "--min-likeness", "0.5")]
    [InlineData("say what is to be done", "episodes", "advise")]
    [InlineData("fewest successes", "skills", "distill", "--min-successes", "0")]
    [InlineData("living ones", "skills", "list", "t", "--retired")]
    [InlineData("is no cause", "causes", "--cause", "luck")]
    [InlineData("most episodes that are kept", "consolidate", "--keep", "-1")]
    [InlineData("not a time-to-live", "consolidate", "--half-life", "soon")]
    public Task What_is_wrong_is_said_with_exit_code_2(string message, params string[] args) => MemoryRefusal.SaysAsync(message, args);

    [Fact]
    public async Task Secrets_in_what_is_recorded_are_masked()
    {
        using var cli = new Harness();
        (cli.Environment["SKEP_SECRETS"], cli.Environment["MY_PASS"]) = ("MY_PASS", "hunter2-hunter2");
        await cli.RunAsync("memory", "episodes", "record", "log in with hunter2-hunter2", "-a", "use ghp_0123456789abcdef0123456789", "--failure", "--critique", "password=swordfish is wrong", "--id", "s");
        await cli.RunAsync("memory", "get", "episodes/s");
        foreach (var secret in new[] { "hunter2-hunter2", "ghp_0123", "swordfish" }) Assert.DoesNotContain(secret, cli.Out, StringComparison.Ordinal);
        Assert.Contains("***", cli.Out, StringComparison.Ordinal);
    }

    private static Task<int> Record(Harness cli, string kind, string action, bool success, string id, params string[] more) =>
        cli.RunAsync(["memory", "episodes", "record", "sum the till export", "--kind", kind, "--action", action, success ? "--success" : "--failure", "--id", id, .. more]);

    private static string[] Lines(Harness cli) => cli.Out.TrimEnd('\n').Split('\n');
}
