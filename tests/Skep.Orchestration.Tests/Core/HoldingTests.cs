namespace Skep.Orchestration.Tests.Core;

/// <summary>Pausing, retrying and stopping where they meet.</summary>
public sealed class HoldingTests
{
    private const string FanOut = "{ plan: p, swarm: { max_concurrency: 2, batch_size: 2 }, tasks: [{ id: f, run: x, foreach: [1, 2, 3] }] }";

    [Fact]
    public void Retrying_a_task_of_a_held_run_leaves_the_run_held()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }, { id: b, run: x }] }").Start().Begin("a").Begin("b").Fail("a");
        rig.Tell(new PauseRun("me")).Tell(new RetryTasks("a", "me"));
        Assert.Null(rig.Refusal);
        Assert.Equal((RunStatus.Paused, TaskStatus.Ready), (rig.State.Status, rig.Status("a")));
        rig.Tell(new ContinueRun("me"));
        Assert.Contains("a", rig.Placed);
        Assert.Contains(rig.Effects, e => e is HoldStarts { Held: false });
    }

    [Fact]
    public void Holding_a_fan_out_holds_what_is_left_of_its_items()
    {
        var rig = new QueenRig(FanOut).Start().Begin("f[0]").Tell(new PauseTask("f", "me"));
        Assert.Equal(2, rig.Effects.Count(e => e is SuspendAttempt { Suspended: true }));
        rig.Succeed("f[0]").Succeed("f[1]");
        Assert.Empty(rig.Placed);
        rig.Tell(new ContinueTask("f", "me"));
        Assert.Equal(["f[2]"], rig.Placed);
    }

    [Fact]
    public void A_fan_out_that_is_held_before_its_list_is_known_starts_no_item()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }, { id: f, run: x, needs: [a], foreach: [1, 2] }] }").Start();
        rig.Tell(new PauseTask("f", "me")).Succeed("a");
        Assert.Empty(rig.Placed);
        rig.Tell(new ContinueTask("f", "me"));
        Assert.Equal(["f[0]", "f[1]"], rig.Placed);
    }

    [Fact]
    public void Items_that_run_again_wait_for_what_their_fan_out_needs()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x, allow_failure: true }, { id: f, run: x, needs: [a], foreach: [1, 2] }] }").Start();
        rig.Fail("a").Succeed("f[0]").Fail("f[1]").Tell(new RetryTasks(null, "me"));
        Assert.Equal(["a"], rig.Placed);
        rig.Succeed("a");
        Assert.Equal(["f[1]"], rig.Placed);
        rig.Succeed("f[1]");
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
    }

    [Fact]
    public void A_gate_judges_anew_when_what_it_judged_ran_again()
    {
        var rig = new QueenRig("""
            plan: p
            phases:
              - id: one
                tasks: [{ id: a, run: x, allow_failure: true }]
                gates: [{ id: g, run: check }]
            """).Start().Fail("a").Succeed("gate/g");
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
        rig.Tell(new RetryTasks("a", "me")).Succeed("a");
        Assert.Equal(["gate/g"], rig.Placed);
    }

    [Fact]
    public void A_failure_without_an_attempt_stops_a_run_that_is_to_stop_on_failure()
    {
        var rig = new QueenRig("{ plan: p, swarm: { on_failure: stop }, tasks: [{ id: a, run: x }, { id: b, run: x, needs: [a], when: \"tasks.a.outputs.n > 1\" }, { id: c, run: x }] }").Start();
        rig.Begin("c").Succeed("a");
        Assert.Equal((TaskStatus.Failed, RunStatus.Cancelling), (rig.Status("b"), rig.State.Status));
        Assert.Contains(rig.Effects, e => e is StopAttempt { Why: StopReason.OtherFailed });
    }

    [Fact]
    public void Silence_while_the_queen_slept_is_not_held_against_an_agent()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }] }").Start().Begin("a");
        rig.Sleep(3600).Tell(Overslept.Instance).Tell(Tick.Instance);
        Assert.DoesNotContain(rig.Effects, e => e is StopAttempt);
        rig.Wait(31);
        Assert.Contains(rig.Effects, e => e is StopAttempt { Why: StopReason.LeaseExpired });
    }

    [Fact]
    public void A_sign_of_life_that_came_with_the_clock_counts_first()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }, { id: b, run: x }] }").Start().Begin("a").Begin("b");
        rig.Sleep(31).Tell(new WorkerHeartbeat("b", 1)).Tell(new WorkerHeartbeat("a", 1)).Tell(Tick.Instance);
        Assert.DoesNotContain(rig.Effects, e => e is StopAttempt);
    }

    [Fact]
    public void An_attempt_that_does_not_heed_its_stop_gives_its_place_to_others()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x, timeout: 5s }] }").Start().Begin("a").Wait(6).Wait(31);
        Assert.Contains(rig.Effects, e => e is AbandonAttempt { Attempt: 1 });
    }

    [Fact]
    public void What_is_held_stays_held_when_a_queen_takes_over()
    {
        var rig = new QueenRig("{ plan: p, agents: { boss: { executor: human } }, tasks: [{ id: a, agent: boss, ask: ok }] }").Start();
        rig.Tell(new PauseTask("a", "me")).Tell(new RecoverRun("me", _ => true));
        Assert.Contains(Queen.Effects(rig.State), e => e is SuspendAttempt { Suspended: true });
    }

    [Fact]
    public void A_request_for_a_run_that_nobody_works_on_ends_neither_attempts_nor_budgets()
    {
        var rig = new QueenRig("{ plan: p, swarm: { budget: { wall: 1h } }, tasks: [{ id: a, run: x, timeout: 1m }] }").Start().Begin("a");
        rig.State.HasWorkers = false;
        rig.Sleep(100_000).Tell(new PauseRun("me"));
        Assert.Equal(RunStatus.Paused, rig.State.Status);
        Assert.DoesNotContain(rig.Events, e => e is AttemptStopRequested or RunStopping);
    }

    [Fact]
    public void Usage_cannot_be_talked_down()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }] }").Start().Tell(new ReportMetric("tokens", -5, "a"));
        Assert.Contains("cannot be negative", rig.Refusal);
    }

    [Fact]
    public void A_log_that_makes_no_sense_is_refused()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }] }").Start();
        RunEvent[] nonsense =
        [
            new TaskReady("a"), new TaskFannedOut("a", ["1"]), new TasksReset(["a"], "me"), new RunEnded(RunStatus.Succeeded, null, false),
            new TaskAssigned("a", 1, "worker"), new AttemptStarted("a", 7, "worker-1"),
        ];
        Assert.All(nonsense, e => Assert.Throws<RunLogException>(() => Queen.Apply(rig.State, e, rig.Now)));
    }
}
