using Skep.Orchestration;
using Skep.Testing;

namespace Skep.Mcp.Tests;

public sealed class SwarmToolTests
{
    [Fact]
    public async Task A_swarm_and_its_agents_are_durable_records()
    {
        await using var rig = await McpRig.StartAsync();
        var swarm = (await rig.CallAsync("swarm_init", new { topology = "mesh", maxAgents = 4, strategy = "balanced" })).GetProperty("swarmId").GetString()!;
        Assert.Contains("\"topology\":\"mesh\"", await rig.MemoryAsync($"skep/swarms/{swarm}"), StringComparison.Ordinal);
        var one = await rig.CallAsync("agent_spawn", new { type = "researcher", capabilities = new[] { "bees" }, swarmId = swarm });
        Assert.Equal("researcher-1", one.GetProperty("agentId").GetString());
        Assert.Contains("bees", await rig.MemoryAsync($"skep/swarm-agents/{swarm}/researcher-1"), StringComparison.Ordinal);
        var two = await rig.CallAsync("agents_spawn_parallel", new { agents = new[] { new { type = "coder", name = "Ann B" }, new { type = "tester", name = "bob" } }, maxConcurrency = 5, batchSize = 3 });
        Assert.Equal(["Ann-B", "bob"], two.GetProperty("agents").EnumerateArray().Select(a => a.GetProperty("agentId").GetString()));
        Assert.Equal(3, (await rig.CallAsync("agent_list")).GetProperty("agents").GetArrayLength());
        Assert.Equal(0, (await rig.CallAsync("agent_list", new { filter = "busy" })).GetProperty("agents").GetArrayLength());
        Assert.Equal(3, (await rig.CallAsync("swarm_status", new { swarmId = swarm })).GetProperty("agents").GetArrayLength());
        Assert.Equal(0, (await rig.CallAsync("agent_metrics", new { agentId = "bob" })).GetProperty("agents")[0].GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task A_swarm_takes_no_more_agents_than_it_may_have_and_no_name_twice()
    {
        await using var rig = await McpRig.StartAsync();
        var swarm = (await rig.CallAsync("swarm_init", new { topology = "star", maxAgents = 2 })).GetProperty("swarmId").GetString()!;
        Assert.Contains("there is an agent 'a' already", await rig.RefuseAsync("agents_spawn_parallel", new { agents = new[] { new { type = "coder", name = "a" }, new { type = "tester", name = "a" } } }), StringComparison.Ordinal);
        Assert.Null(await rig.MemoryAsync($"skep/swarm-agents/{swarm}/a"));
        await rig.CallAsync("agent_spawn", new { type = "coder", name = "a" });
        Assert.Contains("has 1 of at most 2 agents, so 2 more do not fit", await rig.RefuseAsync("agents_spawn_parallel", new { agents = new[] { new { type = "coder", name = "b" }, new { type = "tester", name = "c" } } }), StringComparison.Ordinal);
        Assert.Contains("there is no swarm 'nowhere'", await rig.RefuseAsync("agent_spawn", new { type = "coder", swarmId = "nowhere" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_swarm_one_is_made_and_that_is_said()
    {
        await using var rig = await McpRig.StartAsync();
        var result = await rig.TryAsync("agent_spawn", new { type = "coder" });
        Assert.Contains("which was made because there was no swarm yet", McpRig.TextOf(result), StringComparison.Ordinal);
        Assert.NotNull(await rig.MemoryAsync($"skep/swarms/{result.StructuredContent!.Value.GetProperty("swarmId").GetString()}"));
    }

    [Fact]
    public async Task A_swarm_is_resized_and_forgotten()
    {
        await using var rig = await McpRig.StartAsync(s => s with { All = true });
        var swarm = (await rig.CallAsync("swarm_init", new { topology = "ring", maxAgents = 2 })).GetProperty("swarmId").GetString()!;
        await rig.CallAsync("agent_spawn", new { type = "coder" });
        await rig.CallAsync("swarm_scale", new { swarmId = swarm, targetSize = 7 });
        Assert.Contains("\"max_agents\":7", await rig.MemoryAsync($"skep/swarms/{swarm}"), StringComparison.Ordinal);
        Assert.Equal(1, (await rig.CallAsync("swarm_destroy", new { swarmId = swarm })).GetProperty("agents").GetInt32());
        Assert.Null(await rig.MemoryAsync($"skep/swarms/{swarm}"));
        Assert.Null(await rig.MemoryAsync($"skep/swarm-agents/{swarm}/coder-1"));
    }

    [Fact]
    public async Task Without_a_model_nothing_is_started_and_the_plan_is_there_to_edit()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("swarm_init", new { topology = "mesh" });
        await rig.CallAsync("agents_spawn_parallel", new { agents = new[] { new { type = "coder", name = "ann" }, new { type = "reviewer", name = "bob" } } });
        var result = await rig.TryAsync("task_orchestrate", new { task = "Write ${a} poem about \"bees\"\nin two lines" });
        Assert.True(result.IsError);
        Assert.Contains("nothing was started, because no model can be asked", McpRig.TextOf(result), StringComparison.Ordinal);
        var facts = result.StructuredContent!.Value;
        Assert.False(facts.GetProperty("started").GetBoolean());
        var check = await rig.CallAsync("plan_check", new { plan = facts.GetProperty("plan_template").GetString() });
        Assert.True(check.GetProperty("valid").GetBoolean());
        Assert.Equal(["ann", "bob"], check.GetProperty("agents").EnumerateArray().Select(a => a.GetString()));
        Assert.Empty((await rig.CallAsync("run_list")).GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task The_agents_of_a_swarm_work_on_a_task_in_stages_and_one_gathers()
    {
        await using var rig = await McpRig.StartAsync(script: s =>
        {
            s.When(m => m.User("Put their results together")).Says("a poem, reviewed");
            s.When(m => m.User("You are the reviewer")).Says("good");
            s.When(m => m.User("Write ${a} poem about bees")).Says("a poem");
            s.Always().Says("something else");
        });
        await rig.CallAsync("swarm_init", new { topology = "hierarchical" });
        await rig.CallAsync("agents_spawn_parallel", new { agents = new[] { new { type = "reviewer", name = "bob" }, new { type = "coder", name = "ann" }, new { type = "coordinator", name = "eve" } } });
        var done = await rig.CallAsync("task_orchestrate", new { task = "Write ${a} poem about bees", priority = "high", wait = 60 });
        var id = done.GetProperty("taskId").GetString()!;
        Assert.Equal("succeeded", done.GetProperty("status").GetString());
        var state = rig.Run(id);
        Assert.Equal("a poem", state.Find("ann")!.Outputs["answer"]);
        Assert.Equal("good", state.Find("bob")!.Outputs["answer"]);
        Assert.True(state.Find("ann")!.SettledAt <= state.Find("bob")!.FirstStart, "the reviewer works after the coder");
        var results = await rig.CallAsync("task_results", new { taskId = id });
        Assert.Equal("a poem, reviewed", results.GetProperty("results")[0].GetProperty("output").GetProperty("answer").GetString());
        Assert.Equal(1, results.GetProperty("results").GetArrayLength());
        Assert.Equal(3, (await rig.CallAsync("task_results", new { taskId = id, format = "raw" })).GetProperty("results").GetArrayLength());
        Assert.Equal("succeeded", (await rig.CallAsync("task_status", new { taskId = id })).GetProperty("status").GetString());
        Assert.Equal(id, (await rig.CallAsync("swarm_status", new { verbose = true })).GetProperty("newest_run").GetProperty("run").GetString());
        var metrics = await rig.CallAsync("agent_metrics", new { agentId = "ann" });
        Assert.Equal(1, metrics.GetProperty("agents")[0].GetProperty("succeeded").GetInt32());
        var usage = await rig.CallAsync("token_usage", new { operation = id });
        Assert.Equal(3, usage.GetProperty("calls").GetInt32());
        Assert.Contains("depends", (await rig.CallAsync("task_orchestrate", new { task = "what depends on it", dependencies = new[] { id }, wait = 60 })).GetProperty("taskId").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_the_caller_has_divided_runs_as_divided()
    {
        await using var rig = await McpRig.StartAsync(script: static s => s.Always().Says("done"));
        await rig.CallAsync("swarm_init", new { topology = "mesh" });
        await rig.CallAsync("agents_spawn_parallel", new { agents = new[] { new { type = "researcher", name = "ann" }, new { type = "coder", name = "bob" } } });
        object[] parts = [new { id = "look", task = "Look around", agent = "researcher" }, new { id = "make", task = "Make it", agent = "bob", needs = new[] { "look" } }];
        var done = await rig.CallAsync("task_orchestrate", new { task = "Build a hive", tasks = parts, wait = 60 });
        var state = rig.Run(done.GetProperty("taskId").GetString()!);
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(("ann", "bob"), (state.Find("look")!.Attempts[0].Agent, state.Find("make")!.Attempts[0].Agent));
        Assert.Contains("which is no task of this call", await rig.RefuseAsync("task_orchestrate", new { task = "x", tasks = new[] { new { id = "a", task = "x", needs = new[] { "b" } } } }), StringComparison.Ordinal);
        Assert.Contains("there is no agent 'zoe'", await rig.RefuseAsync("task_orchestrate", new { task = "x", tasks = new[] { new { id = "a", task = "x", agent = "zoe" } } }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dependency_that_has_not_succeeded_holds_a_task_back()
    {
        await using var rig = await McpRig.StartAsync(script: static s => s.Always().Says("done"));
        await rig.CallAsync("run_start", new { plan = "plan: p\ntasks:\n  - { id: a, shell: true, run: \"exit 1\" }\n", id = "r1", wait = 60 });
        Assert.Contains("'r1' has not succeeded, it is failed; nothing was started", await rig.RefuseAsync("task_orchestrate", new { task = "x", dependencies = new[] { "r1" } }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_at_work_is_watched_until_nothing_is()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("run_start", new { plan = "plan: p\ntasks:\n  - { id: hold, shell: true, run: \"while [ ! -e go ]; do sleep 0.05; done\" }\n", id = "r1" });
        var seen = await rig.CallAsync("swarm_monitor", new { duration = 0.3, interval = 0.1 });
        Assert.Equal(1, seen.GetProperty("samples")[0].GetProperty("live_runs").GetInt32());
        rig.File("go", "");
        await rig.CallAsync("run_status", new { run = "r1", wait = 60 });
        var quiet = await rig.CallAsync("swarm_monitor", new { duration = 600 });
        Assert.Equal(0, quiet.GetProperty("samples").EnumerateArray().Last().GetProperty("live_runs").GetInt32());
    }

    [Fact]
    public async Task A_query_is_listed_controlled_and_remembered()
    {
        var (asked, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var rig = await McpRig.StartAsync(script: s =>
        {
            s.When(m => m.Turns(0)).Computes(_ =>
            {
                asked.TrySetResult();
                go.Task.Wait(McpRig.Patience);
                return new ScriptedAnswer { Text = "forty-two" };
            });
            s.Always().Says("metres then");
        });
        var id = (await rig.CallAsync("task_orchestrate", new { task = "What is six times seven?", decompose = false })).GetProperty("taskId").GetString()!;
        await asked.Task.WaitAsync(McpRig.Patience);
        var listed = (await rig.CallAsync("query_list")).GetProperty("queries")[0];
        var query = listed.GetProperty("queryId").GetString()!;
        Assert.Equal(($"{id}/worker/1", "running"), (query, listed.GetProperty("state").GetString()));
        Assert.Equal("paused", (await rig.CallAsync("query_control", new { action = "pause", queryId = query })).GetProperty("outcome").GetString());
        Assert.Equal("paused", (await rig.CallAsync("query_list")).GetProperty("queries")[0].GetProperty("state").GetString());
        Assert.Contains("answers the next turn", (await rig.CallAsync("query_control", new { action = "change_model", queryId = $"{id}/worker", model = "claude-3-5-haiku-20241022" })).GetProperty("outcome").GetString(), StringComparison.Ordinal);
        Assert.Contains("the model cannot be changed to 'nobody/x'", await rig.RefuseAsync("query_control", new { action = "change_model", queryId = query, model = "nobody/x" }), StringComparison.Ordinal);
        Assert.Equal("permission mode accept-edits", (await rig.CallAsync("query_control", new { action = "change_permissions", queryId = query, permissionMode = "acceptEdits" })).GetProperty("outcome").GetString());
        await rig.CallAsync("query_control", new { action = "execute_command", queryId = query, command = "in metres" });
        Assert.Equal("resumed", (await rig.CallAsync("query_control", new { action = "resume", queryId = query })).GetProperty("outcome").GetString());
        go.TrySetResult();
        Assert.Equal("succeeded", (await rig.CallAsync("task_status", new { taskId = id, wait = 60 })).GetProperty("status").GetString());
        Assert.Equal(["claude-haiku-4-5", "claude-3-5-haiku-20241022"], rig.Model.Model.Exchanges.All().Select(e => e.Request!.Model));
        var history = await rig.CallAsync("query_history", new { queryId = query });
        Assert.Contains(history.GetProperty("requests").EnumerateArray(), r => r.GetProperty("op").GetString() == "model");
        Assert.Empty((await rig.CallAsync("query_list")).GetProperty("queries").EnumerateArray());
        Assert.Equal("complete", (await rig.CallAsync("query_list", new { includeHistory = true })).GetProperty("queries")[0].GetProperty("state").GetString());
        Assert.Contains("the query is over", await rig.RefuseAsync("query_control", new { action = "terminate", queryId = query }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Costs_of_a_run_are_told_by_model_and_agent()
    {
        await using var rig = await McpRig.StartAsync(s => s with { All = true }, static s => s.Always().Says("done"));
        await rig.CallAsync("task_orchestrate", new { task = "one call", decompose = false, wait = 60 });
        Assert.Equal(1, (await rig.CallAsync("cost_analysis")).GetProperty("costs").GetProperty("total").GetProperty("calls").GetInt32());
    }
}
