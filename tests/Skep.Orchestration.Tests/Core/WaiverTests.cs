namespace Skep.Orchestration.Tests.Core;

public sealed class WaiverTests
{
    private const string Plan = """
        plan: p
        phases:
          - id: one
            tasks: [{ id: a, run: x }, { id: other, run: x }]
            gates: [{ id: good, metric: "score >= 3", needs: [a] }]
          - { id: two, needs: [one], tasks: [{ id: b, run: x }, { id: c, run: x, needs: [b] }] }
        """;

    private static readonly WaiveGate Waive = new("good", "ann", "the score is wrong");

    [Fact]
    public void A_waived_gate_counts_as_passed_and_what_was_skipped_because_of_it_runs()
    {
        var rig = Failed();
        Assert.Equal((RunStatus.Failed, TaskStatus.Skipped), (rig.State.Status, rig.Status("c")));
        rig.Tell(Waive);
        Assert.Equal((RunStatus.Running, TaskStatus.Waived), (rig.State.Status, rig.Status("gate/good")));
        Assert.Equal(["b"], rig.Placed);
        rig.Succeed("b").Succeed("c");
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
        Assert.Equal(("ann", "the score is wrong"), (rig.State.Find("gate/good")!.Waiver!.By, rig.State.Find("gate/good")!.Waiver!.Reason));
        Assert.Equal("it broke", rig.State.Find("gate/good")!.Reason);
        Assert.Single(rig.State.Find("a")!.Attempts);
    }

    [Fact]
    public void A_gate_may_be_waived_while_its_phase_is_still_at_work()
    {
        var rig = new QueenRig(Plan).Start().Succeed("a").Fail("gate/good", retryable: false).Tell(Waive).Succeed("other");
        Assert.Equal(["b"], rig.Placed);
        Assert.DoesNotContain(rig.Events, e => e is TasksReset);
    }

    [Fact]
    public void The_waiver_of_the_last_gate_ends_the_run_well_at_once()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }], gates: [{ id: good, metric: score >= 3 }] }").Start().Succeed("a").Fail("gate/good", retryable: false);
        Assert.Equal(RunStatus.Failed, rig.State.Status);
        Assert.Equal(RunStatus.Succeeded, rig.Tell(Waive).State.Status);
    }

    [Fact]
    public void What_failed_by_itself_is_left_alone()
    {
        var rig = new QueenRig(Plan).Start().Succeed("a").Fail("gate/good", retryable: false).Fail("other").Tell(Waive);
        Assert.Equal((TaskStatus.Failed, 1), (rig.Status("other"), rig.State.Find("other")!.Attempts.Count));
        Assert.Equal((RunStatus.Failed, "phase one: other failed"), (rig.State.Status, rig.State.Reason));
    }

    [Fact]
    public void What_stopped_because_of_the_gate_goes_on()
    {
        var rig = new QueenRig("""
            plan: p
            swarm: { on_failure: stop }
            phases:
              - id: one
                tasks: [{ id: a, run: x }, { id: slow, run: x }, { id: late, run: x, needs: [slow] }]
                gates: [{ id: good, metric: "score >= 3", needs: [a] }]
            """).Start().Begin("slow").Succeed("a").Fail("gate/good", retryable: false);
        rig.Answer("slow", new AttemptResult { Outcome = AttemptOutcome.Cancelled });
        Assert.Equal((RunStatus.Failed, TaskStatus.Cancelled), (rig.State.Status, rig.Status("late")));
        rig.Tell(Waive);
        Assert.Equal(["slow"], rig.Placed);
        Assert.Equal(RunStatus.Succeeded, rig.Succeed("slow").Succeed("late").State.Status);
    }

    [Theory]
    [InlineData("good", "", "why", "needs the name of a person")]
    [InlineData("good", "ann", "  ", "needs a reason")]
    [InlineData("bad", "ann", "why", "has no gate 'bad'")]
    public void A_waiver_needs_a_gate_a_name_and_a_reason(string gate, string by, string reason, string refusal)
    {
        var rig = Failed().Tell(new WaiveGate(gate, by, reason));
        Assert.Contains(refusal, rig.Refusal);
        Assert.Equal(RunStatus.Failed, rig.State.Status);
    }

    [Fact]
    public void Only_a_gate_that_failed_can_be_waived()
    {
        Assert.Contains("it is pending", new QueenRig(Plan).Start().Tell(Waive).Refusal);
        Assert.Contains("it is assigned", new QueenRig(Plan).Start().Succeed("a").Tell(Waive).Refusal);
        Assert.Contains("has passed", new QueenRig(Plan).Start().Succeed("a").Succeed("gate/good").Tell(Waive).Refusal);
        Assert.Contains("was not checked", new QueenRig(Plan).Start().Fail("a").Tell(Waive).Refusal);
        Assert.Contains("waived already, by ann", Failed().Tell(Waive).Tell(Waive).Refusal);
        Assert.Contains("at most 2000", Failed().Tell(new WaiveGate("good", "ann", new string('x', 2001))).Refusal);
    }

    [Fact]
    public void Checking_the_gate_anew_clears_its_waiver()
    {
        var rig = Failed().Tell(Waive).Succeed("b").Succeed("c").Tell(new RetryTasks(null, "me"));
        Assert.Contains("nothing in this run has failed", rig.Refusal);
        rig.Tell(new RetryTasks("gate/good", "me"));
        Assert.Null(rig.State.Find("gate/good")!.Waiver);
        rig.Fail("gate/good", retryable: false);
        Assert.Equal(RunStatus.Failed, rig.State.Status);
    }

    private static QueenRig Failed() => new QueenRig(Plan).Start().Succeed("a").Fail("gate/good", retryable: false).Succeed("other");
}
