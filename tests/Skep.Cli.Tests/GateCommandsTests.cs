using System.Diagnostics;
using System.Text.Json;

namespace Skep.Cli.Tests;

public sealed class GateCommandsTests
{
    private const string Approval = "plan: demo\ntasks:\n  - { id: other, run: hang }\n  - { id: a, run: ok }\ngates:\n  - { id: sign-off, needs: [a], approve: { of: [dev, security], ask: 'Ship ${run.id}?' } }\n";

    [Fact]
    public async Task Two_other_processes_approve_what_this_one_waits_for()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Approval.Replace("  - { id: other, run: hang }\n", "", StringComparison.Ordinal));
        var lines = new LineWaiter("waits for votes");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "--no-report"], cli.Context(lines, new StringWriter()));
        await lines.Seen;
        Assert.Equal((0, "dev approved sign-off of r1\n"), await SkepAsync(cli, "approve", "r1", "sign-off", "--role", "dev", "--by", "ann"));
        var (code, refused) = await SkepAsync(cli, "approve", "r1", "sign-off", "--role", "security", "--by", "ann");
        Assert.Equal(ExitCodes.Refused, code);
        Assert.Contains("ann has voted already, as dev", refused, StringComparison.Ordinal);
        Assert.Equal((0, "security approved sign-off of r1\n"), await SkepAsync(cli, "approve", "r1", "sign-off", "--role", "security", "--by", "bob", "--text", "looks fine"));
        Assert.Equal(ExitCodes.Ok, await run.WaitAsync(TimeSpan.FromSeconds(90)));
        var told = lines.ToString()!;
        Assert.Contains("gate sign-off  waits for votes: Ship r1? (0 of 2 approvals; awaited: dev, security)  vote with: skep approve r1 sign-off --role dev", told, StringComparison.Ordinal);
        Assert.Contains("gate sign-off  dev approved by ann  1 of 2 approvals; awaited: security", told, StringComparison.Ordinal);
        Assert.Contains("2 of 2 roles approved (2 needed); approved: dev (ann), security (bob: looks fine)", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_gates_are_listed_with_how_to_vote_and_shown()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Approval);
        var lines = new LineWaiter("waits for votes");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "--no-report"], cli.Context(lines, new StringWriter()));
        await lines.Seen;
        await cli.Work.HangsAsync("other");
        await cli.RunAsync("approve", "r1");
        Assert.StartsWith("sign-off: Ship r1? (0 of 2 approvals; awaited: dev, security)\n  skep approve r1 sign-off --role dev", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("answer", "r1");
        Assert.Contains("gate sign-off: Ship r1?", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("approve", "r1", "sign-off"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("approve", "r1", "sign-off", "--role", "dev", "--by", "ann", "--reject", "--text", "no tests"));
        await cli.RunAsync("cancel", "r1");
        await run;
        await cli.RunAsync("show", "r1");
        Assert.Contains("dev rejected by ann", cli.Out, StringComparison.Ordinal);
        Assert.Contains("no tests", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("show", "r1", "--json");
        var gate = JsonDocument.Parse(cli.Out).RootElement.GetProperty("gates")[0];
        Assert.False(gate.GetProperty("approval").GetProperty("votes")[0].GetProperty("approved").GetBoolean());
    }

    [Fact]
    public async Task A_waived_gate_is_never_shown_as_passed()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\nphases:\n  - id: one\n    tasks: [{ id: a, run: ok }]\n    gates: [{ id: files, deliverables: [report.md] }]\n  - { id: two, needs: [one], tasks: [{ id: b, run: ok }] }\n");
        Assert.Equal(ExitCodes.RunFailed, await cli.RunAsync("run", "--id", "r1", "-q", "--no-report"));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("waive", "r1", "files", "--by", "ann"));
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("waive", "r1", "files", "--by", "ann", "--reason", " "));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("waive", "r1", "files", "--by", "ann", "--reason", "comes later"));
        Assert.Equal("gate files of r1 is waived by ann; start the work with: skep resume r1\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("resume", "r1", "--no-report"));
        Assert.Contains("! gate files  waived by ann: comes later; it had failed: 'report.md' is not there", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("waive", "r1", "files", "--by", "bob", "--reason", "again"));
        await cli.RunAsync("show", "r1");
        Assert.Contains("gate files  waived", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("show", "r1", "--json");
        var gate = JsonDocument.Parse(cli.Out).RootElement.GetProperty("gates")[0];
        Assert.Equal(("waived", "comes later"), (gate.GetProperty("status").GetString(), gate.GetProperty("waiver").GetProperty("reason").GetString()));
    }

    [Theory]
    [InlineData("approve", "r1", "g", "--role", "dev")]
    [InlineData("waive", "r1", "g", "--by", "x", "--reason", "y")]
    public async Task An_agent_does_not_decide_on_gates(params string[] args)
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks: [{ id: a, run: ok }]\n");
        await cli.RunAsync("run", "--id", "r1", "-q", "--no-report");
        cli.Environment["SKEP_IDEMPOTENCY_KEY"] = "r1/a/1";
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync(args));
        Assert.Contains("this is the process of attempt r1/a/1", cli.Error, StringComparison.Ordinal);
    }

    /// <summary>Runs the real program in a process of its own.</summary>
    private static async Task<(int Code, string Text)> SkepAsync(Harness cli, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "skep"), args)
        {
            WorkingDirectory = cli.Project, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        var text = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, text + await error);
    }

    /// <summary>Tells when a text has been written.</summary>
    private sealed class LineWaiter(string wanted) : StringWriter
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task.WaitAsync(TimeSpan.FromSeconds(90));

        public override void Write(char value)
        {
            base.Write(value);
            Look();
        }

        public override void Write(string? value)
        {
            base.Write(value);
            Look();
        }

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            Look();
        }

        private void Look()
        {
            if (base.ToString().Contains(wanted, StringComparison.Ordinal)) _seen.TrySetResult();
        }
    }
}
