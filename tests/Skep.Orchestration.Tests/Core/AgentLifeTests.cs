using Skep.Storage;

namespace Skep.Orchestration.Tests.Core;

public sealed class AgentLifeTests
{
    private const string Four = "{ plan: p, agents: { a: { replicas: 1 } }, tasks: [{ id: t1, run: x, agent: a }, { id: t2, run: x, agent: a }, { id: t3, run: x, agent: a }, { id: t4, run: x, agent: a }] }";
    private const string Uncapped = "{ plan: p, agents: { a: {} }, tasks: [{ id: t1, run: x, agent: a }, { id: t2, run: x, agent: a }] }";

    [Fact]
    public void Agents_that_are_spawned_together_are_one_event_and_take_work_at_once()
    {
        var rig = new QueenRig(Four).Start();
        Assert.Equal(["t1"], rig.Placed);
        rig.Tell(new SpawnAgents("a", 2, "ann"));
        var spawned = Assert.Single(rig.Events.OfType<AgentsSpawned>());
        Assert.Equal(("a", "a-2 a-3", "ann"), (spawned.Spec, string.Join(' ', spawned.Names), spawned.By));
        Assert.Equal(["t1", "t2", "t3"], rig.Placed);
        var effects = rig.Effects.SkipWhile(e => e is not OpenAgents).ToList();
        Assert.Equal([2, 3], Assert.IsType<OpenAgents>(effects[0]).Numbers);
        Assert.Equal(2, effects.OfType<StartAttempt>().Count());
    }

    [Fact]
    public void A_spec_without_replicas_only_gets_named_agents()
    {
        var rig = new QueenRig(Uncapped).Start().Begin("t1", "a-1").Tell(new SpawnAgents("a", 1, "ann"));
        Assert.Equal(["a-1 busy t1", "a-2 spawned "], Lines(rig));
    }

    [Theory]
    [InlineData("a", 0, "at least one agent")]
    [InlineData("b", 1, "no agent 'b'; it has a, worker")]
    [InlineData("", 1, "gates")]
    [InlineData("gate", 1, "gates")]
    [InlineData("a", Queen.MaxAgents + 1, "4096 agents")]
    public void What_cannot_be_spawned_is_refused_with_the_reason(string spec, int count, string reason)
    {
        var rig = new QueenRig(Four).Start();
        rig.Events.Clear();
        rig.Tell(new SpawnAgents(spec, count, "ann"));
        Assert.Contains(reason, rig.Refusal);
        Assert.Empty(rig.Events);
    }

    [Fact]
    public void Retired_agents_count_in_the_bound()
    {
        var rig = new QueenRig(Four).Start().Tell(new SpawnAgents("a", Queen.MaxAgents, "ann")).Tell(new DrainAgents(["a-2"], "ann"));
        rig.Tell(new SpawnAgents("a", 1, "ann"));
        Assert.Contains("4096 agents, those that are retired included; 0 more", rig.Refusal);
    }

    [Fact]
    public void A_team_has_no_agents_of_its_own()
    {
        var rig = new QueenRig("{ plan: p, agents: { a: {}, b: {} }, teams: { both: [a, b] }, tasks: [{ id: t, run: x, agent: both }] }").Start();
        Assert.Contains("'both' is a team; name one of its members: a, b", rig.Tell(new SpawnAgents("both", 1, "ann")).Refusal);
        Assert.Contains("is a team", rig.Tell(new DrainAgents(["both"], "ann")).Refusal);
    }

    [Fact]
    public void A_request_that_is_delivered_twice_spawns_once()
    {
        var rig = new QueenRig(Four).Start().Tell(new SpawnAgents("a", 1, "ann", "id")).Tell(new SpawnAgents("a", 1, "ann", "id"));
        Assert.Null(rig.Refusal);
        Assert.Single(rig.Events.OfType<AgentsSpawned>());
    }

    [Fact]
    public void Attempts_make_agents_busy_and_idle_without_events_of_their_own()
    {
        var rig = new QueenRig(Four).Start();
        Assert.Equal(["a-1 spawned "], Lines(rig));
        rig.Wait(1).Begin("t1", "a-1");
        Assert.Equal(["a-1 busy t1"], Lines(rig));
        rig.Tell(new PauseRun("ann")).Wait(1).Fail("t1");
        Assert.Equal(["a-1 idle "], Lines(rig));
        Assert.DoesNotContain(rig.Events, e => e is AgentsSpawned or AgentDraining or AgentRetired);
        var line = Assert.Single(AgentOverview.Of(rig.State));
        Assert.Equal((1, 1, rig.Now), (line.Ended, line.Failed, line.Since));
    }

