using Skep.Plans;

namespace Skep.Orchestration.Tests.Core;

public sealed class AttemptTests
{
    private const string One = "{ plan: p, swarm: { lease: 10s }, tasks: [{ id: a, run: x, timeout: 60s, retry: { attempts: 3, backoff: 2s, jitter: 0 } }] }";

    [Fact]
    public void A_failed_attempt_is_tried_again_after_its_backoff()
    {
        var rig = new QueenRig(One).Start().Begin("a").Fail("a");
        Assert.Equal((TaskStatus.Ready, rig.Now.AddSeconds(2)), (rig.Status("a"), rig.State.Find("a")!.RetryAt));
        rig.Wait(1.9);
        Assert.Empty(rig.Placed);
        rig.Wait(0.2);
        Assert.Equal(["a"], rig.Placed);
        rig.Begin("a").Fail("a").Wait(4.1).Begin("a").Fail("a");
        Assert.Equal((TaskStatus.Failed, 3), (rig.Status("a"), rig.State.Find("a")!.Attempts.Count));
    }

    [Fact]
    public void What_cannot_be_helped_is_not_tried_again()
    {
        var rig = new QueenRig(One).Start().Fail("a", retryable: false);
        Assert.Equal(TaskStatus.Failed, rig.Status("a"));
    }

    [Fact]
    public void Time_up_stops_the_attempt_and_waits_for_its_answer_before_trying_again()
    {
        var rig = new QueenRig(One).Start().Begin("a");
        KeepAlive(rig, 61);
        Assert.Contains(rig.Effects, e => e is StopAttempt { Why: StopReason.Timeout });
        Assert.Equal(["a"], rig.Placed);
        rig.Answer("a", new AttemptResult { Outcome = AttemptOutcome.Cancelled });
        Assert.Equal(AttemptOutcome.TimedOut, rig.State.Find("a")!.Attempts[0].Result!.Outcome);
        Assert.Equal(TaskStatus.Ready, rig.Status("a"));
    }

    [Fact]
    public void A_success_that_comes_while_it_is_being_stopped_counts()
    {
        var rig = new QueenRig(One).Start().Begin("a");
        KeepAlive(rig, 61);
        rig.Succeed("a");
        Assert.Equal(TaskStatus.Succeeded, rig.Status("a"));
    }

    [Fact]
    public void A_silent_agent_loses_its_lease_and_the_loss_uses_up_no_retry()
    {
        var rig = new QueenRig(One).Start().Begin("a").Wait(11);
        Assert.Contains(rig.Effects, e => e is StopAttempt { Why: StopReason.LeaseExpired });
        rig.Wait(31);
        var node = rig.State.Find("a")!;
        Assert.Equal((AttemptOutcome.Lost, 0, 1), (node.Attempts[0].Result!.Outcome, node.Failures, node.Losses));
        Assert.Equal(2, node.Attempts.Count);
    }

    [Fact]
    public void Heartbeats_keep_the_lease_and_stay_out_of_the_log()
    {
        var rig = new QueenRig(One).Start().Begin("a");
        for (var i = 0; i < 5; i++) rig.Wait(8).Tell(new WorkerHeartbeat("a", 1));
        Assert.DoesNotContain(rig.Effects, e => e is StopAttempt);
        Assert.All(rig.Events.OfType<LeaseRenewed>(), e => Assert.False(e.IsDurable));
        Assert.Equal(5, rig.Events.OfType<LeaseRenewed>().Count());
    }

    [Fact]
    public void A_late_or_second_answer_is_recorded_as_ignored_and_changes_nothing()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }, { id: b, run: x }] }").Start().Succeed("a", ("v", "1"));
        for (var i = 0; i < 10; i++) rig.Tell(new WorkerAnswered("a", 1, AttemptResult.Failure("too late")));
        Assert.Equal(TaskStatus.Succeeded, rig.Status("a"));
        Assert.Equal("1", rig.State.Find("a")!.Outputs["v"]);
        Assert.Equal(Queen.MaxIgnoredPerAttempt, rig.Events.OfType<AnswerIgnored>().Count());
    }

    [Fact]
    public void Garbage_fails_the_attempt_and_not_the_run()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }, { id: b, run: x }] }").Start();
        rig.Tell(new WorkerAnswered("nobody", 1, AttemptResult.Failure("?"))).Tell(new WorkerAnswered("a", 77, AttemptResult.Failure("?")));
        rig.Answer("a", new AttemptResult { Outcome = (AttemptOutcome)99 });
        Assert.Equal((TaskStatus.Failed, "its answer has an unknown outcome"), (rig.Status("a"), rig.State.Find("a")!.Reason));
        rig.Answer("b", new AttemptResult { Outcome = AttemptOutcome.Succeeded, Outputs = new Dictionary<string, string> { ["big"] = new('x', AnswerBounds.MaxOutputChars + 1) } });
        Assert.Equal(TaskStatus.Failed, rig.Status("b"));
        Assert.Contains("produces", rig.State.Find("b")!.Reason);
    }

    [Fact]
    public void Backoff_grows_is_bounded_and_replays()
    {
        var policy = new RetryPolicy(10, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(20), 0.5);
        for (var failures = 1; failures < 10; failures++)
        {
            var delay = Backoff.Delay(policy, failures, 7, "task", failures);
            var full = Math.Min(Math.Pow(2, failures - 1), 20);
            Assert.InRange(delay.TotalSeconds, full * 0.5, full);
            Assert.Equal(delay, Backoff.Delay(policy, failures, 7, "task", failures));
        }

        Assert.NotEqual(Backoff.Delay(policy, 3, 7, "task", 3), Backoff.Delay(policy, 3, 8, "task", 3));
    }

    [Fact]
    public void A_recovered_run_loses_what_was_in_flight_and_starts_it_again()
    {
        var rig = new QueenRig("""
            plan: p
            agents: { boss: { executor: human } }
            tasks: [{ id: a, run: x }, { id: ok, agent: boss, ask: "go on?" }]
            """).Start().Begin("a").Begin("ok");
        rig.Effects.Clear();
        rig.Wait(100).Tell(new RecoverRun("me", kind => kind == ExecutorKinds.Human));
        Assert.Equal(AttemptOutcome.Lost, rig.State.Find("a")!.Attempts[0].Result!.Outcome);
        Assert.Equal(2, rig.State.Find("a")!.Current!.Number);
        Assert.Equal(1, rig.State.Find("ok")!.Current!.Number);
        Assert.Contains(rig.Effects, e => e is RestoreEffects);
        Assert.Equal(["ok", "a"], Queen.Effects(rig.State).OfType<StartAttempt>().Select(e => e.Node.Key));
    }

    [Fact]
    public void Attempts_that_are_lost_for_ever_fail_in_the_end()
    {
        var rig = new QueenRig(One).Start();
        for (var i = 0; i < Queen.MaxLosses; i++) rig.Begin("a").Tell(new RecoverRun("me", _ => false));
        Assert.Equal(TaskStatus.Failed, rig.Status("a"));
    }

    private static void KeepAlive(QueenRig rig, int seconds)
    {
        for (var i = 0; i < seconds; i++) rig.Wait(1).Tell(new WorkerHeartbeat("a", 1));
    }
}
