namespace Skep.Orchestration.Tests.Core;

public sealed class ControlTests
{
    private const string Two = "{ plan: p, tasks: [{ id: a, run: x, timeout: 10s }, { id: b, run: x, needs: [a] }] }";

    [Fact]
    public void A_paused_run_starts_nothing_until_it_goes_on()
    {
        var rig = new QueenRig(Two).Start().Begin("a").Tell(new PauseRun("me")).Succeed("a");
        Assert.Equal((RunStatus.Paused, TaskStatus.Ready), (rig.State.Status, rig.Status("b")));
        Assert.Contains(rig.Effects, e => e is HoldStarts { Held: true });
        rig.Tell(new ContinueRun("me"));
        Assert.Equal(["b"], rig.Placed);
    }

    [Fact]
    public void A_paused_attempt_is_suspended_and_its_clock_stands_still()
    {
        var rig = new QueenRig(Two).Start().Begin("a").Wait(4).Tell(new PauseTask("a", "me"));
        Assert.Contains(rig.Effects, e => e is SuspendAttempt { Suspended: true });
        rig.Wait(1000);
        Assert.DoesNotContain(rig.Effects, e => e is StopAttempt);
        rig.Tell(new ContinueTask("a", "me")).Wait(5);
        Assert.DoesNotContain(rig.Effects, e => e is StopAttempt);
        rig.Wait(2);
        Assert.Contains(rig.Effects, e => e is StopAttempt { Why: StopReason.Timeout });
    }

    [Fact]
    public void While_an_attempt_waits_for_a_person_its_time_limit_stands_still_and_its_lease_does_not()
    {
        var rig = Alive(new QueenRig(Two).Start().Begin("a").Wait(4).Tell(new WorkerWaits("a", 1, true)).Tell(new WorkerWaits("a", 1, true)), 1000);
        Assert.Single(rig.Events.OfType<AttemptWaits>());
        Assert.DoesNotContain(rig.Effects, e => e is StopAttempt);
        rig.Tell(new WorkerWaits("a", 1, false)).Wait(5);
        Assert.DoesNotContain(rig.Effects, e => e is StopAttempt);
        Assert.Equal(TimeSpan.FromSeconds(9), rig.State.Find("a")!.Current!.Duration(rig.Now));
        rig.Wait(2);
        Assert.Contains(rig.Effects, e => e is StopAttempt { Why: StopReason.Timeout });

        var silent = new QueenRig(Two).Start().Begin("a").Tell(new WorkerWaits("a", 1, true)).Wait(1000);
        Assert.Contains(silent.Effects, e => e is StopAttempt { Why: StopReason.LeaseExpired });
    }

    /// <summary>Lets time pass while the agent gives signs of life.</summary>
    private static QueenRig Alive(QueenRig rig, int seconds)
    {
        for (var i = 0; i < seconds; i++) rig.Wait(1).Tell(new WorkerHeartbeat("a", 1));
        return rig;
    }

    [Fact]
    public void What_waits_for_a_person_and_is_held_goes_on_when_both_are_over()
    {
        var rig = new QueenRig(Two).Start().Begin("a").Tell(new WorkerWaits("a", 1, true)).Tell(new PauseTask("a", "me")).Wait(50).Tell(new WorkerWaits("a", 1, false)).Wait(50);
        Assert.NotNull(rig.State.Find("a")!.Current!.SuspendedSince);
        rig.Tell(new ContinueTask("a", "me")).Tell(new PauseTask("a", "me")).Tell(new WorkerWaits("a", 1, true)).Tell(new ContinueTask("a", "me"));
        Alive(rig, 50);
        Assert.DoesNotContain(rig.Effects, e => e is StopAttempt);
        rig.Tell(new WorkerWaits("a", 1, false));
        Assert.Equal(TimeSpan.FromSeconds(150), rig.State.Find("a")!.Current!.Suspended);
        rig.Tell(new WorkerWaits("b", 1, true)).Tell(new WorkerWaits("a", 2, true)).Tell(new WorkerWaits("nobody", 1, true));
        Assert.Null(rig.State.Find("a")!.Current!.SuspendedSince);
    }

    [Fact]
    public void A_queen_that_takes_over_does_not_believe_that_anybody_waits_still()
    {
        var rig = new QueenRig("{ plan: p, agents: { m: { executor: human } }, tasks: [{ id: a, agent: m, prompt: x, timeout: 10s }] }").Start().Begin("a").Tell(new WorkerWaits("a", 1, true)).Sleep(20);
        rig.Tell(new RecoverRun("ann", _ => true));
        Assert.False(rig.State.Find("a")!.Current!.Waits);
        Assert.DoesNotContain(rig.Effects, e => e is StopAttempt);
        rig.Wait(11);
        Assert.Contains(rig.Effects, e => e is StopAttempt { Why: StopReason.Timeout });
    }