    [Fact]
    public void An_idle_agent_that_is_drained_is_gone_at_once_and_its_place_with_it()
    {
        var rig = new QueenRig(Four).Start().Begin("t1", "a-1").Tell(new PauseRun("ann")).Tell(new SpawnAgents("a", 1, "ann"));
        rig.Events.Clear();
        rig.Tell(new DrainAgents(["a-2"], "bob"));
        Assert.Equal([new AgentDraining("a-2", "bob"), new AgentRetired("a-2", "drained")], rig.Events);
        Assert.Equal([2], Assert.Single(rig.Effects.OfType<CloseAgents>()).Numbers);
        rig.Tell(new ContinueRun("ann"));
        Assert.Equal(["t1"], rig.Placed);
        rig.Tell(new SpawnAgents("a", 1, "ann"));
        Assert.Equal("a-3", rig.Events.OfType<AgentsSpawned>().Single().Names[0]);
    }

    [Fact]
    public void A_busy_agent_ends_what_it_holds_gets_nothing_more_and_goes_with_the_end_of_it()
    {
        var rig = new QueenRig(Four).Start().Begin("t1", "a-1").Tell(new SpawnAgents("a", 1, "ann")).Begin("t2", "a-2").Tell(new DrainAgents(["a-2"], "ann"));
        Assert.Equal(["a-1 busy t1", "a-2 draining t2"], Lines(rig));
        rig.Events.Clear();
        rig.Wait(1).Succeed("t2");
        Assert.Equal([typeof(AttemptEnded), typeof(AgentRetired)], rig.Events.Select(e => e.GetType()));
        rig.Succeed("t1");
        Assert.Equal(["t3"], rig.Placed);
    }

    [Fact]
    public void What_a_draining_agent_still_holds_takes_no_place_of_others()
    {
        var rig = new QueenRig(Four).Start().Begin("t1", "a-1").Tell(new SpawnAgents("a", 1, "ann")).Begin("t2", "a-2").Tell(new DrainAgents(["a-1"], "ann"));
        rig.Wait(1).Succeed("t2");
        Assert.Equal(["t1", "t3"], rig.Placed);
    }

    [Fact]
    public void Who_may_hold_what_is_placed_and_not_begun_goes_when_that_is_told()
    {
        var rig = new QueenRig(Four).Start().Tell(new SpawnAgents("a", 1, "ann")).Tell(new DrainAgents(["a-1"], "ann"));
        Assert.Equal(["t1", "t2"], rig.Placed);
        Assert.Equal(["a-1 draining ", "a-2 spawned "], Lines(rig));
        rig.Begin("t1", "a-1").Tell(new AgentsFreed("a", [1]));
        Assert.Equal("a-1 draining t1", Lines(rig)[0]);
        rig.Wait(1).Succeed("t1");
        Assert.Equal("a-1 retired ", Lines(rig)[0]);
        rig.Tell(new DrainAgents(["a-2"], "ann", Force: true)).Tell(new AgentsFreed("a", [2]));
        Assert.Equal("a-2 retired ", Lines(rig)[1]);
    }

    [Fact]
    public void The_last_agent_that_tasks_need_goes_only_by_force_and_then_they_wait()
    {
        var rig = new QueenRig(Four).Start().Begin("t1", "a-1").Tell(new DrainAgents(["a"], "ann"));
        Assert.Contains("leave no agent of 'a' for 3 tasks (t2, t3, t4)", rig.Refusal);
        rig.Tell(new DrainAgents(["a"], "ann", Force: true)).Wait(1).Succeed("t1");
        Assert.Empty(rig.Placed);
        Assert.Equal((RunStatus.Running, TaskStatus.Ready), (rig.State.Status, rig.Status("t2")));
        var waits = Assert.Single(StrandedTasks.Of(rig.State));
        Assert.Equal(("a", "t2 t3 t4"), (waits.Agent, string.Join(' ', waits.Tasks)));
        rig.Tell(new SpawnAgents("a", 1, "ann"));
        Assert.Equal(["t2"], rig.Placed);
        Assert.Empty(StrandedTasks.Of(rig.State));
    }

