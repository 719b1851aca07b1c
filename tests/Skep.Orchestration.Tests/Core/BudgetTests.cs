using Skep.Plans;

namespace Skep.Orchestration.Tests.Core;

public sealed class BudgetTests
{
    [Fact]
    public void When_the_clock_runs_short_lower_tiers_are_dropped_first()
    {
        var rig = new QueenRig("""
            plan: p
            swarm: { max_concurrency: 1, budget: { wall: 100s } }
            tasks:
              - { id: first, run: x, tier: critical, estimate: 40s }
              - { id: must, run: x, tier: critical, estimate: 40s, needs: [first] }
              - { id: nice, run: x, tier: nice, estimate: 20s, needs: [first] }
              - { id: try, run: x, tier: experimental, estimate: 60s, needs: [first] }
            """).Start();
        Assert.Equal((TaskStatus.Skipped, SkipCause.Dropped), (rig.Status("try"), rig.State.Find("try")!.SkipCause));
        Assert.Equal(TaskStatus.Pending, rig.Status("nice"));
        rig.Begin("first").Wait(50).Tell(new WorkerHeartbeat("first", 1)).Succeed("first");
        Assert.Equal((TaskStatus.Skipped, TaskStatus.Assigned), (rig.Status("nice"), rig.Status("must")));
        rig.Begin("must").Wait(20).Succeed("must");
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
        Assert.Equal([Tier.Experimental, Tier.Nice], rig.State.Dropped.Select(d => d.Tier));
        Assert.True(rig.Events.OfType<RunEnded>().Single().Degraded);
    }

    [Fact]
    public void A_used_up_budget_ends_the_run()
    {
        var rig = new QueenRig("{ plan: p, swarm: { budget: { cost_usd: 2 } }, tasks: [{ id: a, run: x, tier: critical }, { id: b, run: x, tier: critical, needs: [a] }] }").Start().Begin("a");
        rig.Tell(new ReportMetric("cost_usd", 2.5, "a"));
        Assert.Contains(rig.Effects, e => e is StopAttempt { Why: StopReason.Budget });
        rig.Answer("a", new AttemptResult { Outcome = AttemptOutcome.Cancelled });
        Assert.Equal((RunStatus.Failed, TaskStatus.Cancelled), (rig.State.Status, rig.Status("b")));
        Assert.Contains("budget cost_usd is used up: 2.5 of 2", rig.State.Reason);
    }

    [Fact]
    public void Tokens_are_forecast_from_the_mean_so_far()
    {
        var rig = new QueenRig("""
            plan: p
            swarm: { max_concurrency: 1, budget: { tokens: 1000 } }
            tasks:
              - { id: a, run: x, tier: critical }
              - { id: b, run: x, tier: critical, needs: [a] }
              - { id: c, run: x, tier: nice, needs: [b] }
            """).Start().Begin("a").Tell(new ReportMetric("tokens", 600, "a")).Succeed("a");
        Assert.Equal(TaskStatus.Skipped, rig.Status("c"));
    }

    [Fact]
    public void Time_in_which_nobody_worked_does_not_count_against_the_wall_clock()
    {
        var rig = new QueenRig("{ plan: p, swarm: { budget: { wall: 60s } }, tasks: [{ id: a, run: x, tier: critical }] }").Start().Begin("a");
        var later = new QueenRig(rig.State.Plan);
        Queen.Apply(later.State, rig.Events[0], rig.Now);
        foreach (var e in rig.Events.Skip(1)) Queen.Apply(later.State, e, rig.Now);
        var decision = Queen.Decide(later.State, new RecoverRun("me", _ => false), rig.Now.AddHours(5));
        Assert.DoesNotContain(decision.Events, e => e is RunStopping);
        decision = Queen.Decide(later.State, Tick.Instance, rig.Now.AddHours(5).AddSeconds(61));
        Assert.Contains(decision.Events, e => e is RunStopping { Why: StopReason.Budget });
    }
}