    [Fact]
    public void A_task_held_before_it_started_waits()
    {
        var rig = new QueenRig(Two).Start().Tell(new PauseTask("b", "me")).Succeed("a");
        Assert.Empty(rig.Placed);
        rig.Tell(new ContinueTask("b", "me"));
        Assert.Equal(["b"], rig.Placed);
    }

    [Fact]
    public void Cancelling_a_run_stops_what_runs_and_drops_the_rest()
    {
        var rig = new QueenRig(Two).Start().Begin("a").Tell(new CancelRun("me", "enough"));
        Assert.Equal((RunStatus.Cancelling, TaskStatus.Cancelled), (rig.State.Status, rig.Status("b")));
        rig.Answer("a", new AttemptResult { Outcome = AttemptOutcome.Cancelled });
        Assert.Equal((RunStatus.Cancelled, "enough"), (rig.State.Status, rig.State.Reason));
    }

    [Fact]
    public void An_agent_that_does_not_answer_to_being_stopped_cannot_hold_up_the_end()
    {
        var rig = new QueenRig(Two).Start().Begin("a").Tell(new CancelRun("me", "enough")).Wait(Queen.StopGrace.TotalSeconds + 1);
        Assert.Equal((TaskStatus.Cancelled, RunStatus.Cancelled), (rig.Status("a"), rig.State.Status));
    }

    [Fact]
    public void Retry_runs_again_what_failed_and_what_hung_on_it_but_not_what_succeeded()
    {
        var rig = new QueenRig("""
            plan: p
            phases:
              - { id: one, tasks: [{ id: good, run: x }, { id: bad, run: x }] }
              - { id: two, needs: [one], tasks: [{ id: last, run: x }] }
            """).Start().Succeed("good").Fail("bad");
        Assert.Equal(RunStatus.Failed, rig.State.Status);
        rig.Tell(new RetryTasks(null, "me"));
        Assert.Equal((RunStatus.Running, 1), (rig.State.Status, rig.Placed.Count));
        rig.Succeed("bad").Succeed("last");
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
        Assert.Single(rig.State.Find("good")!.Attempts);
        Assert.Equal(2, rig.State.Find("bad")!.Attempts.Count);
    }

    [Fact]
    public void Retrying_one_item_of_a_fan_out_leaves_its_siblings_alone()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: each, run: x, foreach: [1, 2, 3] }] }").Start().Succeed("each[0]").Fail("each[1]").Succeed("each[2]");
        rig.Tell(new RetryTasks("each", "me"));
        Assert.Equal(["each[1]"], rig.Placed);
        rig.Succeed("each[1]");
        Assert.Equal((TaskStatus.Succeeded, RunStatus.Succeeded), (rig.Status("each"), rig.State.Status));
    }

    [Theory]
    [InlineData("nobody", "has no task 'nobody'")]
    [InlineData("a", "'a' is running, not paused")]
    public void Requests_that_make_no_sense_are_refused_with_the_reason(string task, string reason)
    {
        var rig = new QueenRig(Two).Start().Begin("a");
        rig.Events.Clear();
        rig.Tell(new ContinueTask(task, "me"));
        Assert.Contains(reason, rig.Refusal);
        Assert.Empty(rig.Events);
    }

    [Theory]
    [InlineData(true, TaskStatus.Succeeded)]
    [InlineData(false, TaskStatus.Failed)]
    public void A_person_settles_their_task_by_an_answer(bool approved, TaskStatus expected)
    {
        var rig = new QueenRig("""
            plan: p
            agents: { boss: { executor: human } }
            tasks: [{ id: ok, agent: boss, ask: "ship it?" }]
            """).Start().Begin("ok").Tell(new AnswerTask("ok", "ann", approved, "because"));
        Assert.Equal(expected, rig.Status("ok"));
        Assert.Contains(rig.Events, e => e is HumanAnswered { By: "ann" });
    }

    [Fact]
    public void Metrics_are_found_by_name_task_and_phase()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }] }").Start().Begin("a").Tell(new ReportMetric("recall", 0.97, "a"));
        Assert.All(["recall", "a.recall", "main.recall"], name => Assert.Equal(0.97, rig.State.Metrics[name].Value));
        rig.Tell(new ReportMetric("bad", double.NaN, null));
        Assert.Contains("not a finite number", rig.Refusal);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void A_run_is_resumed_by_who_works_on_it_and_not_by_who_only_records_a_request(bool works, int resumed)
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }] }").Start().Begin("a");
        rig.State.HasWorkers = works;
        rig.Tell(new RecoverRun("host/1", _ => false));
        Assert.Equal(resumed, rig.State.Recoveries);
        Assert.Equal(AttemptOutcome.Lost, rig.State.Find("a")!.Attempts[0].Result!.Outcome);
    }
}
