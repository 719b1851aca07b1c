namespace Skep.Orchestration.Tests.Core;

public sealed class DependencyTests
{
    [Fact]
    public void What_needs_a_failed_task_is_skipped_with_the_reason_and_the_run_fails()
    {
        var rig = new QueenRig("""
            plan: p
            tasks:
              - { id: a, run: x }
              - { id: b, run: x, needs: [a] }
              - { id: c, run: x, needs: [b] }
              - { id: other, run: x }
            """).Start().Fail("a").Succeed("other");
        Assert.Equal((TaskStatus.Skipped, SkipCause.Upstream, "needs a, which failed"), (rig.Status("b"), rig.State.Find("b")!.SkipCause, rig.State.Find("b")!.Reason));
        Assert.Equal("needs b, which was skipped", rig.State.Find("c")!.Reason);
        Assert.Equal((RunStatus.Failed, "phase main: a failed"), (rig.State.Status, rig.State.Reason));
    }

    [Fact]
    public void A_task_may_wait_for_a_failure()
    {
        const string yaml = "{ plan: p, tasks: [{ id: deploy, run: x }, { id: undo, run: x, needs: [{ id: deploy, on: failure }] }] }";
        var failed = new QueenRig(yaml).Start().Fail("deploy");
        Assert.Equal(["undo"], failed.Placed);
        var fine = new QueenRig(yaml).Start().Succeed("deploy");
        Assert.Equal((TaskStatus.Skipped, SkipCause.Condition), (fine.Status("undo"), fine.State.Find("undo")!.SkipCause));
        Assert.Equal(RunStatus.Succeeded, fine.State.Status);
    }

    [Fact]
    public void A_false_condition_skips_the_task_but_not_what_needs_it()
    {
        var rig = new QueenRig("""
            plan: p
            vars: { env: dev }
            tasks:
              - { id: a, run: x, when: "vars.env == 'prod'" }
              - { id: b, run: x, needs: [a] }
            """).Start();
        Assert.Equal(TaskStatus.Skipped, rig.Status("a"));
        Assert.Equal(["b"], rig.Placed);
    }

    [Fact]
    public void Phases_wait_for_phases_and_gates()
    {
        var rig = new QueenRig("""
            plan: p
            phases:
              - id: one
                tasks: [{ id: a, run: x }]
                gates: [{ id: good, metric: "score >= 3" }]
              - { id: two, needs: [one], tasks: [{ id: b, run: x }] }
            """).Start().Succeed("a");
        Assert.Equal(["gate/good"], rig.Placed);
        rig.Succeed("gate/good");
        Assert.Equal(["b"], rig.Placed);
    }

    [Fact]
    public void What_depends_on_a_failed_gate_does_not_start()
    {
        var rig = new QueenRig("""
            plan: p
            phases:
              - id: one
                tasks: [{ id: a, run: x }]
                gates: [{ id: good, metric: "score >= 3" }]
              - { id: two, needs: [one], tasks: [{ id: b, run: x }] }
            """).Start().Succeed("a").Fail("gate/good", retryable: false);
        Assert.Empty(rig.State.Find("b")!.Attempts);
        Assert.Equal(TaskStatus.Skipped, rig.Status("b"));
        Assert.Equal("phase one: gate/good failed", rig.State.Reason);
    }

    [Fact]
    public void An_allowed_failure_hurts_nobody()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: lint, run: x, allow_failure: true }, { id: b, run: x, needs: [lint] }] }").Start().Fail("lint");
        Assert.Equal(["b"], rig.Placed);
        rig.Succeed("b");
        Assert.Equal(RunStatus.Succeeded, rig.State.Status);
    }

    [Fact]
    public void On_failure_stop_ends_everything_else()
    {
        var rig = new QueenRig("""
            plan: p
            swarm: { on_failure: stop }
            tasks: [{ id: a, run: x }, { id: b, run: x }, { id: c, run: x, needs: [b] }]
            """).Start().Begin("b").Fail("a");
        Assert.Contains(rig.Effects, e => e is StopAttempt { Why: StopReason.OtherFailed, Node.Key: "b" });
        rig.Answer("b", new AttemptResult { Outcome = AttemptOutcome.Cancelled });
        Assert.Equal((TaskStatus.Cancelled, TaskStatus.Cancelled, RunStatus.Failed), (rig.Status("b"), rig.Status("c"), rig.State.Status));
    }

    [Fact]
    public void A_fan_out_runs_once_per_item_of_a_list_known_only_at_run_time()
    {
        var rig = new QueenRig("""
            plan: p
            tasks:
              - { id: list, run: x }
              - { id: each, run: "do ${item.name}", needs: [list], foreach: "${json(tasks.list.outputs.items)}" }
              - { id: join, run: "join ${join(tasks.each.outputs.size, '+')}", needs: [each] }
            """).Start().Succeed("list", ("items", """[{"name":"a"},{"name":"b"}]"""));
        Assert.Equal(["each[0]", "each[1]"], rig.Placed);
        rig.Succeed("each[0]", ("size", "1"));
        Assert.Equal(TaskStatus.Running, rig.Status("each"));
        rig.Succeed("each[1]", ("size", "2"));
        Assert.Equal(["join"], rig.Placed);
        var request = AttemptRequests.Build(rig.State, rig.State.Find("join")!, "/skep");
        Assert.Equal(["join", "1+2"], request.Argv);
    }

    [Fact]
    public void An_empty_fan_out_succeeds()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: each, run: x, foreach: [] }, { id: b, run: x, needs: [each] }] }").Start();
        Assert.Equal(TaskStatus.Succeeded, rig.Status("each"));
        Assert.Equal(["b"], rig.Placed);
    }

    [Fact]
    public void A_list_beyond_the_bound_fails_the_task_and_names_the_bound()
    {
        var rig = new QueenRig("{ plan: p, swarm: { max_fan_out: 2 }, tasks: [{ id: each, run: x, foreach: [1, 2, 3] }] }").Start();
        Assert.Equal(TaskStatus.Failed, rig.Status("each"));
        Assert.Contains("swarm.max_fan_out", rig.State.Find("each")!.Reason);
    }

    [Fact]
    public void An_expression_without_a_value_fails_the_task_and_says_which()
    {
        var rig = new QueenRig("{ plan: p, tasks: [{ id: a, run: x }, { id: b, run: x, needs: [a], when: \"tasks.a.outputs.version == '1'\" }] }").Start().Succeed("a");
        Assert.Equal(TaskStatus.Failed, rig.Status("b"));
        Assert.Contains("'a' gave no output 'version'", rig.State.Find("b")!.Reason);
    }

    [Fact]
    public void Declared_writes_go_to_memory_and_a_missing_one_fails()
    {
        const string yaml = "{ plan: p, tasks: [{ id: a, run: x, writes: [survey/files] }, { id: b, run: 'use ${memory.survey/files}', needs: [a] }] }";
        var rig = new QueenRig(yaml).Start().Succeed("a", ("survey/files", "12"));
        Assert.Equal(["use", "12"], AttemptRequests.Build(rig.State, rig.State.Find("b")!, "/skep").Argv);
        var without = new QueenRig(yaml).Start().Succeed("a");
        Assert.Equal(TaskStatus.Failed, without.Status("a"));
        Assert.Contains("'survey/files'", without.State.Find("a")!.Reason);
    }
}
