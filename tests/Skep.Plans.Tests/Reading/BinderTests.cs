namespace Skep.Plans.Tests.Reading;

public class BinderTests
{
    [Fact]
    public void Every_key_of_a_task_reaches_the_model()
    {
        var task = PlanText.Valid("""
            plan: x
            vars: { v: 1 }
            swarm: { env_allow: [CI] }
            agents: { a: { executor: command } }
            tasks:
              - { id: first, run: make }
              - id: t
                title: A title
                agent: a
                run: [make, "a b", "${vars.v}"]
                needs: { id: first, on: settled }
                foreach: [1, x]
                when: ${vars.v == 1}
                env: { A: "${item}", B: 5 }
                cwd: ${run.dir}/sub
                timeout: 5m
                retry: { attempts: 3, backoff: 2s, factor: 1.5, max_backoff: 1m, jitter: 20% }
                priority: -5
                tier: nice
                produces: out.txt
                reads: [a/b]
                writes: [c/d]
                owns: ["src/${item}/**"]
                estimate: 1h
                impact: 8
                effort: 2
                allow_failure: true
            """).Tasks.Last();
        Assert.Equal(["make", "a b", "${vars.v}"], task.Run!.Argv);
        Assert.Equal([new Need("first", NeedOn.Settled, new SourceSpan(11, 18, 5))], task.Needs);
        Assert.Equal([PlanValue.Of(1), PlanValue.Of("x")], task.ForeachItems);
        Assert.Equal("vars.v == 1", task.When!.Text);
        Assert.Equal("5", task.Env["B"]);
        Assert.Equal(new RetryPolicy(3, TimeSpan.FromSeconds(2), 1.5, TimeSpan.FromMinutes(1), 0.2), task.Retry);
        Assert.Equal((-5, Tier.Nice, 8, 2, true), (task.Priority, task.Tier, task.Impact, task.Effort, task.AllowFailure));
        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)), (task.Timeout, task.Estimate));
        Assert.Equal(("out.txt", "a/b", "c/d"), (task.Produces[0], task.Reads[0], task.Writes[0]));
        Assert.Equal(("A title", "a", "main", "${run.dir}/sub"), (task.Title, task.Agent, task.Phase, task.Cwd));
    }

    [Theory]
    [InlineData("{}", 8, 8, 8)]
    [InlineData("{ max_agents: 3 }", 3, 3, 3)]
    [InlineData("{ max_concurrency: 20 }", 20, 20, 20)]
    [InlineData("{ max_agents: 4, max_concurrency: 2, batch_size: 9 }", 4, 2, 9)]
    [InlineData("{ max_agents: 4, max_concurrency: 6 }", 4, 4, 4)]
    public void Bounds_of_the_swarm_follow_from_each_other(string swarm, int agents, int concurrency, int batch)
    {
        var settings = PlanText.Valid($"plan: x\nswarm: {swarm}\ntasks: [{{ id: a, run: x }}]").Swarm;
        Assert.Equal((agents, concurrency, batch), (settings.MaxAgents, settings.MaxConcurrency, settings.BatchSize));
    }

    [Fact]
    public void Concurrency_above_the_number_of_agents_is_a_warning() =>
        Assert.Contains("only 4 attempts run at once", PlanText.Report("plan: x\nswarm: { max_agents: 4, max_concurrency: 6 }\ntasks: [{ id: a, run: x }]"), StringComparison.Ordinal);

    [Fact]
    public void Tasks_at_the_top_level_form_the_first_phase()
    {
        var plan = PlanText.Valid("plan: x\nphases: [{ id: later, needs: main, tasks: [{ id: b, run: x }] }]\ntasks: [{ id: a, run: x }]\ngates: [\"cov > 1\"]");
        Assert.Equal(["main", "later"], plan.Phases.Select(p => p.Id));
        Assert.Equal("main.gate-1", plan.Gates.Single().Id);
    }

    [Fact]
    public void Gates_at_the_top_level_need_tasks_there() =>
        Assert.Contains("put them into a phase", PlanText.OneError("plan: x\nphases: [{ id: p, tasks: [{ id: b, run: x }] }]\ngates: [\"cov > 1\"]").Message, StringComparison.Ordinal);

    [Fact]
    public void A_script_is_kept_as_written()
    {
        var run = PlanText.Valid("plan: x\ntasks:\n  - id: a\n    shell: true\n    run: |\n      for f in *; do echo ${f} \"${HOME:-x}\"; done\n").Tasks.Single().Run!;
        Assert.Equal("for f in *; do echo ${f} \"${HOME:-x}\"; done\n", run.Script);
        Assert.Empty(run.Argv);
    }

    [Theory]
    [InlineData("vars.a")]
    [InlineData("tasks.b.outputs.c")]
    [InlineData("memory.k")]
    [InlineData("run.id")]
    [InlineData("plan.dir")]
    [InlineData("default(vars.a, 1)")]
    public void An_expression_in_a_script_is_refused(string expression) =>
        Assert.Equal(DiagnosticCodes.ExpressionInScript, PlanText.OneError($"plan: x\ntasks:\n  - {{ id: a, shell: true, run: 'echo ${{{expression.Replace("'", "''", StringComparison.Ordinal)}}}' }}").Code);

    [Fact]
    public void An_item_in_a_script_is_refused_only_where_there_are_items()
    {
        Assert.Equal(DiagnosticCodes.ExpressionInScript, PlanText.OneError(PlanText.WithTasks("{ id: a, shell: true, foreach: [1], run: 'echo ${item}' }")).Code);
        Assert.Empty(PlanText.Report(PlanText.WithTasks("{ id: a, shell: true, run: 'for item in *; do echo ${item}; done' }")));
    }

    [Theory]
    [InlineData("{ metric: cov, at_least: 85 }", "cov >= 85")]
    [InlineData("{ metric: cov, at_most: 85 }", "cov <= 85")]
    [InlineData("{ metric: cov, above: 85 }", "cov > 85")]
    [InlineData("{ metric: cov, below: 85 }", "cov < 85")]
    [InlineData("{ metric: cov, equals: 85 }", "cov == 85")]
    [InlineData("{ metric: \"cov >= 85\" }", "cov >= 85")]
    [InlineData("\"cov >= 85\"", "cov >= 85")]
    public void Metric_gates_have_several_forms(string gate, string expected) =>
        Assert.Equal(expected, PlanText.Valid($"plan: x\ntasks: [{{ id: a, run: x }}]\ngates: [{gate}]").Gates.Single().Metric!.ToString());

    [Fact]
    public void A_command_gate_has_all_that_a_command_needs()
    {
        var gate = PlanText.Valid("plan: x\ntasks: [{ id: a, run: x }]\ngates:\n  - { id: g, title: T, run: make test, cwd: sub, env: { A: b }, timeout: 5m, needs: [a] }").Gates.Single();
        Assert.Equal((GateKinds.Command, "g", "make test", "sub"), (gate.Kind, gate.Id, gate.Run!.Display, gate.Cwd));
        Assert.Equal(("b", TimeSpan.FromMinutes(5), "a"), (gate.Env["A"], gate.Timeout, gate.Needs[0].Id));
    }

    [Fact]
    public void Teams_hooks_and_triggers_reach_the_model()
    {
        var plan = PlanText.Valid("""
            plan: x
            agents: { a: {}, b: {} }
            teams: { one: [a], two: { lead: b, members: [a, b], mission: Win } }
            tasks: [{ id: t, agent: one, run: x }, { id: u, agent: two, run: x }]
            hooks: [{ on: post-task, run: "notify ${plan.name}" }, { on: session-end, run: "a | b", shell: true }]
            triggers: [{ when: "memory > 90%", do: pause }]
            """);
        Assert.Equal(["a"], plan.Teams[0].Members);
        Assert.Equal(("b", "Win"), (plan.Teams[1].Lead, plan.Teams[1].Mission));
        Assert.Equal(["post-task", "session-end"], plan.Hooks.Select(h => h.On));
        Assert.Equal("a | b", plan.Hooks[1].Run!.Script);
        Assert.Equal("pause", plan.Triggers[0].Do);
    }

    [Fact]
    public void A_plan_may_define_what_tasks_without_an_agent_use()
    {
        Assert.Equal("worker", PlanText.Valid("plan: x\nagents: { worker: { replicas: 2 } }\ntasks: [{ id: a, run: x }]").Tasks.Single().Agent);
        Assert.Null(PlanText.Valid("plan: x\ntasks: [{ id: a, agent: worker, run: x }]").Tasks.Single().Agent);
    }

    [Fact]
    public void Shell_syntax_without_a_shell_is_a_warning()
    {
        var result = PlanReader.Read(PlanText.WithTasks("{ id: a, run: 'make && make test' }"));
        Assert.True(result.IsValid);
        var warning = Assert.Single(result.Diagnostics);
        Assert.Equal((DiagnosticCodes.ShellSyntax, new SourceSpan(3, 25, 2)), (warning.Code, warning.At));
    }

    [Fact]
    public void Hooks_hang_at_plan_phase_agent_and_task()
    {
        var plan = PlanText.Valid("""
            plan: x
            vars: { dir: src }
            agents:
              a: { protocols: [coordination, careful], hooks: [{ on: during-task, run: tick, every: 5s }] }
            protocols:
              careful:
                pre_task: [{ run: look, block: true }]
                during_task: [{ run: [watch, "${run.id}"], timeout: 2s }]
                post_task: [{ run: "a | b", shell: true }, { planned: true }]
            hooks: [{ on: pre-run, run: begin }]
            phases:
              - id: p
                hooks: [{ on: notify, run: tell }]
                tasks:
                  - { id: t, agent: a, hooks: [{ on: post-edit, files: ["src/**"], run: "lint ${vars.dir}" }], run: "x ${run.id}" }
            """);
        var task = plan.Tasks.Single();
        Assert.Equal(
            ["begin", "tell", "skep", "skep", "skep", "skep", "skep", "skep", "look", "watch ${run.id}", "a | b", "-", "tick", "lint ${vars.dir}"],
            plan.HooksOf(task, plan.Agents[0]).Select(h => h.Run is null ? "-" : h.Run.Display.Contains("SKEP_CLIENT", StringComparison.Ordinal) ? "skep" : h.Run.Display));
        Assert.Equal(plan.HooksOf(task, plan.Agents[0]).Count, plan.AllHooks.Count());
        var careful = plan.Protocol("careful")!;
        Assert.Equal(["pre-task", "during-task", "post-task", "post-task"], careful.Hooks.Select(h => h.On));
        Assert.Equal((true, TimeSpan.FromSeconds(2), true), (careful.PreTask[0].Block, careful.DuringTask[0].Timeout, careful.PostTask[1].Planned));
        Assert.Equal((TimeSpan.FromSeconds(5), HookSpec.DefaultTimeout), (plan.Agents[0].Hooks[0].Every, plan.Agents[0].Hooks[0].Timeout));
        Assert.Equal("src/**", Assert.Single(task.Hooks[0].Files));
    }

    [Fact]
    public void Coordination_is_there_without_being_declared()
    {
        var protocol = PlanText.Valid("plan: x\nagents: { a: { protocols: coordination } }\ntasks: [{ id: t, agent: a, run: x }]").Protocol("coordination")!;
        Assert.Same(BuiltInProtocols.Coordination, protocol);
        Assert.All(protocol.Hooks, h => Assert.StartsWith("exec \"${SKEP_CLIENT:-skep}\" hooks ", h.Run!.Display, StringComparison.Ordinal));
        Assert.All(protocol.Hooks, h => Assert.False(h.Block));
        Assert.Equal((2, 1, 3), (protocol.PreTask.Count, protocol.DuringTask.Count, protocol.PostTask.Count));
    }

    [Fact]
    public void A_plan_may_replace_a_built_in_protocol() =>
        Assert.Empty(PlanText.Valid("plan: x\nprotocols: { coordination: {} }\nagents: { a: { protocols: coordination } }\ntasks: [{ id: t, agent: a, run: x }]").Protocol("coordination")!.Hooks);

    [Fact]
    public void What_is_planned_needs_nothing_yet()
    {
        var plan = PlanText.Valid("""
            plan: x
            agents: { person: { executor: human } }
            tasks: [{ id: a, planned: true }, { id: b, agent: person, planned: true }, { id: c, run: make everything, planned: true }]
            gates:
              - { id: soon, planned: true, title: Reviewed by somebody }
              - { id: later, planned: true, metric: coverage >= 90 }
              - { id: last, planned: true, run: make check }
            """);
        Assert.All(plan.Tasks, t => Assert.True(t.Planned));
        Assert.All(plan.Gates, g => Assert.True(g.Planned));
        Assert.Equal([GateKinds.Planned, GateKinds.Metric, GateKinds.Command], plan.Gates.Select(g => g.Kind));
        Assert.Equal("make everything", plan.Tasks.Last().Run!.Display);
    }

    [Fact]
    public void Owned_files_are_reported_unless_the_plan_blocks_them()
    {
        Assert.Equal(OwnershipRule.Report, PlanText.Valid("plan: x\ntasks: [{ id: a, run: x }]").Swarm.Ownership);
        Assert.Equal(OwnershipRule.Block, PlanText.Valid("plan: x\nswarm: { ownership: block }\ntasks: [{ id: a, run: x }]").Swarm.Ownership);
    }

    [Fact]
    public void A_calendar_says_what_days_and_weeks_of_work_are()
    {
        string Plan(string calendar) => $"plan: x\n{calendar}tasks: [{{ id: a, run: x, estimate: 2w1d4h, timeout: 1d }}]";
        TimeSpan? Estimate(string calendar) => PlanText.Valid(Plan(calendar)).Tasks.Single().Estimate;
        Assert.Equal(TimeSpan.FromHours((15 * 24) + 4), Estimate(""));
        Assert.Equal(TimeSpan.FromHours((11 * 8) + 4), Estimate("calendar: {}\n"));
        Assert.Equal(TimeSpan.FromHours((13 * 6) + 4), Estimate("calendar: { hours_per_day: 6, days_per_week: 6 }\n"));
        Assert.Equal(TimeSpan.FromDays(1), PlanText.Valid(Plan("calendar: {}\n")).Tasks.Single().Timeout);
    }

    [Fact]
    public void Leads_checkpoints_escalation_and_risks_reach_the_model()
    {
        var plan = PlanText.Valid("""
            plan: x
            swarm: { coordinator: a, committee: { protocol: majority, tolerate: 1 } }
            agents: { a: {}, b: {} }
            phases:
              - { id: p, lead: [a, b], checkpoint: milestone-1, tasks: [{ id: t, agent: b, run: x }] }
              - { id: q, lead: b, checkpoint: true, tasks: [{ id: u, agent: b, run: x }] }
            escalation: { technical: [b, a, the board] }
            risks:
              - { id: r-1, title: It breaks, probability: medium, impact: critical, mitigation: [test, wait], threatens: [t, q] }
            triggers:
              - { when: "errors > 5% for 3m", do: adapt, to: slow, vote: true, title: Too many errors }
              - { when: delay > 20%, do: escalate, to: technical }
              - { when: done < 80%, do: drop-tier, to: nice }
              - { when: silence > 1, do: reassign }
            """);
        Assert.Equal("a", plan.Swarm.Coordinator);
        Assert.Equal([(true, "milestone-1"), (true, null)], plan.Phases.Select(p => (p.Checkpoint, p.CheckpointName)));
        Assert.Equal(["a", "b", "b"], plan.Phases.SelectMany(p => p.Leads));
        Assert.Equal(["b", "a", "the board"], Assert.Single(plan.Escalation).Steps);
        var risk = Assert.Single(plan.Risks);
        Assert.Equal((RiskLevel.Medium, RiskLevel.Critical, 2, 2), (risk.Probability, risk.Impact, risk.Mitigation.Count, risk.Threatens.Count));
        Assert.Equal((true, "Too many errors", "slow"), (plan.Triggers[0].Vote, plan.Triggers[0].Title, plan.Triggers[0].To));
        Assert.Equal([TriggerActions.Adapt, TriggerActions.Escalate, TriggerActions.DropTier, TriggerActions.Reassign], plan.Triggers.Select(t => t.Do));
    }
}
