namespace Skep.Orchestration.Tests.Shell;

public sealed class GateShellTests
{
    private const string Approval = """
        plan: p
        phases:
          - id: one
            tasks: [{ id: a, run: "true" }]
            gates: [{ id: ok, approve: { of: [dev, ops] } }]
          - { id: two, needs: [one], tasks: [{ id: b, run: "true" }] }
        """;

    [Fact]
    public async Task An_approval_outlives_the_process_with_the_votes_that_were_cast()
    {
        await using var hive = new Hive();
        var waits = new Hive.Watch(e => e is AttemptStarted { Task: "gate/ok" });
        var run = await hive.StartAsync(Approval, waits);
        await waits.Seen;
        Assert.Null(await run.AskAsync(new CastVote("ok", "dev", "ann", true, "")));
        await hive.RestartAsync();
        Assert.Equal((TaskStatus.Running, 1), (hive.State().Find("gate/ok")!.Status, hive.State().Find("gate/ok")!.Votes.Count));
        // Nobody works on the run now: the vote is only recorded.
        Assert.Null(await hive.Host.ControlAsync("run-1", new CastVote("ok", "ops", "bob", true, "fine")));
        var resumed = await hive.Host.ResumeAsync("run-1", default);
        Assert.Equal(RunStatus.Succeeded, await resumed.Completion.WaitAsync(Hive.Patience));
        var gate = hive.State().Find("gate/ok")!;
        Assert.Equal((TaskStatus.Succeeded, 1, 2), (gate.Status, gate.Attempts.Count, gate.Votes.Count));
        Assert.Contains("ops (bob: fine)", gate.Attempts[0].Result!.Evidence);
    }

    [Fact]
    public async Task A_waiver_reopens_a_run_that_has_ended_and_resume_does_the_rest()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            phases:
              - id: one
                tasks: [{ id: a, run: "true" }]
                gates: [{ id: files, deliverables: [report.md] }]
              - { id: two, needs: [one], tasks: [{ id: b, run: "true" }] }
            """);
        Assert.Equal((RunStatus.Failed, "phase one: gate/files failed"), (state.Status, state.Reason));
        Assert.Null(await hive.Host.ControlAsync("run-1", new WaiveGate("files", "ann", "the report comes later")));
        Assert.Equal(RunStatus.Running, hive.State().Status);
        await (await hive.Host.ResumeAsync("run-1", default)).Completion.WaitAsync(Hive.Patience);
        state = hive.State();
        Assert.Equal((RunStatus.Succeeded, TaskStatus.Waived, TaskStatus.Succeeded), (state.Status, state.Find("gate/files")!.Status, state.Find("b")!.Status));
        var report = RunReport.Build(state, new RunReportOptions { Now = state.LastAt });
        Assert.Contains("waived by ann: the report comes later", report.ToMarkdown());
        Assert.Contains("Succeeded, 1 gate waived", report.ToMarkdown());
        Assert.Contains("Gates that did not pass and were waived", report.ToHtml());
    }

    [Fact]
    public async Task The_figures_of_a_coverage_gate_can_be_compared_by_another_gate()
    {
        await using var hive = new Hive();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "fixtures", "coverage", "plans.cobertura.xml"), hive.PathOf("c.xml"));
        var state = await hive.RunAsync("""
            plan: p
            phases:
              - { id: one, gates: [{ id: cover, coverage: { report: c.xml, line: 90 } }] }
              - { id: two, needs: [one], gates: ["coverage.branch >= 89"] }
            """);
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(95.1962, state.Metrics["coverage.line"].Value);
    }

    [Fact]
    public async Task A_run_that_is_taken_up_long_after_a_waiver_begins_with_that_and_loses_no_attempt()
    {
        var clock = new ShiftedTime();
        await using var hive = new Hive(new SkepHostOptions { Time = clock });
        var run = await hive.StartAsync("""
            plan: p
            phases:
              - { id: one, gates: [{ id: files, deliverables: [out.txt] }], tasks: [{ id: a, run: "true" }] }
              - { id: two, needs: [one], tasks: [{ id: b, run: "true" }] }
            """);
        await run.Completion.WaitAsync(Hive.Patience);
        await hive.RestartAsync();
        Assert.Null(await hive.Host.ControlAsync("run-1", new WaiveGate("files", "ann", "not today")));
        clock.By = TimeSpan.FromDays(1);
        await (await hive.Host.ResumeAsync("run-1", default)).Completion.WaitAsync(Hive.Patience);
        Assert.Equal((RunStatus.Succeeded, 1), (hive.State().Status, hive.State().Find("b")!.Attempts.Count));
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
    }
}
