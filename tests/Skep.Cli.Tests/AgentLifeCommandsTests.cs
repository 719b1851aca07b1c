using System.Text.Json;

namespace Skep.Cli.Tests;

/// <summary><c>skep agents status</c>, <c>spawn</c> and <c>drain</c>, on a run that another command line works on.</summary>
public class AgentLifeCommandsTests
{
    private const string Three = "plan: demo\nagents: { coder: { executor: command, replicas: 1 } }\ntasks:\n  - { id: a, agent: coder, run: stubborn }\n  - { id: b, agent: coder, run: stubborn }\n  - { id: c, agent: coder, run: ok }\n";

    [Fact]
    public async Task A_live_run_gets_agents_lets_them_go_and_tells_of_them()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Three);
        var output = new StringWriter();
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "--no-report"], cli.Context(output, new StringWriter()));
        await cli.Work.HangsAsync("a");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "spawn", "r1", "coder"));
        Assert.Equal("spawned coder-2 in r1\n", cli.Out);
        await cli.Work.HangsAsync("b");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "spawn", "r1", "coder", "--count", "2", "--json"));
        Assert.Equal(["coder-3", "coder-4"], Json(cli.Out).GetProperty("spawned").EnumerateArray().Select(n => n.GetString()));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "drain", "r1", "coder-2", "--json"));
        var drained = Assert.Single(Json(cli.Out).GetProperty("agents").EnumerateArray());
        Assert.Equal(("draining", "b"), (drained.GetProperty("state").GetString(), drained.GetProperty("task").GetString()));
        await cli.RunAsync("agents", "status", "r1", "--json");
        Assert.True(Json(cli.Out).GetProperty("live").GetBoolean());
        Assert.Equal(["coder-1", "coder-2", "coder-3", "coder-4"], Json(cli.Out).GetProperty("agents").EnumerateArray().Select(a => a.GetProperty("agent").GetString()));

        cli.Work.Released.SetResult();
        Assert.Equal(ExitCodes.Ok, await run);
        Assert.Contains("coder-2  retired  drained", output.ToString(), StringComparison.Ordinal);
        await cli.RunAsync("agents", "status", "r1");
        Assert.StartsWith("run r1  succeeded, up to 8 at once\nAGENT    SPEC   STATE     TASK  SINCE                ENDED  FAILED     TOKENS\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("coder-2  coder  retired", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_nobody_works_on_takes_requests_for_later()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Three.Replace("stubborn", "once", StringComparison.Ordinal));
        var first = new Harness.Signalled(cli);
        var run = first.RunAsync(new StringWriter(), "run", "--id", "r1", "--no-report");
        await cli.Work.HangsAsync("a");
        first.Signals.Send(ExitCodes.Interrupted);
        await run;
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "spawn", "r1", "coder"));
        Assert.Equal("spawned coder-2 in r1; nobody works on the run: skep resume r1\n", cli.Out);
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("agents", "drain", "r1", "coder"));
        Assert.Contains("no agent of 'coder' for 3 tasks (a, b, c)", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "drain", "r1", "coder", "--force"));
        Assert.Equal("coder-1  retired\ncoder-2  retired\n", cli.Out);
        await cli.RunAsync("agents", "status", "r1");
        Assert.Contains("nobody works on it: skep resume r1\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("3 tasks wait for an agent of 'coder', all of which were drained (a, b, c): skep agents spawn r1 coder\n", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("agents", "status", "r1", "--json");
        Assert.Equal(3, Json(cli.Out).GetProperty("waiting")[0].GetProperty("tasks").GetArrayLength());
        await cli.RunAsync("show", "r1");
        Assert.Contains("3 tasks wait for an agent", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("agents", "spawn", "r1", "coder"));
        cli.File("plan.yaml", Three);
        var resumed = SkepProgram.RunAsync(["resume", "r1", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        // The second try of 'a' does not hang; 'b' hangs on its first, in the one agent that is left.
        await cli.Work.HangsAsync("b");
        // Carried out after all that was said before: then the log has that 'b' began.
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("pause", "r1", "c"));
        await cli.RunAsync("agents", "status", "r1", "--json");
        var busy = Json(cli.Out).GetProperty("agents").EnumerateArray().Single(a => a.GetProperty("state").GetString() == "busy");
        Assert.Equal(("coder-3", "b", 1), (busy.GetProperty("agent").GetString(), busy.GetProperty("task").GetString(), busy.GetProperty("attempts_ended").GetInt32()));
        await cli.RunAsync("cancel", "r1");
        await resumed;
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("agents", "spawn", "r1", "coder"));
        Assert.Contains("the run is cancelled", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_the_reason()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Three);
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        await cli.Work.HangsAsync("a");
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("agents", "spawn", "r1", "nobody"));
        Assert.Contains("the plan has no agent 'nobody'; it has coder, worker", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("agents", "spawn", "r1", "coder", "--count", "0"));
        Assert.Equal(ExitCodes.RunNotFound, await cli.RunAsync("agents", "status", "r9"));
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("agents", "drain", "r1", "coder-7"));
        Assert.Contains("there is no agent 'coder-7'", cli.Error, StringComparison.Ordinal);
        cli.Work.Released.SetResult();
        Assert.Equal(ExitCodes.Ok, await run);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
