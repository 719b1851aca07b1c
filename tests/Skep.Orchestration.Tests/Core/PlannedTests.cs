namespace Skep.Orchestration.Tests.Core;

public sealed class PlannedTests
{
    private const string Mixed = """
        plan: p
        phases:
          - id: one
            tasks:
              - { id: real, run: "true" }
              - { id: later, planned: true }
              - { id: after, needs: [later], run: "true" }
              - { id: anyway, needs: [{ id: later, on: settled }], run: "true" }
              - { id: rescue, needs: [{ id: later, on: failure }], run: "true" }
          - id: two
            needs: [one]
            tasks: [{ id: ship, run: "true" }]
        """;

    [Fact]
    public void What_is_only_planned_is_passed_over_at_once_and_what_needs_it_when_its_turn_comes()
    {
        var rig = new QueenRig(Mixed).Start();
        Assert.Equal((TaskStatus.Skipped, SkipCause.Planned, PlannedWork.NotThere), State(rig, "later"));
        Assert.Equal((TaskStatus.Skipped, SkipCause.Planned, "needs later, which is only planned"), State(rig, "after"));
        Assert.Equal("planned", rig.State.Find("later")!.StateName());
        Assert.Equal(SkipCause.Condition, rig.State.Find("rescue")!.SkipCause);
        Assert.Equal(["real", "anyway"], rig.Placed);
    }

    [Fact]
    public void A_phase_with_both_succeeds_on_what_ran_and_the_run_ends_incomplete()
    {
        var rig = new QueenRig(Mixed).Start().Begin("real").Succeed("real").Begin("anyway").Succeed("anyway");
        Assert.Equal(TaskStatus.Succeeded, rig.Status("phase/one"));
        rig.Begin("ship").Succeed("ship");
        var end = Assert.Single(rig.Events.OfType<RunEnded>());
        Assert.Equal((RunStatus.Succeeded, true), (end.Outcome, end.Degraded));
        Assert.Equal("1 of 6 tasks is only planned, 1 more task needs what is only planned and were not carried out", end.Reason);
        Assert.True(rig.State.Degraded);
    }

    [Fact]
    public void A_phase_that_holds_nothing_else_is_skipped_and_so_is_the_one_that_needs_it()
    {
        var rig = new QueenRig("""
            plan: p
            phases:
              - { id: one, tasks: [{ id: a, planned: true }], gates: [{ id: g, run: "true" }] }
              - { id: two, needs: [one], tasks: [{ id: b, run: "true" }] }
              - { id: three, needs: [{ id: two, on: settled }], tasks: [{ id: c, planned: true }] }
            """).Start();
        Assert.Equal((TaskStatus.Skipped, SkipCause.Planned, "all that it would check is only planned"), State(rig, "gate/g"));
        Assert.Equal((TaskStatus.Skipped, SkipCause.Planned, "all that it holds is only planned"), State(rig, "phase/one"));
        Assert.Equal((TaskStatus.Skipped, SkipCause.Planned), (rig.Status("b"), rig.State.Find("b")!.SkipCause));
        Assert.Equal(SkipCause.Planned, rig.State.Find("phase/two")!.SkipCause);
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
        Assert.StartsWith("nothing was carried out: 2 of 3 tasks are only planned", rig.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gate_without_needs_judges_what_ran_and_one_that_needs_what_is_planned_is_passed_over()
    {
        var rig = new QueenRig("""
            plan: p
            phases:
              - id: one
                tasks: [{ id: a, run: "true" }, { id: b, planned: true }]
                gates: [{ id: all, run: "true" }, { id: ofb, run: "true", needs: [b] }, { id: none, planned: true }]
            """).Start().Begin("a").Succeed("a");
        Assert.Equal(["gate/all"], rig.Placed);
        Assert.Equal(SkipCause.Planned, rig.State.Find("gate/ofb")!.SkipCause);
        Assert.Equal(SkipCause.Planned, rig.State.Find("gate/none")!.SkipCause);
    }

    [Fact]
    public void A_failure_beside_it_fails_the_run_and_a_retry_leaves_what_is_planned_alone()
    {
        var rig = new QueenRig("""
            plan: p
            tasks: [{ id: a, run: "true" }, { id: b, planned: true, needs: [a] }, { id: c, needs: [a, b], run: "true" }]
            """).Start().Begin("a").Fail("a");
        Assert.Equal(RunStatus.Failed, rig.State.Status);
        rig.Tell(new RetryTasks("b", "ann"));
        Assert.Contains("has not failed", rig.Refusal, StringComparison.Ordinal);
        rig.Tell(new RetryTasks(null, "ann"));
        Assert.DoesNotContain("b", Assert.Single(rig.Events.OfType<TasksReset>()).Tasks);
        rig.Begin("a").Succeed("a");
        Assert.Equal((RunStatus.Succeeded, SkipCause.Planned), (rig.State.Status, rig.State.Find("c")!.SkipCause));
    }

    [Fact]
    public void No_budget_counts_on_what_is_planned_and_no_cancellation_claims_it()
    {
        var rig = new QueenRig("""
            plan: p
            swarm: { budget: { wall: 1h } }
            tasks: [{ id: a, run: "true" }, { id: b, planned: true, estimate: 40h, tier: experimental }]
            """).Start();
        Assert.Empty(rig.Events.OfType<TierDropped>());
        rig.Tell(new CancelRun("ann", "enough"));
        Assert.Equal(SkipCause.Planned, rig.State.Find("b")!.SkipCause);
    }

    [Fact]
    public void A_plan_says_up_front_what_is_only_planned()
    {
        Assert.Equal("1 of 6 tasks is only planned: a run passes over them", PlannedWork.InPlan(QueenRig.Parse(Mixed)));
        Assert.Null(PlannedWork.InPlan(QueenRig.Parse("{ plan: p, tasks: [{ id: a, run: 'true' }] }")));
    }

    private static (TaskStatus, SkipCause, string?) State(QueenRig rig, string key) =>
        rig.State.Find(key) is { } node ? (node.Status, node.SkipCause, node.Reason) : default;
}
