using Skep.Orchestration.Tests.Execution;
using Skep.Storage;

namespace Skep.Orchestration.Tests.Shell;

public sealed class SkepHostTests
{
    [UnixFact]
    public async Task A_plan_of_real_commands_runs_to_its_end()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            vars: { name: world }
            phases:
              - id: one
                tasks:
                  - id: make
                    shell: true
                    env: { WHO: "${vars.name}" }
                    run: |
                      echo "hello $WHO" > greeting.txt
                      echo "size=$(wc -c < greeting.txt)" >> "$SKEP_OUTPUT"
                    produces: [greeting.txt]
                  - { id: each, needs: [make], foreach: [a, b], run: "echo ${item} ${tasks.make.outputs.size}" }
                gates:
                  - { id: big-enough, metric: "make.size >= 10" }
                  - { id: there, run: "test -s greeting.txt" }
            """);
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal("b 12\n", state.Find("each[1]")!.Attempts[0].Result!.LogTail);
        Assert.Equal("make.size = 12, wanted make.size >= 10, reported by make", state.Find("gate/big-enough")!.Attempts[0].Result!.Evidence);
        var artifact = Assert.Single(state.Find("make")!.Attempts[0].Result!.Artifacts);
        using var reader = new StreamReader(hive.Host.Blobs.OpenRead(artifact.Sha256));
        Assert.Equal("hello world\n", await reader.ReadToEndAsync());
    }

    [UnixFact]
    public async Task A_run_that_was_stopped_is_resumed_where_it_was()
    {
        await using var hive = new Hive();
        const string yaml = """
            plan: p
            tasks:
              - { id: done, shell: true, run: "echo done >> ledger" }
              - { id: long, needs: [done], shell: true, run: "echo long >> ledger; test -e go || exec sleep 600" }
            """;
        var began = new Hive.Watch(e => e is AttemptStarted { Task: "long" });
        await hive.StartAsync(yaml, began);
        await began.Seen;
        await hive.RestartAsync();
        await File.WriteAllTextAsync(hive.PathOf("go"), "");
        var run = await hive.Host.ResumeAsync("run-1", CancellationToken.None);
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(Hive.Patience));
        var state = hive.State();
        Assert.Equal(1, state.Recoveries);
        Assert.Single(state.Find("done")!.Attempts);
        Assert.Equal(AttemptOutcome.Lost, state.Find("long")!.Attempts[0].Result!.Outcome);
        Assert.Equal("done", (await File.ReadAllLinesAsync(hive.PathOf("ledger")))[0]);
    }

    [UnixFact]
    public async Task A_question_to_a_person_survives_a_restart()
    {
        await using var hive = new Hive();
        var asked = new Hive.Watch(e => e is AttemptStarted { Task: "ok" });
        await hive.StartAsync("""
            plan: p
            agents: { boss: { executor: human } }
            tasks: [{ id: ok, agent: boss, ask: "ship it?" }, { id: ship, run: "true", needs: [ok] }]
            """, asked);
        await asked.Seen;
        await hive.RestartAsync();
        var run = await hive.Host.ResumeAsync("run-1", CancellationToken.None);
        Assert.Null(await hive.Host.ControlAsync("run-1", new AnswerTask("ok", "ann", true, "yes")));
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(Hive.Patience));
        Assert.Single(hive.State().Find("ok")!.Attempts);
    }

    [UnixFact]
    public async Task Requests_for_a_run_that_nobody_works_on_are_recorded()
    {
        await using var hive = new Hive();
        var began = new Hive.Watch(e => e is AttemptStarted);
        await hive.StartAsync("{ plan: p, tasks: [{ id: a, run: 'sleep 600' }] }", began);
        await began.Seen;
        await hive.RestartAsync();
        Assert.Null(await hive.Host.ControlAsync("run-1", new PauseRun("ann")));
        Assert.Equal(RunStatus.Paused, hive.State().Status);
        Assert.Contains("paused", await hive.Host.ControlAsync("run-1", new PauseRun("ann")));
    }

    [UnixFact]
    public async Task A_number_for_a_run_that_nobody_works_on_is_noted_and_stops_nothing()
    {
        await using var hive = new Hive();
        var began = new Hive.Watch(e => e is AttemptStarted);
        await hive.StartAsync("{ plan: p, tasks: [{ id: a, run: 'sleep 600' }] }", began);
        await began.Seen;
        await hive.RestartAsync();
        Assert.Null(await hive.Host.ControlAsync("run-1", new ReportMetric("score", 2, "a")));
        var state = hive.State();
        Assert.Equal((2, 0, TaskStatus.Running), (state.Metrics["score"].Value, state.Recoveries, state.Find("a")!.Status));
    }

    [UnixFact]
    public async Task Pausing_cancelling_and_retrying_a_live_run()
    {
        await using var hive = new Hive();
        var began = new Hive.Watch(e => e is AttemptStarted { Task: "a" });
        var run = await hive.StartAsync("{ plan: p, tasks: [{ id: a, shell: true, run: 'test -e go || exec sleep 600' }] }", began);
        await began.Seen;
        Assert.Null(await run.AskAsync(new PauseTask("a", "ann")));
        Assert.Null(await run.AskAsync(new ContinueTask("a", "ann")));
        Assert.Null(await run.AskAsync(new CancelRun("ann", "enough")));
        Assert.Equal(RunStatus.Cancelled, await run.Completion.WaitAsync(Hive.Patience));
        await File.WriteAllTextAsync(hive.PathOf("go"), "");
        Assert.Null(await hive.Host.ControlAsync("run-1", new RetryTasks(null, "ann")));
        var again = await hive.Host.ResumeAsync("run-1", CancellationToken.None);
        Assert.Equal(RunStatus.Succeeded, await again.Completion.WaitAsync(Hive.Patience));
    }

    [UnixFact]
    public async Task A_queen_whose_run_was_taken_over_stands_down()
    {
        await using var hive = new Hive();
        var began = new Hive.Watch(e => e is AttemptStarted);
        var run = await hive.StartAsync("{ plan: p, tasks: [{ id: a, shell: true, run: 'until test -e go; do sleep 0.05; done' }] }", began);
        await began.Seen;
        // Somebody else writes to the log of the run.
        var (state, log) = RunLog.Load(hive.Host.Store, "run-1", hive.State().Plan);
        await log.AppendAsync(state, [new MetricReported("intruder", 1, null)], state.LastAt);
        await File.WriteAllTextAsync(hive.PathOf("go"), "");
        await Assert.ThrowsAsync<ConcurrencyException>(() => run.Completion.WaitAsync(Hive.Patience));
    }

    [Theory]
    [InlineData("{ plan: p, agents: { m: { executor: chat } }, tasks: [{ id: a, agent: m, prompt: hi }] }", "executor 'chat', which this host does not have")]
    [InlineData("{ plan: p, agents: { m: { executor: dotnet } }, tasks: [{ id: a, agent: m }] }", "executor 'dotnet', which this host does not have")]
    public async Task What_this_host_cannot_do_is_refused_before_anything_starts(string yaml, string reason)
    {
        await using var hive = new Hive();
        var e = await Assert.ThrowsAsync<PlanNotRunnableException>(() => hive.StartAsync(yaml));
        Assert.Contains(reason, e.Message);
        Assert.Null(hive.Host.Store.Find("run-1"));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("-x")]
    public async Task Run_ids_cannot_name_folders_elsewhere(string id)
    {
        await using var hive = new Hive();
        await Assert.ThrowsAsync<PlanNotRunnableException>(() => hive.StartAsync("{ plan: p, tasks: [{ id: a, run: x }] }", id));
    }

    [UnixFact]
    public async Task A_working_directory_cannot_leave_the_workspace_by_an_expression()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("{ plan: p, vars: { d: ../../etc }, tasks: [{ id: a, run: 'pwd', cwd: '${vars.d}' }] }");
        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.Contains("leaves the workspace", state.Find("a")!.Reason);
    }

    [Fact]
    public async Task A_run_id_cannot_be_used_twice()
    {
        await using var hive = new Hive();
        await (await hive.StartAsync("{ plan: p, tasks: [{ id: a, run: 'true' }] }")).Completion.WaitAsync(Hive.Patience);
        var e = await Assert.ThrowsAsync<PlanNotRunnableException>(() => hive.StartAsync("{ plan: p, tasks: [{ id: a, run: 'true' }] }"));
        Assert.Contains("skep resume run-1", e.Message);
    }
}
