using System.Text.Json;
using Skep.Cli.Collecting;

namespace Skep.Cli.Tests;

public class FolderCommandsTests
{
    private const string Good = "plan: demo\ntasks:\n  - { id: a, run: ok }\n";

    [Fact]
    public async Task Gc_never_removes_a_run_that_has_not_ended_unless_told()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: hang }\n");
        var run = SkepProgram.RunAsync(["run", "--id", "open", "-q", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        await cli.Work.HangsAsync("a");
        Assert.Equal(ExitCodes.Storage, await cli.RunAsync("gc", "--keep", "0", "--yes"));
        cli.Signals.Send(ExitCodes.Interrupted);
        await run;
        cli.File("plan.yaml", Good);
        await cli.RunAsync("run", "-q", "--id", "done", "--no-report");

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("gc", "--keep", "0"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("gc", "--keep", "0", "--dry-run"));
        Assert.Contains("would remove done", cli.Out, StringComparison.Ordinal);
        Assert.True(Directory.Exists(RunFolder(cli, "done")));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("gc", "--keep", "0", "--yes"));
        Assert.False(Directory.Exists(RunFolder(cli, "done")));
        Assert.True(Directory.Exists(RunFolder(cli, "open")));
        await using (var store = cli.Reader()) Assert.Equal(["open"], store.List().Select(s => s.Stream));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("show", "open"));

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("gc", "--keep", "0", "--include-unfinished", "--yes"));
        Assert.Contains("removed 1 run, 1 run folders, 1 files", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_and_older_than_must_both_agree_and_what_cannot_be_read_stays()
    {
        var now = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
        StreamInfo[] streams =
        [
            Stream("new", RunStatus.Succeeded, now.AddDays(-1)), Stream("open", RunStatus.Running, now.AddDays(-90)), new("odd", 1, 0, 0, default),
            Stream("mid", RunStatus.Failed, now.AddDays(-10)), Stream("old", RunStatus.Cancelled, now.AddDays(-40)),
        ];
        Assert.Empty(new KeepRule(null, null, false).Choose(streams, now));
        Assert.Equal(["mid", "old"], new KeepRule(1, null, false).Choose(streams, now));
        Assert.Equal(["old"], new KeepRule(1, TimeSpan.FromDays(30), false).Choose(streams, now));
        Assert.Equal(["old"], new KeepRule(null, TimeSpan.FromDays(30), false).Choose(streams, now));
        Assert.Equal(["open", "mid", "old"], new KeepRule(1, null, true).Choose(streams, now));
    }

    [Theory]
    [InlineData("30d", 30 * 86400.0)]
    [InlineData("1.5h", 5400)]
    [InlineData("2w", 14 * 86400.0)]
    [InlineData("d", -1)]
    [InlineData("30", -1)]
    [InlineData("-3d", -1)]
    [InlineData("99999999999d", -1)]
    public void Ages_are_read_or_refused(string text, double seconds)
    {
        Assert.Equal(seconds >= 0, AgeText.TryParse(text, out var age));
        if (seconds >= 0) Assert.Equal(seconds, age.TotalSeconds);
    }

    [Fact]
    public async Task Doctor_finds_damage_and_says_what_to_do()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Good);
        await cli.RunAsync("run", "-q", "--id", "r1", "--no-report");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("doctor"));
        Assert.Contains("1 runs", cli.Out, StringComparison.Ordinal);
        var blob = Directory.EnumerateFiles(Path.Combine(cli.Project, ".skep", "blobs"), "*", SearchOption.AllDirectories).Single();
        File.Delete(blob);
        Assert.Equal(ExitCodes.Storage, await cli.RunAsync("doctor", "--json"));
        using var json = JsonDocument.Parse(cli.Out);
        var bad = json.RootElement.EnumerateArray().Single(f => f.GetProperty("health").GetString() == "fail");
        Assert.Contains("is missing", bad.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("", bad.GetProperty("fix").GetString());
    }

    [Fact]
    public async Task Doctor_works_where_there_is_no_folder_yet()
    {
        using var cli = new Harness();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("doctor"));
        Assert.Contains("warn  folder", cli.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(cli.Project, ".skep")));
        Assert.Equal(ExitCodes.Storage, await cli.RunAsync("runs"));
    }

    [Fact]
    public async Task The_folder_is_found_from_below_and_by_dir()
    {
        using var cli = new Harness();
        var plan = cli.File("sub/deep/plan.yaml", Good);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("run", plan, "-q", "--id", "r1", "--dir", Path.Combine(cli.Project, "sub"), "--no-report"));
        Assert.True(Directory.Exists(Path.Combine(cli.Project, "sub", ".skep")));
        Assert.Equal(ExitCodes.Storage, await cli.RunAsync("show", "r1"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("show", "r1", "--dir", Path.Combine(cli.Project, "sub", ".skep")));
    }

    private static string RunFolder(Harness cli, string run) => Path.Combine(cli.Project, ".skep", "runs", run);

    private static StreamInfo Stream(string run, RunStatus status, DateTimeOffset at) => new(run, 1, 0, at.ToUnixTimeMilliseconds(), new RunSummary
    {
        Run = run, Plan = "p", PlanHash = "", Status = status, StartedAt = at, EndedAt = status.IsEnded() ? at : null, Total = 1, Settled = 1, Failed = 0, MaxConcurrency = 1,
    }.Encode());
}