    [Fact]
    public void What_another_member_of_the_team_can_do_keeps_nobody()
    {
        var rig = new QueenRig("{ plan: p, agents: { a: { replicas: 1 }, b: { replicas: 1 } }, teams: { both: [a, b] }, tasks: [{ id: t, run: x, agent: both, foreach: [1, 2, 3] }] }")
            .Start().Begin("t[0]", "a-1").Begin("t[1]", "b-1").Tell(new DrainAgents(["a-1"], "ann"));
        Assert.Null(rig.Refusal);
        rig.Wait(1).Succeed("t[0]");
        Assert.Equal(["t[1]"], rig.Placed);
        Assert.Contains("no agent of 'both' for 1 task (t[2])", rig.Tell(new DrainAgents(["b-1"], "ann")).Refusal);
    }

    [Theory]
    [InlineData("nobody", "no agent 'nobody'")]
    [InlineData("a-9", "there is no agent 'a-9'")]
    [InlineData("a-01", "no agent 'a-01'")]
    [InlineData("gate", "gates")]
    [InlineData("a-2", "'a-2' is retired already")]
    [InlineData("worker", "no agent of 'worker' is there")]
    public void Of_a_request_to_drain_nothing_is_done_when_a_part_of_it_is_wrong(string name, string reason)
    {
        var rig = new QueenRig(Four).Start().Begin("t1", "a-1").Tell(new PauseRun("ann")).Tell(new SpawnAgents("a", 2, "ann")).Tell(new DrainAgents(["a-2"], "ann"));
        rig.Events.Clear();
        rig.Tell(new DrainAgents(["a-3", name], "ann"));
        Assert.Contains(reason, rig.Refusal);
        Assert.Empty(rig.Events);
    }

    [Fact]
    public void A_spec_is_drained_with_the_agents_that_have_not_begun_anything()
    {
        var rig = new QueenRig("{ plan: p, agents: { a: { replicas: 3 } }, tasks: [{ id: t1, run: x, agent: a }] }").Start().Begin("t1", "a-1").Tell(new DrainAgents(["a", "a-2"], "ann"));
        Assert.Equal(["a-1 draining t1", "a-2 retired ", "a-3 retired "], Lines(rig));
    }

    [Fact]
    public void A_run_that_has_ended_has_no_agents_to_spawn_or_drain()
    {
        var rig = new QueenRig("{ plan: p, agents: { a: { replicas: 1 } }, tasks: [{ id: t1, run: x, agent: a }] }").Start().Begin("t1", "a-1").Succeed("t1");
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
        Assert.Equal("the run is succeeded", rig.Tell(new SpawnAgents("a", 1, "ann")).Refusal);
        Assert.Equal("the run is succeeded", rig.Tell(new DrainAgents(["a"], "ann")).Refusal);
        Assert.Null(rig.Tell(new AgentsFreed("a", [1])).Refusal);
    }

    [Fact]
    public void The_end_of_the_run_retires_all_without_an_event_and_a_retry_brings_them_back()
    {
        var rig = new QueenRig("{ plan: p, agents: { a: { replicas: 1 } }, tasks: [{ id: t1, run: x, agent: a }, { id: t2, run: x, agent: a }] }").Start();
        rig.Tell(new SpawnAgents("a", 2, "ann")).Begin("t1", "a-1").Begin("t2", "a-2").Succeed("t2").Tell(new DrainAgents(["a-3"], "ann")).Fail("t1");
        Assert.Equal(["a-1 retired ", "a-2 retired ", "a-3 retired "], Lines(rig));
        Assert.Equal([AgentOverview.RunEnded, AgentOverview.RunEnded, "drained"], AgentOverview.Of(rig.State).Select(a => a.Reason));
        rig.Tell(new RetryTasks(null, "ann"));
        Assert.Equal(["a-1 idle ", "a-2 idle ", "a-3 retired "], Lines(rig));
        Assert.Single(rig.Events.OfType<AgentRetired>());
    }

    [Fact]
    public void Names_that_cannot_be_true_are_not_believed()
    {
        var rig = new QueenRig(Four).Start().Begin("t1", "a-1").Tell(new SpawnAgents("a", 3, "ann")).Tell(new DrainAgents(["a-4"], "ann")).Tell(new AgentsFreed("a", [4]));
        rig.Begin("t2", "a-1").Begin("t3", "a-4").Begin("t4", "a-99");
        Assert.Equal(["a-1", "a", "a", "a"], rig.Events.OfType<AttemptStarted>().Select(e => e.AgentName));
        Assert.Equal("a-1 busy t1", Lines(rig)[0]);
    }

    [Fact]
    public void What_is_placed_after_an_agent_was_to_go_does_not_begin_on_it()
    {
        var rig = new QueenRig(Four).Start().Tell(new SpawnAgents("a", 1, "ann")).Tell(new DrainAgents(["a-1"], "ann")).Sleep(1).Begin("t1", "a-2").Fail("t2").Succeed("t1");
        rig.Events.Clear();
        rig.Begin("t3", "a-1").Begin("t4", "a-2");
        Assert.Equal(["a", "a-2"], rig.Events.OfType<AttemptStarted>().Select(e => e.AgentName));
    }

