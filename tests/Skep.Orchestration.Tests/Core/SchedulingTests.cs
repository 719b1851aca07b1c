using Skep.Plans;

namespace Skep.Orchestration.Tests.Core;

public sealed class SchedulingTests
{
    [Fact]
    public void A_task_starts_the_moment_its_own_needs_are_met()
    {
        var rig = new QueenRig("""
            plan: p
            tasks:
              - { id: slow, run: "x" }
              - { id: fast, run: "x" }
              - { id: after-fast, run: "x", needs: [fast] }
              - { id: after-both, run: "x", needs: [fast, slow] }
            """).Start();
        Assert.Equal(["slow", "fast"], rig.Placed);
        rig.Begin("slow").Begin("fast").Succeed("fast");
        Assert.Equal(["slow", "after-fast"], rig.Placed);
        Assert.Equal(TaskStatus.Pending, rig.Status("after-both"));
    }

    [Fact]
    public void Completion_of_one_step_and_placement_of_the_next_are_decided_together()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }, { id: b, run: x, needs: [a] }] }").Start();
        rig.Events.Clear();
        rig.Succeed("a");
        Assert.IsType<AttemptStarted>(rig.Events[0]);
        Assert.IsType<AttemptEnded>(rig.Events[1]);
        Assert.Equal("b", Assert.IsType<TaskAssigned>(rig.Events[2]).Task);
    }

    [Fact]
    public void Higher_tiers_go_first_then_higher_priority_then_file_order()
    {
        var rig = new QueenRig("""
            plan: p
            swarm: { max_concurrency: 1 }
            tasks:
              - { id: later, run: x }
              - { id: urgent, run: x, priority: 5 }
              - { id: nice, run: x, tier: nice, priority: 100 }
              - { id: critical, run: x, tier: critical }
            """).Start();
        var order = new List<string>();
        while (rig.Placed is [var task])
        {
            order.Add(task);
            rig.Wait(1).Begin(task).Wait(1).Succeed(task);
        }

        Assert.Equal(["critical", "urgent", "later", "nice"], order);
    }

    [Fact]
    public void What_a_critical_task_needs_is_critical()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: base, run: x, tier: experimental }, { id: top, run: x, tier: critical, needs: [base] }] }");
        Assert.Equal(Tier.Critical, rig.State.Find("base")!.EffectiveTier);
    }

    [Fact]
    public void Replicas_bound_how_many_attempts_one_agent_spec_holds()
    {
        var rig = new QueenRig("""
            plan: p
            agents: { builder: { executor: command, replicas: 2 } }
            tasks:
              - { id: a, run: x, agent: builder }
              - { id: b, run: x, agent: builder }
              - { id: c, run: x, agent: builder }
              - { id: d, run: x }
            """).Start();
        Assert.Equal(["a", "b", "d"], rig.Placed);
    }

    [Fact]
    public void No_more_than_a_batch_is_assigned_before_the_agents_have_begun()
    {
        var rig = new QueenRig("""
            plan: p
            swarm: { max_concurrency: 8, batch_size: 2 }
            tasks:
              - { id: a, run: x }
              - { id: b, run: x }
              - { id: c, run: x }
              - { id: d, run: x }
            """).Start();
        Assert.Equal(["a", "b"], rig.Placed);
        rig.Begin("a");
        Assert.Equal(["a", "b", "c"], rig.Placed);
    }

    [Fact]
    public void The_members_of_a_team_share_its_tasks()
    {
        var rig = new QueenRig("""
            plan: p
            agents: { one: { replicas: 1 }, two: { replicas: 1 } }
            teams: { both: [one, two] }
            tasks:
              - { id: a, run: x, agent: both }
              - { id: b, run: x, agent: both }
              - { id: c, run: x, agent: both }
            """).Start();
        Assert.Equal(["one", "two"], rig.Events.OfType<TaskAssigned>().Select(e => e.Agent));
    }

    [Fact]
    public void A_team_without_replicas_shares_its_tasks_evenly()
    {
        var rig = new QueenRig("""
            plan: p
            agents: { one: {}, two: {} }
            teams: { both: [one, two] }
            tasks: [{ id: each, run: x, agent: both, foreach: [1, 2, 3, 4] }]
            """).Start();
        Assert.Equal(["one", "two", "one", "two"], rig.Events.OfType<TaskAssigned>().Select(e => e.Agent));
    }

    [Fact]
    public void Short_tasks_are_placed_ahead_of_time()
    {
        var tasks = string.Join(",", Enumerable.Range(0, 6).Select(i => $"{{ id: t{i}, run: x }}"));
        var rig = new QueenRig($"{{ plan: p, swarm: {{ max_concurrency: 1 }}, tasks: [{tasks}] }}").Start();
        Assert.Single(rig.Placed);
        rig.Begin("t0").Wait(0.01).Succeed("t0");
        Assert.Equal(2, rig.Placed.Count);
    }
}
