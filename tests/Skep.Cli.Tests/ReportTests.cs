namespace Skep.Cli.Tests;

public class ReportTests
{
    private const string Good = "plan: demo\ntasks:\n  - { id: a, run: ok }\n";

    [Fact]
    public async Task A_run_leaves_its_reports_and_tells_where()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Good);
        await cli.RunAsync("run", "--id", "r1");
        var folder = Path.Combine(cli.Project, ".skep", "runs", "r1");
        Assert.Contains("report " + Path.Combine(folder, "report.html"), cli.Out.Replace("/private", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<html", await File.ReadAllTextAsync(Path.Combine(folder, "report.html")), StringComparison.Ordinal);
        Assert.StartsWith("# ", await File.ReadAllTextAsync(Path.Combine(folder, "report.md")), StringComparison.Ordinal);
        await cli.RunAsync("run", "--id", "r2", "--no-report");
        Assert.False(File.Exists(Path.Combine(cli.Project, ".skep", "runs", "r2", "report.html")));
    }

    [Fact]
    public async Task A_report_goes_where_it_is_wanted()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Good);
        await cli.RunAsync("run", "-q", "--id", "r1", "--no-report");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("report", "last", "--format", "md", "--out", "-"));
        Assert.StartsWith("# ", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("report", "r1", "--out", "page.html"));
        Assert.Equal(Path.Combine(cli.Project, "page.html"), cli.Out.TrimEnd());
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("report", "r1", "--out", "both"));
        Assert.True(File.Exists(Path.Combine(cli.Project, "both", "report.md")));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("report", "r1", "--out", "page.html", "--format", "md"));
        Assert.Equal(ExitCodes.RunNotFound, await cli.RunAsync("report", "nothing"));
    }

    [Fact]
    public async Task A_run_that_did_one_task_at_a_time_is_what_the_next_is_compared_with()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Good);
        await cli.RunAsync("run", "-q", "--id", "slow", "--max-concurrency", "1", "--no-report");
        await cli.RunAsync("run", "-q", "--id", "fast", "--no-report");
        await cli.RunAsync("report", "fast", "--format", "md", "--out", "-");
        Assert.Contains("slow", cli.Out, StringComparison.Ordinal);
    }
}