    [Fact]
    public void While_nobody_works_on_the_run_nobody_is_waited_for()
    {
        var rig = new QueenRig(Four).Start().Tell(new SpawnAgents("a", 1, "ann"));
        rig.State.HasWorkers = false;
        rig.Tell(new DrainAgents(["a-2"], "ann"));
        Assert.Equal("a-2 retired ", Lines(rig)[1]);
    }

    [Fact]
    public void Whoever_takes_over_learns_which_agents_there_are_before_anything_is_placed()
    {
        var rig = new QueenRig(Four).Start().Begin("t1", "a-1").Tell(new SpawnAgents("a", 2, "ann")).Tell(new DrainAgents(["a-1", "a-3"], "ann"));
        var effects = Queen.Effects(rig.State);
        Assert.Equal([2], Assert.IsType<OpenAgents>(effects[0]).Numbers);
        Assert.Equal([1, 3], Assert.IsType<CloseAgents>(effects[1]).Numbers.Order());
        Assert.IsType<StartAttempt>(effects[2]);
    }

    [Fact]
    public void Log_and_snapshot_bring_back_the_same_agents()
    {
        var rig = new QueenRig(Four).Start().Begin("t1", "a-1").Tell(new SpawnAgents("a", 3, "ann", "id")).Begin("t2", "a-2").Tell(new DrainAgents(["a-2", "a-3"], "bob")).Wait(1);
        var folded = RunState.For(rig.State.Plan);
        foreach (var e in rig.Events.Where(e => e.IsDurable)) Queen.Apply(folded, e, rig.Now);
        var items = SnapshotCodec.TakeChanges(rig.State).ToDictionary(i => i.Key, i => i.Payload!.Value);
        var restored = SnapshotCodec.Restore(rig.State.Plan, new StoredSnapshot(rig.State.Seq, SnapshotCodec.Version, items))!;
        Assert.Equal(AgentOverview.Of(rig.State), AgentOverview.Of(restored));
        Assert.Equal(Lines(rig), AgentOverview.Of(folded).Select(Line));
        foreach (var state in new[] { rig.State, folded, restored })
        {
            Assert.Equal((2.0, 1, 4), (state.Roster.Of("a").Capacity, state.Roster.Of("a").DrainingAtWork, state.Roster.Count));
            Assert.Empty(Queen.Decide(state, new SpawnAgents("a", 3, "ann", "id"), rig.Now).Events.OfType<AgentsSpawned>());
        }
    }

    [Theory]
    [InlineData("spawn")]
    [InlineData("drain")]
    [InlineData("retire")]
    [InlineData("unknown")]
    public void A_log_that_breaks_an_agents_life_is_damaged(string what)
    {
        var rig = new QueenRig(Four).Start().Begin("t1", "a-1").Tell(new SpawnAgents("a", 1, "ann")).Tell(new DrainAgents(["a-1"], "ann"));
        RunEvent wrong = what switch
        {
            "spawn" => new AgentsSpawned("a", ["a-2"], "ann"),
            "drain" => new AgentDraining("a-1", "ann"),
            "retire" => new AgentRetired("a-1", "drained"),
            _ => new AgentDraining("a-7", "ann"),
        };
        Assert.Throws<RunLogException>(() => Queen.Apply(rig.State, wrong, rig.Now));
    }

    [Fact]
    public void Older_logs_that_give_a_name_twice_still_fold()
    {
        var rig = new QueenRig("{ plan: p, agents: { a: { replicas: 2 } }, tasks: [{ id: t1, run: x, agent: a }, { id: t2, run: x, agent: a }, { id: t3, run: x, agent: a }] }").Start();
        foreach (var task in new[] { "t1", "t2" }) Queen.Apply(rig.State, new AttemptStarted(task, 1, "a-1"), rig.Now);
        Assert.Equal("a-1 busy t2", Lines(rig)[0]);
        rig.Succeed("t2");
        Assert.StartsWith("a-1 busy", Lines(rig)[0]);
        rig.Succeed("t1");
        Assert.StartsWith("a-1 idle", Lines(rig)[0]);
    }

    private static IReadOnlyList<string> Lines(QueenRig rig) => [.. AgentOverview.Of(rig.State).Select(Line)];

    private static string Line(AgentOverview a) => $"{a.Name} {AgentOverview.Word(a.Life)} {a.Task}";
}
