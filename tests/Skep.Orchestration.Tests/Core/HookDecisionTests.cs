using Skep.Plans;

namespace Skep.Orchestration.Tests.Core;

public sealed class HookDecisionTests
{
    private const string Guarded = """
        plan: p
        hooks: [{ on: pre-run, run: "check", block: true }]
        tasks: [{ id: a, run: "true", timeout: 10s }, { id: b, needs: [a], run: "true" }]
        """;

    [Fact]
    public void No_task_starts_before_the_hooks_of_the_run_have_let_it()
    {
        var rig = new QueenRig(Guarded).Start();
        Assert.Empty(rig.Placed);
        Assert.Single(rig.Effects.OfType<RunPreHooks>());
        Assert.Contains(Queen.Effects(rig.State), e => e is RunPreHooks);
        rig.Tell(new PreRunAnswered(null));
        Assert.Equal(["a"], rig.Placed);
        Assert.DoesNotContain(Queen.Effects(rig.State), e => e is RunPreHooks);
        rig.Tell(new PreRunAnswered("late")).Begin("a").Succeed("a").Begin("b").Succeed("b");
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
    }

    [Fact]
    public void A_hook_that_forbids_the_run_ends_it_before_any_task_and_is_asked_again_on_a_retry()
    {
        var rig = new QueenRig(Guarded).Start().Tell(new PreRunAnswered("hook pre-run `check` failed with exit code 1: no disk"));
        Assert.Equal((RunStatus.Failed, TaskStatus.Cancelled), (rig.State.Status, rig.Status("a")));
        Assert.Contains("no disk", rig.State.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Events.OfType<TaskAssigned>());
        rig.Tell(new RetryTasks(null, "ann"));
        Assert.Empty(rig.Placed);
        Assert.Contains(Queen.Effects(rig.State), e => e is RunPreHooks);
    }

    [Fact]
    public void A_run_that_is_cancelled_meanwhile_ends_without_the_answer()
    {
        var rig = new QueenRig(Guarded).Start().Tell(new CancelRun("ann", "no"));
        Assert.Equal(RunStatus.Cancelled, rig.State.Status);
        rig.Tell(new PreRunAnswered(null));
        Assert.Empty(rig.Events.OfType<RunAdmitted>());
    }

    [Fact]
    public void The_time_limit_of_the_work_does_not_count_the_hooks_after_it()
    {
        var rig = new QueenRig(Guarded).Start().Tell(new PreRunAnswered(null)).Begin("a").Sleep(9).Tell(new WorkerFinished("a", 1)).Wait(20);
        Assert.Empty(rig.Events.OfType<AttemptStopRequested>());
        rig.Answer("a", new AttemptResult { Outcome = AttemptOutcome.Succeeded, HooksAfterMs = 20_000 });
        Assert.Equal(TimeSpan.FromSeconds(9), rig.State.Find("a")!.Attempts[0].Duration(rig.Now));
    }

    [Fact]
    public void An_attempt_that_a_hook_keeps_from_beginning_fails_without_having_begun()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: 'true', retry: { attempts: 2, backoff: 0s } }] }").Start();
        rig.Tell(new WorkerAnswered("a", 1, AttemptResult.Failure("not started: hook said no")) { Began = false });
        Assert.Empty(rig.Events.OfType<AttemptStarted>());
        Assert.Equal((1, null), (rig.State.Find("a")!.Failures, rig.State.Find("a")!.Attempts[0].StartedAt));
        Assert.Equal(["a"], rig.Placed);
    }

    [Fact]
    public void What_is_kept_of_hooks_is_bounded_per_attempt_and_in_length()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: 'true' }] }").Start().Begin("a");
        for (var i = 0; i < Queen.MaxHookRecordsPerAttempt + 50; i++) rig.Tell(new HookReported(Ran("a", 1, 1, new string('x', 5000))));
        rig.Tell(new HookReported(Ran("a", 7, 0))).Tell(new HookReported(Ran("nobody", 1, 0)));
        Assert.Equal(Queen.MaxHookRecordsPerAttempt, rig.Events.OfType<HookRan>().Count());
        Assert.All(rig.Events.OfType<HookRan>(), e => Assert.True(e.Text.Length <= Queen.MaxHookText));
        var sums = rig.State.Find("a")!.Attempts[0].Hooks;
        Assert.Equal((Queen.MaxHookRecordsPerAttempt, Queen.MaxHookRecordsPerAttempt), (sums.Calls, sums.Failures));
    }

    [Fact]
    public void What_hooks_say_after_the_end_is_kept_and_changes_nothing_else()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: 'true' }] }").Start().Begin("a").Succeed("a");
        var ended = rig.State.EndedAt;
        rig.Sleep(5).Tell(new HookReported(Ran(null, null, 0)));
        Assert.Equal((RunStatus.Succeeded, ended, 1), (rig.State.Status, rig.State.EndedAt, rig.State.RunHooks.Calls));
    }

    [Fact]
    public void A_run_ends_only_when_what_its_tasks_wrote_is_stored()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: 'true', writes: [k] }] }").Start().Begin("a").Succeed("a", ("k", "v"));
        Assert.Equal((RunStatus.Running, 1), (rig.State.Status, rig.State.MemoryPending));
        Assert.Equal(1, Assert.Single(rig.Effects.OfType<StoreMemory>()).Attempt);
        Assert.Contains(Queen.Effects(rig.State), e => e is StoreMemory);
        rig.Tell(new MemoryAnswered("a", 1, null)).Tell(new MemoryAnswered("a", 1, null));
        Assert.Single(rig.Events.OfType<MemoryStored>());
        Assert.Equal((RunStatus.Succeeded, 0), (rig.State.Status, rig.State.MemoryPending));
    }

    [Fact]
    public void Calls_during_a_task_are_told_of_together_unless_their_outcome_changes()
    {
        var told = new List<(int? Code, int Calls, double Ms)>();
        var calls = new RepeatedCalls((o, n) => told.Add((o.ExitCode, n, o.Elapsed.TotalMilliseconds)));
        for (var i = 0; i < 25; i++) calls.Add(Outcome(0));
        calls.Add(Outcome(3));
        calls.Add(Outcome(0));
        calls.Flush();
        Assert.Equal([(0, 1, 2), (0, 20, 40), (0, 4, 8), (3, 1, 2), (0, 1, 2)], told);
    }

    private static HookOutcome Outcome(int code) => new(HookEvents.DuringTask, "beat", code, false, "", TimeSpan.FromMilliseconds(2));

    private static HookRan Ran(string? task, int? attempt, int code, string text = "") => new(task, attempt, HookEvents.PostTask, "hook", code, false, text, 5, 1);
}
