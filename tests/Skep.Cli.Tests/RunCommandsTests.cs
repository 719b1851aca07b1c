using System.Text.Json;

namespace Skep.Cli.Tests;

public class RunCommandsTests
{
    private const string Two = "plan: demo\ntasks:\n  - { id: a, run: [say, n=3] }\n  - { id: b, needs: [a], run: fail }\n";

    [Fact]
    public async Task Json_events_are_one_object_a_line_and_nothing_else_is_on_standard_output()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Two);
        Assert.Equal(ExitCodes.RunFailed, await cli.RunAsync("run", "--json", "plan.yaml", "--id", "r1", "--no-report"));
        var seqs = Lines(cli.Out).Select(e => e.GetProperty("seq").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(1, seqs.Count).Select(i => (long)i), seqs);
        Assert.All(Lines(cli.Out), e => Assert.Equal("r1", e.GetProperty("run").GetString()));
        Assert.Equal("run-started", Lines(cli.Out)[0].GetProperty("type").GetString());
        Assert.Equal("run-ended", Lines(cli.Out)[^1].GetProperty("type").GetString());
        Assert.Contains("run r1  failed", cli.Error, StringComparison.Ordinal);

        var streamed = cli.Out;
        await cli.RunAsync("events", "r1");
        Assert.Equal(streamed, cli.Out);
        await cli.RunAsync("events", "r1", "--from", "3", "--follow");
        Assert.Equal(3, Lines(cli.Out)[0].GetProperty("seq").GetInt64());
        await cli.RunAsync("events", "r1", "--text");
        Assert.Contains("b  failed", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_log_is_shown_whole_even_when_the_runs_folder_is_gone()
    {
        if (OperatingSystem.IsWindows()) return;
        using var cli = new Harness { UseProcesses = true };
        cli.File("plan.yaml", "plan: demo\ntasks: [{ id: count, run: seq 1 5000 }]\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("run", "plan.yaml", "--id", "r1", "--no-report"));
        Directory.Delete(Path.Combine(cli.Project, ".skep", "runs", "r1"), recursive: true);
        await cli.RunAsync("logs", "r1", "count");
        Assert.Equal(string.Concat(Enumerable.Range(1, 5000).Select(i => $"{i}\n")), cli.Out);
    }

    [Fact]
    public async Task A_run_is_named_by_a_unique_beginning_or_last()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Two);
        foreach (var id in new[] { "alpha-1", "alpha-2", "beta" }) await cli.RunAsync("run", "-q", "--id", id, "--no-report");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("show", "b"));
        Assert.Contains("run beta", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("show", "alpha-2"));
        Assert.Equal(ExitCodes.RunNotFound, await cli.RunAsync("show", "alpha"));
        Assert.Contains("may mean 2 runs", cli.Error, StringComparison.Ordinal);
        await cli.RunAsync("show", "last");
        Assert.Contains("run beta", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_and_runs_tell_the_same_as_json()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Two);
        await cli.RunAsync("run", "-q", "--id", "r1", "--no-report");
        await cli.RunAsync("show", "r1", "--json");
        using var show = JsonDocument.Parse(cli.Out);
        Assert.Equal("failed", show.RootElement.GetProperty("status").GetString());
        var tasks = show.RootElement.GetProperty("tasks").EnumerateArray().ToDictionary(t => t.GetProperty("id").GetString()!, t => t);
        Assert.Equal("3", tasks["a"].GetProperty("outputs").GetProperty("n").GetString());
        Assert.Equal("it broke", tasks["b"].GetProperty("attempts")[0].GetProperty("error").GetString());
        await cli.RunAsync("runs", "--json");
        using var runs = JsonDocument.Parse(cli.Out);
        Assert.Equal("failed", runs.RootElement[0].GetProperty("status").GetString());
        await cli.RunAsync("show", "r1");
        Assert.Contains("n = 3", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_come_from_the_tail_when_there_is_no_file()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Two);
        await cli.RunAsync("run", "-q", "--id", "r1", "--no-report");
        await cli.RunAsync("logs", "r1", "b");
        Assert.Equal("line one\nline two\n", cli.Out);
        await cli.RunAsync("logs", "r1");
        Assert.Equal("==> a, attempt 1 <==\na says hello\n==> b, attempt 1 <==\nline one\nline two\n", cli.Out);
        File.WriteAllText(Path.Combine(cli.Project, ".skep", "runs", "r1", AttemptLogPath.Of("b", 1)), "the whole log\n");
        await cli.RunAsync("logs", "r1", "b", "--follow");
        Assert.Equal("the whole log\n", cli.Out);
        Assert.Equal(ExitCodes.RunNotFound, await cli.RunAsync("logs", "r1", "b", "--attempt", "7"));
    }

    [Fact]
    public async Task Retry_runs_again_what_failed_and_nothing_else()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Two);
        await cli.RunAsync("run", "-q", "--id", "r1", "--no-report");
        Assert.Equal(ExitCodes.RunFailed, await cli.RunAsync("retry", "r1", "--no-report"));
        Assert.Equal(["a", "b", "b"], cli.Work.Begun);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("retry", "r1", "b", "--no-run"));
        Assert.Contains("skep resume r1", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.RunFailed, await cli.RunAsync("resume", "--no-report"));
        Assert.Equal(["a", "b", "b", "b"], cli.Work.Begun);
    }

    [Fact]
    public async Task A_person_is_asked_answers_and_the_answer_is_an_output()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\nagents: { boss: { executor: human } }\ntasks:\n  - { id: other, run: hang }\n  - { id: ok, agent: boss, ask: \"Ship ${run.id}?\" }\n");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "-q", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        await cli.Work.HangsAsync("other");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("answer", "r1"));
        Assert.StartsWith("ok: Ship r1?\n  skep answer r1 ok --approve", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("answer", "r1", "ok"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("answer", "r1", "ok", "--reject", "--text", "not today"));
        await cli.RunAsync("cancel", "r1");
        await run;
        await cli.RunAsync("show", "r1");
        Assert.Contains("not today", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_run_goes_on_with_resume_in_the_process_that_works_on_it()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: hang }\n");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "-q", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        await cli.Work.HangsAsync("a");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("pause", "--all"));
        await cli.RunAsync("runs");
        Assert.Contains("paused", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("resume", "r1"));
        Assert.Equal("continued r1\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("pause", "r1", "a"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("resume", "r1", "a"));
        cli.Signals.Send(ExitCodes.Interrupted);
        Assert.Equal(ExitCodes.Interrupted, await run);
    }

    [Fact]
    public async Task A_metric_finds_its_run_and_task_in_the_environment()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: hang }\n");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "-q", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        await cli.Work.HangsAsync("a");
        (cli.Environment["SKEP_RUN_ID"], cli.Environment["SKEP_TASK_ID"], cli.Environment["SKEP_DIR"]) = ("r1", "a", Path.Combine(cli.Project, ".skep"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("metric", "coverage", "87.5"));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("metric", "coverage", "much"));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("metric", "no name", "1"));
        await cli.RunAsync("cancel", "r1");
        await run;
        await cli.RunAsync("show", "r1");
        Assert.Contains("coverage = 87.5  (a)", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_says_when_the_plan_file_is_no_longer_what_the_run_follows()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: once }\n");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "-q", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        await cli.Work.HangsAsync("a");
        cli.Signals.Send(ExitCodes.Interrupted);
        await run;
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: fail }\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("resume", "-q", "--no-report"));
        Assert.Contains("has changed since; the run follows the plan that it began with", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ids_sort_by_time_and_stay_within_their_bound()
    {
        var at = new DateTimeOffset(2026, 11, 21, 8, 30, 5, TimeSpan.Zero);
        Assert.Equal("demo-20261121-083005-k3xq", RunIds.Make("demo", at, "k3xq"));
        Assert.Equal(RunRequest.MaxRunIdLength, RunIds.Make(new string('x', 200), at, "k3xq").Length);
        Assert.Equal("a-b-20261121-083005-k3xq", RunIds.Make("-a.b", at, "k3xq"));
    }

    private static List<JsonElement> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.Clone())];
}
