using Skep.Orchestration.Tests.Execution;
using Skep.Plans;

namespace Skep.Orchestration.Tests.Shell;

/// <summary>Hooks of plans, carried out by a real host with real commands.</summary>
public sealed class HookRunTests
{
    [UnixFact]
    public async Task Hooks_run_around_a_task_in_the_order_plan_phase_protocol_agent_task()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            protocols: { duty: { pre_task: [{ run: "echo protocol >> order", shell: true }], post_task: [{ run: "echo protocol-$SKEP_HOOK_OUTCOME >> order", shell: true }] } }
            agents: { a: { protocols: [duty], hooks: [{ on: pre-task, run: "echo agent >> order", shell: true }] } }
            hooks:
              - { on: pre-run, run: "echo run-${SKEP_TASK_ID:-none} >> order", shell: true }
              - { on: pre-task, run: "echo plan-$SKEP_TASK_ID-$SKEP_HOOK >> order", shell: true }
              - { on: post-task, run: "echo not-there", planned: true }
              - { on: post-run, run: "echo end-$SKEP_HOOK_OUTCOME >> order", shell: true }
            phases:
              - id: one
                hooks: [{ on: pre-task, run: "echo phase >> order", shell: true }]
                tasks:
                  - { id: t, agent: a, run: "echo work >> order", shell: true, hooks: [{ on: pre-task, run: "echo task >> order", shell: true }] }
            """);
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(
            ["run-none", "plan-t-pre-task", "phase", "protocol", "agent", "task", "work", "protocol-succeeded", "end-succeeded"],
            await File.ReadAllLinesAsync(hive.PathOf("order")));
        Assert.Equal((6, 0), (state.Find("t")!.Attempts[0].Hooks.Calls, state.Find("t")!.Attempts[0].Hooks.Failures));
        Assert.Equal(2, state.RunHooks.Calls);
        var events = RunReader.Events(hive.Host.Store, "run-1").Select(e => e.Event).ToList();
        Assert.IsType<HookRan>(events[^1]);
        Assert.True(events.FindIndex(e => e is HookRan { On: "pre-run" }) < events.FindIndex(e => e is RunAdmitted));
        Assert.True(events.FindIndex(e => e is RunAdmitted) < events.FindIndex(e => e is TaskAssigned));
    }

    [UnixFact]
    public async Task A_hook_that_blocks_keeps_the_attempt_from_starting_and_the_retry_policy_applies()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            tasks:
              - id: t
                run: "echo worked >> ledger"
                shell: true
                retry: { attempts: 2, backoff: 0s }
                hooks: [{ on: pre-task, shell: true, block: true, run: "test -e allowed || { touch allowed; echo no permit yet; exit 4; }" }]
            """);
        var attempts = state.Find("t")!.Attempts;
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal((AttemptOutcome.Failed, null), (attempts[0].Result!.Outcome, attempts[0].StartedAt));
        Assert.StartsWith("not started: hook pre-task `test -e allowed", attempts[0].Result!.Error, StringComparison.Ordinal);
        Assert.EndsWith("failed with exit code 4: no permit yet", attempts[0].Result!.Error, StringComparison.Ordinal);
        Assert.Single(await File.ReadAllLinesAsync(hive.PathOf("ledger")));
    }

    [UnixFact]
    public async Task A_hook_after_a_task_fails_it_when_it_blocks_and_only_warns_when_it_does_not()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            tasks:
              - { id: bad, run: "true", writes: [], hooks: [{ on: post-task, block: true, run: "echo wrong; exit 2", shell: true }, { on: post-task, run: "touch heard", shell: true }] }
              - { id: fine, run: "true", hooks: [{ on: post-task, run: "exit 7", shell: true }] }
              - { id: sad, run: "exit 3", shell: true, allow_failure: true, hooks: [{ on: post-task, shell: true, run: 'echo "$SKEP_HOOK_OUTCOME $SKEP_HOOK_EXIT_CODE $SKEP_HOOK_ERROR" > told' }] }
            """);
        Assert.Equal((TaskStatus.Failed, TaskStatus.Succeeded), (state.Find("bad")!.Status, state.Find("fine")!.Status));
        Assert.Equal("hook post-task `echo wrong; exit 2` failed with exit code 2: wrong", state.Find("bad")!.Reason);
        Assert.True(File.Exists(hive.PathOf("heard")));
        Assert.Equal(1, state.Find("fine")!.Attempts[0].Hooks.Failures);
        Assert.StartsWith("failed 3 ", (await File.ReadAllTextAsync(hive.PathOf("told"))).Trim(), StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_hook_before_the_run_forbids_it()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            hooks: [{ on: pre-run, block: true, run: "echo disk is full; exit 1", shell: true }]
            tasks: [{ id: a, run: "touch worked", shell: true }]
            """);
        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.Equal("hook pre-run `echo disk is full; exit 1` failed with exit code 1: disk is full", state.Reason);
        Assert.False(File.Exists(hive.PathOf("worked")));
    }

    [UnixFact]
    public async Task A_hook_that_takes_too_long_is_stopped_and_the_work_goes_on()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            tasks: [{ id: a, run: "true", hooks: [{ on: pre-task, run: "sleep 600", timeout: 50ms }] }]
            """);
        Assert.Equal(RunStatus.Succeeded, state.Status);
        var ran = Assert.Single(RunReader.Events(hive.Host.Store, "run-1").Select(e => e.Event).OfType<HookRan>());
        Assert.Equal((null, "stopped: it took longer than 0.05 s (timeout)"), (ran.ExitCode, ran.Text));
    }

    [UnixFact]
    public async Task Hooks_run_during_a_task_and_never_after_it()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            tasks:
              - { id: a, shell: true, run: "while ! test -e seen; do sleep 0.02; done", hooks: [{ on: during-task, every: 1s, run: "touch seen", shell: true }] }
            """);
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.True(state.Hooks.Single().Calls >= 1);
    }

    [UnixFact]
    public async Task The_work_of_a_task_survives_the_end_of_hooks_that_run_beside_it()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            tasks:
              - { id: a, shell: true, run: "while ! test -e seen; do sleep 0.02; done; echo done", hooks: [{ on: during-task, every: 1s, run: "sleep 600 & touch seen", shell: true }] }
            """);
        Assert.Equal((TaskStatus.Succeeded, 1), (state.Find("a")!.Status, state.Find("a")!.Attempts.Count));
    }

    [UnixFact]
    public async Task What_hooks_beside_a_task_take_to_stop_is_no_time_of_its_work()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            tasks:
              - { id: a, shell: true, run: "while ! test -e seen; do sleep 0.02; done", hooks: [{ on: during-task, every: 1s, run: "trap 'sleep 0.3; exit' TERM; touch seen; sleep 600 & wait", shell: true }] }
            """);
        Assert.InRange(state.Find("a")!.Attempts.Single().Result!.HooksAfterMs ?? 0, 300, 60_000);
    }

    [UnixFact]
    public async Task A_hook_that_leaves_something_running_is_quoted_with_its_own_last_line()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            tasks: [{ id: a, run: "true", hooks: [{ on: post-task, block: true, shell: true, run: "sleep 600 & echo disk is full; exit 1" }] }]
            """);
        Assert.EndsWith("exit code 1: disk is full", state.Find("a")!.Reason);
    }

    [UnixFact]
    public async Task Secrets_are_passed_to_hooks_and_masked_in_what_is_kept_of_them()
    {
        var host = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["TOKEN"] = "s3cr3t-value", ["OTHER"] = "leak" };
        await using var hive = new Hive(new SkepHostOptions { Command = new CommandExecutorOptions { HostEnvironment = () => host } });
        await hive.RunAsync("""
            plan: p
            swarm: { secrets: [TOKEN], env: { WHO: me } }
            tasks: [{ id: a, run: "true", hooks: [{ on: pre-task, shell: true, run: 'echo "$TOKEN ${OTHER:-no} $WHO $SKEP_ATTEMPT"' }] }]
            """);
        Assert.Equal("*** no me 1", RunReader.Events(hive.Host.Store, "run-1").Select(e => e.Event).OfType<HookRan>().Single().Text);
    }

    [UnixFact]
    public async Task Cancelling_stops_a_hook_and_the_attempt_never_starts()
    {
        await using var hive = new Hive();
        var assigned = new Hive.Watch(e => e is TaskAssigned);
        var run = await hive.StartAsync("""
            plan: p
            tasks: [{ id: a, run: "touch worked", shell: true, hooks: [{ on: pre-task, run: "touch in-hook; exec sleep 600", shell: true, timeout: 10m }] }]
            """, assigned);
        await assigned.Seen;
        Assert.Null(await run.AskAsync(new PauseTask("a", "ann")));
        Assert.Null(await run.AskAsync(new ContinueTask("a", "ann")));
        Assert.Null(await run.AskAsync(new CancelRun("ann", "enough")));
        Assert.Equal(RunStatus.Cancelled, await run.Completion.WaitAsync(Hive.Patience));
        Assert.False(File.Exists(hive.PathOf("worked")));
        Assert.Null(hive.State().Find("a")!.Attempts[0].StartedAt);
    }

    [UnixFact]
    public async Task An_attempt_whose_process_went_away_in_its_hooks_is_lost_and_made_again_with_them()
    {
        await using var hive = new Hive();
        var assigned = new Hive.Watch(e => e is TaskAssigned);
        await hive.StartAsync("""
            plan: p
            tasks: [{ id: a, run: "true", hooks: [{ on: pre-task, run: "echo hook >> ledger; test -e go || exec sleep 600", shell: true, timeout: 10m }] }]
            """, assigned);
        await assigned.Seen;
        await hive.RestartAsync();
        await File.WriteAllTextAsync(hive.PathOf("go"), "");
        var run = await hive.Host.ResumeAsync("run-1", CancellationToken.None);
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(Hive.Patience));
        var attempts = hive.State().Find("a")!.Attempts;
        Assert.Equal((2, AttemptOutcome.Lost, 1), (attempts.Count, attempts[0].Result!.Outcome, attempts[1].Hooks.Calls));
    }

    [UnixFact]
    public async Task Reported_edits_run_the_hooks_whose_globs_they_match_and_a_hook_may_forbid_them()
    {
        await using var hive = new Hive();
        var began = new Hive.Watch(e => e is AttemptStarted);
        var run = await hive.StartAsync("""
            plan: p
            swarm: { ownership: block }
            hooks: [{ on: pre-edit, files: ["src/**/*.cs"], block: true, shell: true, run: 'echo "not ${SKEP_HOOK_FILE##*/}, $SKEP_TASK_ID"; exit 1' }]
            tasks: [{ id: a, owns: ["src/**"], shell: true, run: "while ! test -e go; do sleep 0.02; done" }]
            """, began);
        await began.Seen;
        var live = Assert.Single(hive.Host.LiveWork.Tasks);
        Assert.Equal(("run-1", "a", 1, "worker-1", OwnershipRule.Block), (live.Run, live.Task, live.Attempt, live.Agent, live.Ownership));
        Assert.Equal("src/**", Assert.Single(live.Owns));
        HookOccasion Edit(string file, string on = HookEvents.PreEdit) => new(on, "run-1", "a", hive.PathOf(file), new Dictionary<string, string>());
        Assert.Empty(await hive.Host.LiveWork.FireAsync(Edit("docs/x.md")));
        Assert.Empty(await hive.Host.LiveWork.FireAsync(Edit("src/x.cs", HookEvents.PreTask)));
        Assert.Empty(await hive.Host.LiveWork.FireAsync(Edit("src/x.cs") with { Environment = new Dictionary<string, string> { ["SKEP_HOOK"] = "pre-edit" } }));
        var outcome = Assert.Single(await hive.Host.LiveWork.FireAsync(Edit("src/deep/x.cs")));
        Assert.Equal((1, true, "not x.cs, a"), (outcome.ExitCode, outcome.Blocks, outcome.Text));
        Assert.Equal("not x.cs,", Assert.Single(await hive.Host.LiveWork.FireAsync(Edit("src/x.cs") with { Task = null })).Text);
        await File.WriteAllTextAsync(hive.PathOf("go"), "");
        await run.Completion.WaitAsync(Hive.Patience);
        Assert.Empty(hive.Host.LiveWork.Tasks);
        Assert.Equal((1, 1), (hive.State().Find("a")!.Attempts[0].Hooks.Calls, hive.State().RunHooks.Calls));
    }

    [UnixFact]
    public async Task A_task_that_is_only_planned_needs_no_executor_that_this_host_has()
    {
        await using var hive = new Hive();
        var state = await hive.RunAsync("""
            plan: p
            agents: { model: { executor: chat, model: some } }
            tasks: [{ id: a, run: "true" }, { id: b, agent: model, planned: true }]
            """);
        Assert.Equal((RunStatus.Succeeded, true), (state.Status, state.Degraded));
    }
}
