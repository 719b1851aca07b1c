using Skep.Plans;

namespace Skep.Orchestration.Tests.Core;

public sealed class ApprovalTests
{
    private const string Plan = """
        plan: p
        phases:
          - id: one
            tasks: [{ id: a, run: x }]
            gates: [{ id: ok, approve: { of: [architect, security, ops], at_least: 2, timeout: 1h, ask: ship it? } }]
          - { id: two, needs: [one], tasks: [{ id: b, run: x }] }
        """;

    [Fact]
    public void A_gate_passes_as_soon_as_enough_roles_approved_and_the_votes_are_its_evidence()
    {
        var rig = Waiting().Tell(Vote("architect", "ann"));
        Assert.Equal(TaskStatus.Running, rig.Status("gate/ok"));
        rig.Tell(Vote("ops", "bob", text: "fine"));
        Assert.Equal(TaskStatus.Succeeded, rig.Status("gate/ok"));
        Assert.Equal("2 of 3 roles approved (2 needed); approved: architect (ann), ops (bob: fine); not heard: security", rig.State.Find("gate/ok")!.Attempts[^1].Result!.Evidence);
        Assert.Equal(["b"], rig.Placed);
    }

    [Fact]
    public void A_gate_fails_as_soon_as_passing_is_impossible()
    {
        var rig = Waiting().Tell(Vote("architect", "ann", approved: false));
        Assert.Equal(TaskStatus.Running, rig.Status("gate/ok"));
        rig.Tell(Vote("ops", "bob", approved: false));
        Assert.Equal(TaskStatus.Failed, rig.Status("gate/ok"));
        Assert.Contains("out of reach", rig.State.Find("gate/ok")!.Reason);
        Assert.Equal(RunStatus.Failed, rig.State.Status);
    }

    [Theory]
    [InlineData("architect", "bob", "architect has voted already: ann approved")]
    [InlineData("ops", " ANN ", "has voted already, as architect")]
    [InlineData("cleaner", "bob", "the roles are architect, security, ops")]
    [InlineData("ops", " ", "needs the name of a person")]
    public void A_vote_that_cannot_count_is_refused_and_leaves_no_trace(string role, string by, string reason)
    {
        var rig = Waiting().Tell(Vote("architect", "ann"));
        var events = rig.Events.Count;
        rig.Tell(Vote(role, by));
        Assert.Contains(reason, rig.Refusal);
        Assert.Equal(events, rig.Events.Count);
    }

    [Fact]
    public void One_person_votes_for_two_roles_where_the_plan_says_so()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }], gates: [{ id: ok, approve: { of: [dev, ops], same_person: true } }] }").Start().Succeed("a").Begin("gate/ok");
        rig.Tell(Vote("dev", "ann")).Tell(Vote("ops", "ann"));
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
    }

    [Fact]
    public void A_vote_takes_no_place_that_another_may_hold_already()
    {
        var rig = new QueenRig("""
            plan: p
            swarm: { max_concurrency: 1 }
            tasks: [{ id: a, run: x }]
            gates: [{ id: first, run: x }, { id: ok, approve: { of: [dev, ops] } }]
            """).Start().Begin("a").Wait(0.01).Succeed("a");
        Assert.Equal(["gate/first", "gate/ok"], rig.Placed);
        rig.Tell(Vote("dev", "ann")).Begin("gate/first");
        Assert.Equal(1, rig.State.RunningCount);
    }

    [Fact]
    public void A_vote_on_a_gate_that_does_not_wait_is_refused()
    {
        var rig = new QueenRig(Plan).Start().Tell(Vote("ops", "ann"));
        Assert.Contains("does not wait for votes: it is pending", rig.Refusal);
        rig.Tell(new CastVote("nope", "ops", "ann", true, ""));
        Assert.Contains("no gate 'nope'; it has ok", rig.Refusal);
    }

    [Fact]
    public void Votes_that_do_not_come_in_time_fail_the_gate_and_those_that_came_are_told()
    {
        var rig = Waiting().Tell(Vote("architect", "ann")).Sleep(3601).Tell(new WorkerHeartbeat("gate/ok", 1)).Wait(0);
        rig.Answer("gate/ok", new AttemptResult { Outcome = AttemptOutcome.Cancelled });
        Assert.Equal(TaskStatus.TimedOut, rig.Status("gate/ok"));
        Assert.Contains("not heard: security, ops", rig.State.Find("gate/ok")!.Attempts[^1].Result!.Evidence);
    }

    [Fact]
    public void A_new_queen_finds_the_gate_waiting_with_its_votes_and_no_attempt_is_lost()
    {
        var rig = Waiting().Tell(Vote("architect", "ann")).Tell(new RecoverRun("new", kind => kind == "gate/approve"));
        var gate = rig.State.Find("gate/ok")!;
        Assert.Equal((TaskStatus.Running, 1, 1), (gate.Status, gate.Attempts.Count, gate.Votes.Count));
        Assert.Contains(Queen.Effects(rig.State), e => e is StartAttempt { Node.Key: "gate/ok", Attempt: 1 });
        Assert.Equal(TaskStatus.Succeeded, rig.Tell(Vote("ops", "bob")).Status("gate/ok"));
    }

    [Fact]
    public void A_check_that_says_passed_without_votes_is_not_believed()
    {
        var rig = Waiting().Succeed("gate/ok");
        Assert.Equal(TaskStatus.Failed, rig.Status("gate/ok"));
        Assert.Contains("without the votes", rig.State.Find("gate/ok")!.Reason);
    }

    [Fact]
    public void Retrying_asks_everybody_anew()
    {
        var rig = Waiting().Tell(Vote("architect", "ann", approved: false)).Tell(Vote("ops", "bob", approved: false));
        rig.Tell(new RetryTasks("gate/ok", "me")).Begin("gate/ok");
        Assert.Empty(rig.State.Find("gate/ok")!.Votes);
        rig.Tell(Vote("architect", "ann")).Tell(Vote("ops", "bob"));
        Assert.Equal(["b"], rig.Placed);
    }

    [Fact]
    public void The_verdict_is_reached_exactly_when_it_cannot_change_any_more()
    {
        for (var roles = 1; roles <= 6; roles++)
            for (var least = 1; least <= roles; least++)
                for (var yes = 0; yes <= roles; yes++)
                    for (var no = 0; no + yes <= roles; no++)
                    {
                        var rule = new ApprovalCheck([.. Enumerable.Range(0, roles).Select(i => $"r{i}")], least, null, true);
                        var votes = Enumerable.Range(0, yes + no).Select(i => new GateVote($"r{i}", "x", i < yes, "", default)).ToList();
                        var open = roles - yes - no;
                        bool? expected = yes >= least ? true : yes + open < least ? false : null;
                        Assert.Equal(expected, Approvals.Verdict(rule, votes));
                    }
    }

    private static QueenRig Waiting() => new QueenRig(Plan).Start().Succeed("a").Begin("gate/ok");

    private static CastVote Vote(string role, string by, bool approved = true, string text = "") => new("ok", role, by, approved, text);
}
