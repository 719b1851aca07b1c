namespace Skep.Plans.Tests.Reading;

/// <summary>Agents that think, their tasks and their budgets, from text to model.</summary>
public class ChatPlanTests
{
    private const string Everything = """
        plan: x
        vars: { topic: bees }
        swarm:
          budget: { tokens: 1000, turns: 40, at_limit: downgrade }
          optimizer:
            rules:
              - { when: "latency_ms > 20000", do: change-model, to: local/small }
              - { when: "tokens_per_turn >= 4000", do: reduce-output }
              - { when: error_rate > 0.5, do: pause }
        agents:
          a:
            executor: chat
            kind: researcher
            version: 1.2
            role: Finds sources
            capabilities: [research, web]
            model: anthropic/large
            fallbacks: [anthropic/small, local/tiny]
            system: |
              You find sources.
            cognitive_pattern: critical
            temperature: 0.2
            window: 128000
            tools: [read_file, run_command]
            commands: ["git status", rg, "'my tool' -x"]
            permission_mode: accept-edits
            promises: { accuracy: ">= 0.9", latency.p99: "< 20" }
            limits: { turns: 12, output_tokens: 2000, timeout: 5m }
            budget: { cost_usd: 0.5 }
        phases:
          - id: p
            budget: { wall: 1h, at_limit: pause }
            tasks:
              - id: t
                agent: a
                prompt: Tell of ${vars.topic}
                output_schema: { type: object, properties: { answer: { type: string } }, required: [answer] }
                acceptance: [names two sources, "is about ${vars.topic}"]
                pin: the topic is ${vars.topic}
                context: [research/summary, "notes/*"]
                budget: { tokens: 100 }
        """;

    [Fact]
    public void Every_key_of_an_agent_that_thinks_reaches_the_model()
    {
        var agent = PlanText.Valid(Everything).Agents.Single();
        Assert.Equal(("researcher", "1.2", "anthropic/large"), (agent.Kind, agent.Version.ToString(), agent.Model));
        Assert.Equal(["anthropic/small", "local/tiny"], agent.Fallbacks);
        Assert.Equal("You find sources.\n", agent.SystemPrompt);
        Assert.Equal((CognitivePattern.Critical, 0.2, 128_000, PermissionMode.AcceptEdits), (agent.CognitivePattern, agent.Temperature, agent.Window, agent.PermissionMode));
        Assert.Equal(["read_file", "run_command"], agent.Tools);
        Assert.Equal([new AllowedCommand(["git", "status"]), new AllowedCommand(["rg"]), new AllowedCommand(["my tool", "-x"])], agent.Commands);
        Assert.Equal(["accuracy >= 0.9", "latency.p99 < 20"], agent.Promises.Select(p => p.ToString()));
        Assert.Equal(new AgentLimits(Timeout: TimeSpan.FromMinutes(5), Turns: 12, OutputTokens: 2000), agent.Limits);
        Assert.Equal(new Budget(CostUsd: 0.5, AtLimit: AtLimit.Fail), agent.Budget);
    }

    [Fact]
    public void Every_key_of_a_task_for_a_model_reaches_the_model()
    {
        var task = PlanText.Valid(Everything).Tasks.Single();
        Assert.Equal("""{"properties":{"answer":{"type":"string"}},"required":["answer"],"type":"object"}""", task.OutputSchema!.ToJson());
        Assert.Equal(["names two sources", "is about ${vars.topic}"], task.Acceptance);
        Assert.Equal(["the topic is ${vars.topic}"], task.Pins);
        Assert.Equal(["research/summary", "notes/*"], task.Context);
        Assert.Equal(new Budget(Tokens: 100, AtLimit: AtLimit.Fail), task.Budget);
    }

    [Fact]
    public void Budgets_and_the_optimizer_reach_the_model()
    {
        var plan = PlanText.Valid(Everything);
        Assert.Equal(new Budget(Tokens: 1000, Turns: 40, AtLimit: AtLimit.Downgrade), plan.Swarm.Budget);
        Assert.Equal(new Budget(Wall: TimeSpan.FromHours(1), AtLimit: AtLimit.Pause), plan.Phases.Single().Budget);
        Assert.Equal(
            [("latency_ms > 20000", OptimizerAction.ChangeModel, "local/small"), ("tokens_per_turn >= 4000", OptimizerAction.ReduceOutput, null), ("error_rate > 0.5", OptimizerAction.Pause, null)],
            plan.Swarm.Optimizer!.Rules.Select(r => (r.When.ToString(), r.Do, r.To)));
    }

