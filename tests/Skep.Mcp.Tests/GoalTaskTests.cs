using System.Text.Json;
using ModelContextProtocol;
using Skep.Testing;

namespace Skep.Mcp.Tests;

/// <summary>task_orchestrate where a model takes the task apart.</summary>
public sealed class GoalTaskTests
{
    private const string Goal = "Find the best queue";
    private const string Budget = "budget: { tokens: 500000, at_limit: fail }";

    private const string Plan = $$"""
        plan: queues
        swarm: { topology: star, {{Budget}} }
        agents: { scout: { executor: chat } }
        tasks:
          - { id: look, agent: scout, prompt: "Look at the queues." }
          - { id: result, agent: scout, needs: [look], prompt: "Join $${tasks.look.outputs.answer}" }
        """;

    [Fact]
    public async Task A_model_takes_the_task_apart_and_the_plan_is_shown_with_its_price_before_anything_runs()
    {
        await using var rig = await McpRig.StartAsync(script: Script(Plan));
        var shown = await rig.CallAsync("task_orchestrate", new { task = Goal });
        Assert.False(shown.GetProperty("started").GetBoolean());
        Assert.Contains("id: look", shown.GetProperty("plan_text").GetString(), StringComparison.Ordinal);
        Assert.True(shown.GetProperty("price").GetProperty("tokens").GetInt64() > 0 && shown.GetProperty("price").GetProperty("usd").GetDouble() > 0);
        Assert.Equal(("default/claude-haiku-4-5", 1), (shown.GetProperty("planned").GetProperty("model").GetString(), shown.GetProperty("planned").GetProperty("tries").GetInt32()));
        Assert.Empty((await rig.CallAsync("run_list")).GetProperty("runs").EnumerateArray());

        var id = shown.GetProperty("planId").GetString()!;
        var done = await rig.CallAsync("task_orchestrate", new { planId = id, wait = 60 });
        Assert.Equal("succeeded", done.GetProperty("status").GetString());
        Assert.Equal("take the quick one", rig.Run(done.GetProperty("taskId").GetString()!).Find("result")!.Outputs["answer"]);
    }

