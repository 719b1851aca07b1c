namespace Skep.Plans.Tests.Validation;

public class RulesTests
{
    [Theory]
    [InlineData("{ id: a, run: x, agent: wroker }", "unknown agent 'wroker'; there are no agents in this plan")]
    [InlineData("{ id: a, run: x, needs: [zzz] }", "unknown need 'zzz'; needs are ids of tasks or phases of this plan")]
    [InlineData("{ id: a, run: x, needs: [a] }", "task 'a' needs itself; remove this need")]
    [InlineData("{ id: main, run: x }", "task 'main' has the same id as the phase at 3:3; give one of them another id")]
    [InlineData("{ id: a, run: x, cwd: /tmp }", "'cwd' must be a path inside the workspace, but '/tmp' is absolute; write it relative to the workspace")]
    [InlineData("{ id: a, run: x, cwd: '${run.dir}/../x' }", "'cwd' must be a path inside the workspace, but '${run.dir}/../x' leads out of its folder by '..'; write it relative to the workspace")]
    [InlineData("{ id: a, run: x, produces: ['a/../../b'] }", "'produces' must be a path inside the workspace, but 'a/../../b' leads out of its folder by '..'; write it relative to the workspace")]
    [InlineData("{ id: a, run: x, owns: ['src/{a,b}'] }", "'src/{a,b}' is no glob: braces are no wildcards; list the globs one by one")]
    [InlineData("{ id: a, run: x, owns: ['src/'] }", "'src/' is no glob: a glob names files; write 'src/**' for all files below the folder")]
    [InlineData("{ id: a, run: x, foreach: [1, 2], owns: ['src/**'] }", "all items of the fan-out 'a' own 'src/**' at the same time; put ${item} into the glob")]
    [InlineData("{ id: a }", "task 'a' needs 'run', a command, because the default agent has executor command")]
    [InlineData("{ id: a, run: x, with: { a: 1 } }", "task 'a' has 'with', but the default agent has executor command: a command takes its arguments in 'run'")]
    [InlineData("{ id: a, run: 'x ${vars.b}' }", "unknown variable 'b'; there are no variables in this plan")]
    [InlineData("{ id: a, run: 'x ${item}' }", "'item' has a value only in a task with 'foreach'")]
    [InlineData("{ id: a, run: x, foreach: [1], when: item == 1 }", "'item' is not known yet in 'foreach' and 'when', which are looked at once for the whole task")]
    [InlineData("{ id: a, run: 'x ${tasks.a.outputs.b}' }", "task 'a' cannot use what it has yet to do")]
    [InlineData("{ id: a, run: x, when: 1 + 'a' }", "'+' adds two numbers or joins two texts")]
    [InlineData("{ id: a, run: x, retry: 0 }", "'retry' must be from 1 to 100, not 0")]
    [InlineData("{ id: a, run: x, retry: { attempts: 2, jitter: 2 } }", "'jitter' must be from 0 to 1, not 2")]
    [InlineData("{ id: a, run: x, impact: 11 }", "'impact' must be from 1 to 10, not 11")]
    [InlineData("{ id: a, run: x, priority: 1001 }", "'priority' must be from -1000 to 1000, not 1001")]
    [InlineData("{ id: a, run: x, allow_failure: yes }", "'allow_failure' must be true or false, not 'yes'")]
    [InlineData("{ id: a, run: x, prompt: p, ask: q }", "'ask' and 'prompt' are the same; keep one of them")]
    [InlineData("{ id: a, run: x, needs: }", "'needs' has no value; give it one or remove the key")]
    [InlineData("{ run: x }", "a task needs the key 'id': identifier, unique among phases and tasks")]
    [InlineData("{ id: a, run: x, reads: ['${vars.x}'] }", "'reads' takes texts as they are; expressions are not filled in here")]
    public void A_wrong_task_is_explained(string task, string message) =>
        Assert.Contains(message, PlanText.Report(PlanText.WithTasks(task)), StringComparison.Ordinal);

