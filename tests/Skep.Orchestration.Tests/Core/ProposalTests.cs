namespace Skep.Orchestration.Tests.Core;

public sealed class ProposalTests
{
    private const string Plan = """
        plan: p
        swarm: { max_proposed_tasks: 3 SWARM }
        agents: { scout: { executor: chat, model: m/a } }
        phases:
          - id: look
            tasks: [{ id: find, agent: scout, prompt: find }, { id: other, agent: scout, prompt: x, tier: nice }]
            gates: [{ id: all, metric: "m >= 1" }]
          - { id: sum, needs: [look], tasks: [{ id: write, agent: scout, prompt: write }] }
        """;

    [Fact]
    public void What_an_agent_proposes_runs_and_the_next_phase_waits_for_it()
    {
        var rig = Rig();
        rig.Tell(Propose("""{"id":"deeper","prompt":"x"}""", "k1"));
        Assert.Null(rig.Refusal);
        Assert.Contains("deeper", rig.Placed);
        Assert.Equal("find", rig.State.Find("deeper")!.ProposedBy);
        rig.Tell(new ReportMetric("m", 1, null));
        rig.Succeed("find").Succeed("other");
        Assert.Equal(["deeper"], rig.Placed);
        rig.Begin("deeper").Succeed("deeper").Begin("gate/all").Succeed("gate/all");
        Assert.Equal(["write"], rig.Placed);
        rig.Begin("write").Succeed("write");
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
        Assert.Equal(5, rig.State.WorkSettled);
    }

    [Fact]
    public void A_task_that_needs_another_proposed_one_waits_for_it_and_a_failed_need_skips_it()
    {
        var rig = Rig();
        rig.Tell(Propose("""{"id":"a","prompt":"x"},{"id":"b","prompt":"${tasks.a.outputs.text}","needs":["a"]}"""));
        Assert.Equal((TaskStatus.Assigned, TaskStatus.Pending), (rig.Status("a"), rig.Status("b")));
        rig.Begin("a").Fail("a", retryable: false);
        Assert.Equal(TaskStatus.Skipped, rig.Status("b"));
    }

    [Fact]
    public void A_need_that_failed_before_the_proposal_came_skips_it_at_once()
    {
        var rig = Rig();
        rig.Fail("other", retryable: false).Tell(Propose("""{"id":"a","prompt":"x","needs":["other"]}"""));
        Assert.Equal(TaskStatus.Skipped, rig.Status("a"));
    }

    [Fact]
    public void A_proposal_that_is_delivered_again_is_taken_once()
    {
        var rig = Rig();
        rig.Tell(Propose("""{"id":"a","prompt":"x"}""", "k1")).Tell(Propose("""{"id":"a","prompt":"x"}""", "k1"));
        Assert.Null(rig.Refusal);
        Assert.Single(rig.Events.OfType<TasksAdmitted>());
    }

    [Fact]
    public void Proposals_come_from_an_agent_at_work_and_end_at_the_plans_bound()
    {
        var rig = Rig();
        Refused(rig, new ProposeTasks("write", 1, "k", Fragment("""{"id":"a","prompt":"x"}""")), "not at work");
        Refused(rig, new ProposeTasks("find", 2, "k", Fragment("""{"id":"a","prompt":"x"}""")), "not at work");
        Refused(rig, new ProposeTasks("phase/look", 1, "k", Fragment("""{"id":"a","prompt":"x"}""")), "not at work");
        Refused(rig, new ProposeTasks("gate/all", 1, "k", Fragment("""{"id":"a","prompt":"x"}""")), "not at work");
        Refused(rig, Propose("""{"id":"find","prompt":"x"}"""), "already");
        Refused(rig, Propose("""{"id":"a","prompt":"x","foreach":[1,2,3,4]}"""), "swarm.max_proposed_tasks");
        rig.Tell(Propose("""{"id":"a","prompt":"x","foreach":[1,2]}""", "k2"));
        Refused(rig, Propose("""{"id":"b","prompt":"x","foreach":[1,2]}""", "k3"), "have proposed 2");
        rig.Tell(new CancelTask("find", "ann"));
        Refused(rig, Propose("""{"id":"b","prompt":"x"}""", "k4"), "not at work");
        rig.Tell(new CancelRun("ann", "enough"));
        Refused(rig, Propose("""{"id":"b","prompt":"x"}""", "k5"), "takes no further tasks");
    }

    [Theory]
    [InlineData("tokens: 1000", true)]
    [InlineData("tokens: 499", false)]
    [InlineData("cost_usd: 3", true)]
    [InlineData("cost_usd: 1.5", false)]
    public void What_the_forecast_leaves_no_budget_for_is_refused(string budget, bool admitted)
    {
        var rig = Rig($", budget: {{ {budget} }}");
        rig.Tell(new WorkerUsed("other", 1, new AttemptUsage(200, 0.6, 1))).Succeed("other").Tell(Propose("""{"id":"a","prompt":"x"}"""));
        Assert.Equal(admitted, rig.Refusal is null);
        if (!admitted) Assert.Contains("budget", rig.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_proposed_task_needs_becomes_as_important_as_it_is()
    {
        var rig = Rig(concurrency: 1);
        Assert.Equal(Plans.Tier.Nice, rig.State.Find("other")!.EffectiveTier);
        rig.Tell(Propose("""{"id":"a","prompt":"x","needs":["other"]}"""));
        Assert.Equal(Plans.Tier.Important, rig.State.Find("other")!.EffectiveTier);
        Assert.Equal(0, rig.State.Usage.WaitingIn(Plans.Tier.Nice));
    }

    [Fact]
    public void The_log_and_a_snapshot_bring_proposed_tasks_back()
    {
        var rig = Rig();
        rig.Tell(Propose("""{"id":"a","prompt":"x","foreach":["u","v"]}""")).Begin("a[0]").Succeed("a[0]", ("text", "done"));
        var folded = RunState.For(QueenRig.Parse(Plan.Replace("SWARM", "", StringComparison.Ordinal)));
        foreach (var e in rig.Events) Queen.Apply(folded, EventCodec.Decode(Stored(EventCodec.Encode(e, rig.Now), folded.Seq + 1)).Event, rig.Now);
        Assert.Equal("done", folded.Find("a[0]")!.Outputs["text"]);
        Assert.Equal(rig.State.Nodes.Select(n => n.ToString()).Order(), folded.Nodes.Select(n => n.ToString()).Order());
    }

    private static Skep.Storage.StoredEvent Stored(Skep.Storage.NewEvent e, long seq) => new(seq, e.Type, e.Version, e.AtUnixMs, e.Payload);

    private static QueenRig Rig(string swarm = "", int concurrency = 8)
    {
        var rig = new QueenRig(Plan.Replace("SWARM", (concurrency == 8 ? "" : $", max_concurrency: {concurrency}, batch_size: 1") + swarm, StringComparison.Ordinal)).Start().Begin("find");
        return concurrency == 8 ? rig.Begin("other") : rig;
    }

    private static string Fragment(string tasks) => $$"""{"tasks":[{{tasks}}]}""";

    private static ProposeTasks Propose(string tasks, string key = "key") => new("find", 1, key, Fragment(tasks));

    private static void Refused(QueenRig rig, RunInput input, string reason)
    {
        var events = rig.Events.Count;
        rig.Tell(input);
        Assert.Contains(reason, rig.Refusal, StringComparison.Ordinal);
        Assert.Equal(events, rig.Events.Count);
    }
}