    [Fact]
    public void What_is_not_stated_is_off_or_safe()
    {
        var plan = PlanText.Valid("plan: x\nswarm: { budget: { tokens: 5 } }\nagents: { a: { executor: chat } }\ntasks: [{ id: t, agent: a, prompt: p }]");
        var agent = plan.Agents.Single();
        Assert.Null(plan.Swarm.Optimizer);
        Assert.Equal(AtLimit.DropTiers, plan.Swarm.Budget.AtLimit);
        Assert.Equal((PermissionMode.Default, null, null, null), (agent.PermissionMode, agent.Model, agent.Budget, agent.Limits.Turns));
        Assert.Empty(agent.Commands);
        Assert.Null(plan.Tasks.Single().OutputSchema);
    }

    [Theory]
    [InlineData("{ executor: chat, model: 'a b' }", "'a b' is no name of a model; write provider/model without blanks")]
    [InlineData("{ executor: chat, model: '${vars.m}' }", "'model' takes a text as it is; expressions are not filled in here")]
    [InlineData("{ executor: chat, model: a/b, fallbacks: [c/d, a/b] }", "agent 'a' falls back to 'a/b', which is its model already")]
    [InlineData("{ executor: chat, fallbacks: [c/d, c/d] }", "model 'c/d' stands twice among 'fallbacks'")]
    [InlineData("{ executor: chat, temperature: 2.5 }", "'temperature' must be from 0 to 2, not 2.5")]
    [InlineData("{ executor: chat, window: 8 }", "'window' must be from 512 to 100000000, not 8")]
    [InlineData("{ executor: chat, cognitive_pattern: divergnt }", "'divergnt' is no value of 'cognitive_pattern'; did you mean 'divergent'?")]
    [InlineData("{ executor: chat, permission_mode: yolo }", "'yolo' is no value of 'permission_mode'; allowed are plan, default, accept-edits, bypass")]
    [InlineData("{ executor: chat, version: v1 }", "'version' must be up to three numbers such as 1, 1.2 or 1.2.3, not 'v1'")]
    [InlineData("{ executor: chat, tools: ['Bash(git *)'] }", "'Bash(git *)' is no name of a tool")]
    [InlineData("{ executor: chat, tools: [run_command] }", "may start nothing; name programs in 'commands'")]
    [InlineData("{ executor: chat, commands: [git] }", "'commands' of agent 'a' is not used, because 'run_command' is not among its tools")]
    [InlineData("{ executor: chat, tools: [run_command], commands: [./build.sh] }", "'./build.sh' is a file that the agent could write itself")]
    [InlineData("{ executor: chat, tools: [run_command], commands: ['git \"log'] }", "the quote \" is not closed")]
    [InlineData("{ executor: chat, tools: [run_command], commands: ['git log | sh'] }", "'|' means nothing in 'commands'")]
    [InlineData("{ executor: chat, tools: [run_command], commands: [''] }", "'commands' holds a command without a name or with an empty argument")]
    [InlineData("{ executor: chat, promises: { accuracy: 0.9 } }", "the promise of 'accuracy' is no comparison")]
    [InlineData("{ executor: chat, promises: [accuracy] }", "a comparison must follow 'accuracy'")]
    [InlineData("{ executor: chat, limits: { turns: 0 } }", "'turns' must be from 1 to 10000, not 0")]
    [InlineData("{ executor: chat, budget: { tokens: 5, at_limit: drop-tiers } }", "tiers are dropped by the budget of the swarm; here 'at_limit' can be pause, downgrade or fail")]
    [InlineData("{ executor: chat, budget: { tokens: 5, at_limit: downgrade } }", "but agent 'a' has none; add 'fallbacks'")]
    [InlineData("{ executor: chat, budget: { at_limit: pause } }", "'at_limit' means nothing here, because the budget limits nothing")]
    [InlineData("{ executor: chat, system: 'You are ${vars.x}' }", "expressions are not filled in in 'system'")]
    [InlineData("{ temperature: 1 }", "'temperature' of agent 'a' means nothing, because no model works for executor command")]
    public void A_wrong_agent_is_explained(string agent, string message) =>
        Assert.Contains(message, PlanText.Report($"plan: x\nagents: {{ a: {agent} }}\ntasks: [{{ id: t, agent: a, prompt: p }}]"), StringComparison.Ordinal);