    [Theory]
    [InlineData("agents: { a: { executor: human } }\ntasks: [{ id: t, agent: a, ask: Go on? }]")]
    [InlineData("agents: { a: { executor: dotnet } }\ntasks: [{ id: t, agent: a, with: { x: '${run.id}' } }]")]
    [InlineData("agents: { a: { executor: dotnet } }\ntasks: [{ id: t, agent: a }]")]
    [InlineData("agents: { a: { executor: chat, model: p/m } }\ntasks: [{ id: t, agent: a, prompt: 'Say ${plan.name}' }]")]
    [InlineData("swarm: { env_allow: ['CI_*'] }\ntasks: [{ id: t, run: 'x ${env.CI_JOB}' }]")]
    [InlineData("tasks: [{ id: a, run: x }, { id: b, needs: a, run: x }, { id: c, needs: b, run: 'x ${tasks.a.outputs.v} ${tasks.a.status}' }]")]
    [InlineData("phases: [{ id: p, tasks: [{ id: a, run: x }] }, { id: q, needs: p, tasks: [{ id: b, run: 'x ${tasks.a.outputs.v}' }], gates: [{ run: 'x ${tasks.b.outputs.v} ${tasks.a.outputs.v}' }] }]")]
    [InlineData("tasks: [{ id: a, run: x, owns: ['src/**'] }, { id: b, run: x, needs: a, owns: ['src/x.cs'] }]")]
    [InlineData("tasks: [{ id: a, run: x, owns: ['src/a*'] }, { id: b, run: x, owns: ['src/b*'] }]")]
    [InlineData("tasks: [{ id: a, run: x }, { id: b, run: x, needs: [{ id: a, on: failure }] }]")]
    public void A_right_plan_has_no_findings(string text) => Assert.Empty(PlanText.Report("plan: x\n" + text));

    [Theory]
    [InlineData("tasks: [{ id: a, run: x }, { id: b, run: 'x ${tasks.a.outputs.v}' }]", "'b' uses 'tasks.a.outputs.v' but does not wait for 'a'; add 'a' to its needs")]
    [InlineData("tasks: [{ id: a, run: x }]\ngates: [{ id: g, run: y }, { id: h, run: y, needs: g }]", "'g' is a gate; need its phase 'main' instead")]
    [InlineData("swarm: { secrets: [KEY] }\nvars: { KEY: x }\ntasks: [{ id: a, run: x }]", "'KEY' is secret and cannot be a variable")]
    [InlineData("swarm: { secrets: [KEY] }\ntasks: [{ id: a, run: x, env: { KEY: x } }]", "the value of the secret 'KEY' cannot stand in a plan")]
    [InlineData("swarm: { secrets: [KEY] }\ntasks: [{ id: a, run: 'x ${env.KEY}' }]", "'KEY' is secret and cannot be used in an expression")]
    [InlineData("swarm: { env: { A: '${tasks.a.status}' } }\ntasks: [{ id: a, run: x }]", "'tasks' can be used in tasks and gates only")]
    [InlineData("agents: { a: {} }\nteams: { a: [a] }\ntasks: [{ id: a, run: x, agent: a }]", "team 'a' has the same id as the agent at 2:11")]
    [InlineData("agents: { a: {} }\nteams: { t: [b] }\ntasks: [{ id: a, run: x, agent: t }]", "unknown member 'b'; agents in this plan are a")]
    [InlineData("swarm: { committee: { protocol: pbft, tolerate: 1, members: [a] } }\nagents: { a: { replicas: 3 } }\ntasks: [{ id: a, run: x, agent: a }]", "pbft needs 4 voters to tolerate 1 faulty ones, but its members have 3 replicas in all")]
    [InlineData("goal: nothing", "the plan has no tasks; add 'tasks:' at the top level, or 'phases:' with tasks in them")]
    [InlineData("phases: [{ id: p, needs: q, tasks: [{ id: a, run: x }] }, { id: q, tasks: [{ id: b, run: x, needs: a }] }]", "these wait for each other: a -> p -> q -> b -> a")]
    [InlineData("tasks: [{ id: a, run: x, needs: [{ id: b, on: failure }, b] }, { id: b, run: x }]", "task 'a' can never run: it waits for 'b' to fail and to succeed")]
    [InlineData("phases: [{ id: p, tasks: [{ id: b, run: x }] }, { id: q, needs: p, tasks: [{ id: a, run: x, needs: [{ id: b, on: failure }] }] }]", "task 'a' can never run: it waits for 'b' to fail and to succeed")]
    public void A_wrong_plan_is_explained(string text, string message) =>
        Assert.Contains(message, PlanText.Report("plan: x\n" + text), StringComparison.Ordinal);