    [Fact]
    public async Task The_same_plan_has_the_same_id_and_runs_once()
    {
        await using var rig = await McpRig.StartAsync(script: Script(Plan));
        var id = await PlanAsync(rig);
        Assert.Equal(id, await PlanAsync(rig));
        var done = await rig.CallAsync("task_orchestrate", new { planId = id, wait = 60 });
        var again = await rig.RefuseAsync("task_orchestrate", new { planId = id });
        Assert.Contains($"is run {done.GetProperty("taskId").GetString()} already", again, StringComparison.Ordinal);
        Assert.Single((await rig.CallAsync("run_list")).GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task Two_who_agree_at_once_start_one_run()
    {
        await using var rig = await McpRig.StartAsync(script: Script(Plan));
        var id = await PlanAsync(rig);
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => rig.TryAsync("task_orchestrate", new { planId = id })));
        Assert.Single(both, r => r.IsError != true);
        Assert.Single((await rig.CallAsync("run_list")).GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task What_was_changed_after_it_was_shown_does_not_run()
    {
        await using var rig = await McpRig.StartAsync(script: Script(Plan));
        var id = await PlanAsync(rig);
        var entry = JsonDocument.Parse((await rig.MemoryAsync($"skep/goal-plans/{id}"))!).RootElement.GetRawText().Replace("Look at the queues", "Do something else", StringComparison.Ordinal);
        await rig.CallAsync("memory_usage", new { action = "store", @namespace = "skep/goal-plans", key = id, value = entry });
        Assert.Contains("somebody has changed it", await rig.RefuseAsync("task_orchestrate", new { planId = id }), StringComparison.Ordinal);
        Assert.Contains("there is no plan 'plan-0'", await rig.RefuseAsync("task_orchestrate", new { planId = "plan-0" }), StringComparison.Ordinal);
        Assert.Empty((await rig.CallAsync("run_list")).GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task With_an_explicit_yes_it_runs_without_being_shown()
    {
        await using var rig = await McpRig.StartAsync(script: Script(Plan));
        var done = await rig.CallAsync("task_orchestrate", new { task = Goal, yes = true, wait = 60 });
        Assert.Equal("succeeded", done.GetProperty("status").GetString());
        Assert.StartsWith("plan-", done.GetProperty("planId").GetString(), StringComparison.Ordinal);
        Assert.True(done.TryGetProperty("price", out _));
    }

    [Fact]
    public async Task The_agents_of_a_swarm_are_those_that_the_plan_may_use_and_the_run_is_noted_with_it()
    {
        var plan = Plan.Replace("scout", "ann", StringComparison.Ordinal);
        await using var rig = await McpRig.StartAsync(script: s =>
        {
            s.When(m => m.System("You take a goal apart").Turns(0)).Says(Plan);
            s.When(m => m.System("ann (Researches").Turns(1).User("there are these agents and no others: ann")).Says(plan);
            s.Always().Says("done");
        });
        var swarm = (await rig.CallAsync("swarm_init", new { topology = "mesh" })).GetProperty("swarmId").GetString();
        await rig.CallAsync("agent_spawn", new { type = "researcher", name = "ann" });
        var shown = await rig.CallAsync("task_orchestrate", new { task = Goal, strategy = "research" });
        Assert.Equal(2, shown.GetProperty("planned").GetProperty("tries").GetInt32());
        var done = await rig.CallAsync("task_orchestrate", new { planId = shown.GetProperty("planId").GetString(), wait = 60 });
        Assert.Equal(swarm, done.GetProperty("swarmId").GetString());
        Assert.Equal(done.GetProperty("taskId").GetString(), (await rig.CallAsync("swarm_status", new { verbose = true })).GetProperty("newest_run").GetProperty("run").GetString());
    }

    [Fact]
    public async Task Without_a_model_nobody_pretends_and_a_template_is_given()
    {
        await using var rig = await McpRig.StartAsync();
        var result = await rig.TryAsync("task_orchestrate", new { task = Goal, mode = "hierarchical" });
        Assert.True(result.IsError);
        Assert.Contains("nobody took the task apart and nothing was started", McpRig.TextOf(result), StringComparison.Ordinal);
        var facts = result.StructuredContent!.Value;
        Assert.False(facts.GetProperty("started").GetBoolean());
        var template = facts.GetProperty("plan_template").GetString()!;
        Assert.Contains("nobody has taken the goal apart", template, StringComparison.Ordinal);
        Assert.Contains("topology: hierarchical", template, StringComparison.Ordinal);
        Assert.True((await rig.CallAsync("plan_check", new { plan = template })).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task A_plan_that_was_shown_waits_for_its_model_to_come_back()
    {
        await using var rig = await McpRig.StartAsync(script: Script(Plan));
        var id = await PlanAsync(rig);
        rig.ForgetModel();
        Assert.Contains("The plan stays", await rig.RefuseAsync("task_orchestrate", new { planId = id }), StringComparison.Ordinal);
        Assert.Empty((await rig.CallAsync("run_list")).GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task Plans_that_break_the_rules_start_nothing_and_the_caller_hears_of_each()
    {
        await using var rig = await McpRig.StartAsync(script: Script("plan: p\ntasks: [{ id: a, run: ls }]\n"));
        var heard = new List<string>();
        var result = await rig.TryAsync("task_orchestrate", new { task = Goal, yes = true }, new Listener(heard));
        Assert.True(result.IsError);
        Assert.Contains("wrote 4 plans, and none can be used", McpRig.TextOf(result), StringComparison.Ordinal);
        Assert.Contains("run: ls", result.StructuredContent!.Value.GetProperty("last_plan").GetString(), StringComparison.Ordinal);
        lock (heard) Assert.Contains(heard, h => h.Contains("takes the task apart", StringComparison.Ordinal));
        Assert.Empty((await rig.CallAsync("run_list")).GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task Planning_that_is_given_up_leaves_nothing_behind()
    {
        await using var rig = await McpRig.StartAsync(script: static s => s.When(m => m.System("You take a goal apart")).Fails(ScriptedFault.NeverAnswers));
        using var enough = new CancellationTokenSource();
        var heard = new List<string>();
        var call = rig.TryAsync("task_orchestrate", new { task = Goal, yes = true }, new Listener(heard, enough.Cancel), enough.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Empty((await rig.CallAsync("run_list")).GetProperty("runs").EnumerateArray());
        Assert.Empty((await rig.CallAsync("memory_usage", new { action = "list", @namespace = "skep/goal-plans" })).GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task Arguments_that_contradict_each_other_are_refused()
    {
        await using var rig = await McpRig.StartAsync(script: Script(Plan));
        async Task RefusesAsync(string why, object args) => Assert.Contains(why, await rig.RefuseAsync("task_orchestrate", args), StringComparison.Ordinal);
        object[] parts = [new { id = "a", task = "x" }];
        await RefusesAsync("'task' is missing", new { wait = 1 });
        await RefusesAsync("divide the task already", new { task = "x", tasks = parts, decompose = true });
        await RefusesAsync("'mode' is for plans that a model writes", new { task = "x", tasks = parts, mode = "mesh" });
        await RefusesAsync("the strategy 'research' is for a model that plans", new { task = "x", strategy = "research", decompose = false });
        await RefusesAsync("'budgetUsd' changes nothing about a plan that was shown", new { planId = "plan-0", budgetUsd = 5 });
    }

    private static Action<ScriptBuilder> Script(string plan) => s =>
    {
        s.When(m => m.System("You take a goal apart")).Says(plan);
        s.When(m => m.User("Join the quick one")).Says("take the quick one");
        s.When(m => m.User("Look at the queues")).Says("the quick one");
    };

    private static async Task<string> PlanAsync(McpRig rig) => (await rig.CallAsync("task_orchestrate", new { task = Goal })).GetProperty("planId").GetString()!;

    private sealed class Listener(List<string> heard, Action? first = null) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value)
        {
            lock (heard) heard.Add(value.Message ?? "");
            first?.Invoke();
        }
    }
}