    [Fact]
    public void Commands_may_stand_among_the_tools_and_groups_are_tools()
    {
        var agent = PlanText.Valid("plan: x\nagents: { a: { executor: chat, tools: ['files:read', run_command(git status), 'run_command(git log)'], commands: [rg] } }\ntasks: [{ id: t, agent: a, prompt: p }]").Agents.Single();
        Assert.Equal(["files:read", "run_command"], agent.Tools);
        Assert.Equal(["rg", "git status", "git log"], agent.Commands.Select(c => c.ToString()));
    }

    [Theory]
    [InlineData("output_schema: text", "'output_schema' must be a JSON Schema as a mapping")]
    [InlineData("output_schema: {}", "'output_schema' must be a JSON Schema as a mapping")]
    [InlineData("output_schema: { type: strng }", "'strng' is no type of JSON Schema; did you mean 'string'?")]
    [InlineData("output_schema: { type: object, properties: { a: { type: int } } }", "'int' is no type of JSON Schema; did you mean 'integer'?")]
    [InlineData("output_schema: { type: object, properties: { answer: {} }, required: [anser] }", "'anser' is required, but 'properties' does not describe it; did you mean 'answer'?")]
    [InlineData("output_schema: { anyOf: [{ $ref: '#/$defs/x' }], $defs: { y: { type: string } } }", "the reference '#/$defs/x' leads nowhere")]
    [InlineData("output_schema: { type: array, items: text }", "'items' of a schema must be a schema such as { type: string }, or true or false, not 'text'")]
    [InlineData("output_schema: { enum: [] }", "'enum' of a schema must be a list of the values that are allowed")]
    [InlineData("context: ['a b']", "'a b' is no key of memory")]
    [InlineData("context: ['a/*/b']", "'a/*/b' is no key of memory")]
    [InlineData("context: ['${vars.x}']", "'context' takes texts as they are; expressions are not filled in here")]
    [InlineData("acceptance: ['  ']", "an item of 'acceptance' is blank")]
    [InlineData("pin: ['${vars.nope}']", "unknown variable 'nope'")]
    [InlineData("budget: { tokens: 5, at_limit: downgrade }", "but no agent of task 't' has any; add 'fallbacks'")]
    public void A_wrong_task_for_a_model_is_explained(string key, string message) =>
        Assert.Contains(message, PlanText.Report($"plan: x\nagents: {{ a: {{ executor: chat }} }}\ntasks: [{{ id: t, agent: a, prompt: p, {key} }}]"), StringComparison.Ordinal);

    [Theory]
    [InlineData("output_schema: { type: object }")]
    [InlineData("acceptance: [good]")]
    [InlineData("pin: [x]")]
    [InlineData("context: [a/b]")]
    public void What_only_models_heed_is_an_error_elsewhere(string key) =>
        Assert.Contains("but no model does it: the default agent has executor command", PlanText.OneError(PlanText.WithTasks($"{{ id: t, run: x, {key} }}")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "'optimizer' needs the key 'rules'")]
    [InlineData("{ rules: [{ do: pause }] }", "a rule of the optimizer needs the key 'when'")]
    [InlineData("{ rules: [{ when: latency > 3, do: pause }] }", "an optimizer cannot look at 'latency'; did you mean 'latency_ms'?")]
    [InlineData("{ rules: [{ when: error_rate > 5, do: pause }] }", "write 0.05 for 5 %")]
    [InlineData("{ rules: [{ when: error_rate > 0.5, do: pause, to: a/b }] }", "'to' names the model of change-model")]
    [InlineData("{ rules: [{ when: error_rate > 0.5, do: stop }] }", "'stop' is no value of 'do'; allowed are change-model, reduce-output, pause")]
    public void A_wrong_optimizer_is_explained(string optimizer, string message) =>
        Assert.Contains(message, PlanText.Report($"plan: x\nswarm: {{ optimizer: {optimizer} }}\ntasks: [{{ id: t, run: x }}]"), StringComparison.Ordinal);

    [Fact]
    public void Errors_of_models_have_positions_and_come_all_at_once()
    {
        var report = PlanText.Report("""
            plan: x
            agents:
              a: { executor: chat, model: m/n, fallbacks: [m/o, m/n] }
            tasks:
              - { id: t, agent: a, context: ["x y"], budget: { tokens: 0 } }
            """);
        Assert.Contains("plan.yaml:3:53: error[conflicting-keys]", report, StringComparison.Ordinal);
        Assert.Contains("plan.yaml:5:34: error[bad-value]", report, StringComparison.Ordinal);
        Assert.Contains("plan.yaml:5:60: error[out-of-range]", report, StringComparison.Ordinal);
        Assert.Contains("plan.yaml:5:11: error[executor-mismatch]: task 't' needs 'prompt'", report, StringComparison.Ordinal);
    }
}