    [Theory]
    [InlineData("agents: { a: {} }\ntasks: [{ id: t, run: x }]", "agent 'a' is not used")]
    [InlineData("vars: { a: 1 }\ntasks: [{ id: t, run: x }]", "variable 'a' is not used")]
    [InlineData("agents: { a: {} }\nteams: { b: [a] }\ntasks: [{ id: t, run: x }]", "team 'b' is not used")]
    [InlineData("tasks: [{ id: t, run: x, when: false }]", "task 't' never runs, because its condition is always false")]
    [InlineData("vars: { api_token: abc }\ntasks: [{ id: t, run: 'x ${vars.api_token}' }]", "looks like a secret")]
    [InlineData("phases: [{ id: p }]\ntasks: [{ id: t, run: x }]", "phase 'p' has neither tasks nor gates")]
    public void What_is_probably_a_slip_is_a_warning(string text, string message)
    {
        var result = PlanReader.Read("plan: x\n" + text);
        Assert.True(result.IsValid);
        Assert.Contains(message, Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_members_are_reported_where_they_stand()
    {
        var result = PlanReader.Read("plan: x\nagents: { aa: {} }\nteams: { t: [aa, bb], u: { lead: cc, members: [aa, dd] } }\ntasks: [{ id: a, run: x, agent: t }, { id: b, run: x, agent: u }]");
        Assert.Equal([("bb", 18), ("cc", 34), ("dd", 52)], result.Diagnostics.Select(d => (d.Offender, d.At.Column)));
    }

    [Fact]
    public void Several_errors_are_reported_at_once_in_file_order()
    {
        var lines = PlanReader.Read(PlanText.WithTasks("{ id: a, run: x, tmeout: 5s }", "{ id: b, run: x, needs: [c, d], timeout: 5 }")).Diagnostics.Select(d => (d.Code, d.At.Line, d.At.Column));
        Assert.Equal([("unknown-key", 3, 22), ("unknown-need", 4, 30), ("unknown-need", 4, 33), ("bad-value", 4, 46)], lines);
    }

    [Theory]
    [InlineData("{ on: pre-task }", "missing-key", "a hook needs the key 'run'")]
    [InlineData("{ on: pre-taks, run: x }", "bad-value", "did you mean 'pre-task'?")]
    [InlineData("{ on: notify, run: x, block: true }", "hook-mismatch", "a hook on notify has nothing to block; remove 'block', or use one of pre-run, pre-task, post-task, pre-edit, pre-command")]
    [InlineData("{ on: post-edit, run: x, block: true }", "hook-mismatch", "a hook on post-edit has nothing to block")]
    [InlineData("{ on: pre-task, run: x, every: 5s }", "hook-mismatch", "a hook on pre-task runs once each time, so 'every' means nothing; remove it, or use 'on: during-task'")]
    [InlineData("{ on: post-task, run: x, files: [a] }", "hook-mismatch", "a hook on post-task is about no file, so 'files' means nothing")]
    [InlineData("{ on: pre-edit, run: x, files: ['a/{b,c}'] }", "bad-path", "'a/{b,c}' is no glob: braces are no wildcards")]
    [InlineData("{ on: during-task, run: x, every: 10ms }", "out-of-range", "'every' must be from 1s to 1d, not 10ms")]
    [InlineData("{ on: pre-task, run: x, timeout: 2h }", "out-of-range", "'timeout' must be from 1ms to 1h, not 2h")]
    [InlineData("{ on: pre-task, run: 'x ${memory.a/b}' }", "bad-reference", "a hook cannot use 'memory'; read it in the command")]
    public void Keys_of_a_hook_fit_its_event(string hook, string code, string message)
    {
        foreach (var plan in new[] { $"plan: x\nhooks: [{hook}]\ntasks: [{{ id: t, run: x }}]", $"plan: x\ntasks:\n  - {{ id: t, run: x, hooks: [{hook}] }}" })
        {
            var error = PlanText.OneError(plan);
            Assert.Equal(code, error.Code);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("pre-run")]
    [InlineData("pre-task")]
    [InlineData("pre-edit")]
    [InlineData("pre-command")]
    [InlineData("post-task")]
    public void What_has_not_happened_yet_can_be_blocked(string on) =>
        Assert.True(PlanText.Valid($"plan: x\nhooks: [{{ on: {on}, run: x, block: true }}]\ntasks: [{{ id: t, run: x }}]").Hooks[0].Block);

    [Fact]
    public void An_unknown_protocol_is_reported_with_the_one_that_was_meant()
    {
        var error = PlanText.OneError("plan: x\nagents: { a: { protocols: [cordination] } }\ntasks: [{ id: t, agent: a, run: x }]");
        Assert.Equal((DiagnosticCodes.UnknownProtocol, new SourceSpan(2, 28, 11)), (error.Code, error.At));
        Assert.Contains("did you mean 'coordination'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_protocol_that_no_agent_follows_is_a_warning() =>
        Assert.Contains("protocol 'p' is not used: no agent follows it", PlanText.Report("plan: x\nprotocols: { p: {} }\ntasks: [{ id: t, run: x }]"), StringComparison.Ordinal);

    [Fact]
    public void A_hook_of_a_protocol_names_no_event() =>
        Assert.Contains("unknown key 'on' in a hook of a protocol", PlanText.OneError("plan: x\nprotocols: { p: { pre_task: [{ on: pre-task, run: x }] } }\nagents: { a: { protocols: p } }\ntasks: [{ id: t, agent: a, run: x }]").Message, StringComparison.Ordinal);

    [Fact]
    public void A_gate_without_a_kind_must_be_planned() =>
        Assert.Contains("a gate that is not planned needs one of the keys 'metric', 'run'", PlanText.OneError("plan: x\ntasks: [{ id: t, run: x }]\ngates: [{ planned: false, title: T }]").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("swarm: { coordinator: bb }", "unknown coordinator 'bb'; agents in this plan are aa")]
    [InlineData("triggers: [{ when: x > 1, do: drop-tier, to: nicer }]", "'nicer' is no target of 'drop-tier', which takes a tier; did you mean 'nice'?")]
    [InlineData("triggers: [{ when: x > 1, do: escalate, to: nobody }]", "'nobody' is no target of 'escalate', which takes an escalation path, agent or team; known names are aa")]
    [InlineData("triggers: [{ when: x > 1, do: adapt }]", "'do: adapt' needs 'to': the way of working to change to")]
    [InlineData("triggers: [{ when: x > 1, do: pause, vote: true }]", "there is no committee that could vote")]
    [InlineData("escalation: { e: [] }", "escalation path 'e' leads to nobody")]
    [InlineData("risks: [{ id: r }, { id: r }]", "risk 'r' has the same id as the risk at")]
    [InlineData("risks: [{ id: r, threatens: [task] }]", "unknown task or phase 'task'; did you mean 'tasks'?")]
    [InlineData("risks: [{ id: r, probability: critical }]", "'critical' is no value of 'probability'; allowed are low, medium, high")]
    public void What_surrounds_the_work_is_checked(string line, string message) =>
        Assert.Contains(message, PlanText.OneError($"plan: x\nagents: {{ aa: {{}} }}\n{line}\ntasks: [{{ id: tasks, run: x, agent: aa }}]").Message, StringComparison.Ordinal);

    [Fact]
    public void A_lead_of_a_phase_is_an_agent()
    {
        var error = PlanText.OneError("plan: x\nagents: { aa: {} }\nphases: [{ id: p, lead: [aa, bb], tasks: [{ id: t, run: x, agent: aa }] }]");
        Assert.Equal((DiagnosticCodes.UnknownAgent, 3, "bb"), (error.Code, error.At.Line, error.Offender));
    }

    [Fact]
    public void A_team_whose_members_have_tasks_is_used() =>
        Assert.Empty(PlanText.Report("plan: x\nagents: { a: {}, b: {} }\nteams: { t: { lead: b, members: [a, b] } }\ntasks: [{ id: t, run: x, agent: a }]"));
}
