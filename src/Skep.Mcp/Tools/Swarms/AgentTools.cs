using Skep.Mcp.Arguments;
using Skep.Mcp.Catalogue;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Swarms;

/// <summary><c>agent_spawn</c>: adds an agent to a swarm.</summary>
internal sealed class AgentSpawnTool() : McpTool(
    "agent_spawn",
    "Spawn an agent",
    "Adds an agent to a swarm, durably. It works when task_orchestrate gives the swarm a task. Without a swarm one is made.",
    ToolEffect.Adds,
    $$$"""
    {"type":"object","properties":{
      "type":{"type":"string","enum":[{{{AgentType.JsonNames}}}]},
      "name":{"type":"string","minLength":1,"maxLength":100,"description":"Made of the type unless given."},
      "capabilities":{"type":"array","maxItems":50,"items":{"type":"string","minLength":1,"maxLength":100}},
      "priority":{"type":"string","enum":["low","medium","high","critical"]},
      "swarmId":{"type":"string","minLength":1,"maxLength":64,"description":"The newest swarm unless given."}},
     "required":["type"],"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var (swarm, made) = await SwarmAsync(call, cancel);
        var agent = (await new SwarmBook(call.Desk).SpawnAsync(swarm, [WishOf(call.Args)], cancel))[0];
        return ToolReply.Of($"spawned {agent.Id} in {swarm.Id}{made}", json =>
        {
            json.WriteString("swarmId", swarm.Id);
            SwarmFacts.Agent(json, agent);
        });
    }

    /// <summary>The swarm that is meant, and what to say when it had to be made.</summary>
    public static async Task<(SwarmRecord Swarm, string Made)> SwarmAsync(ToolCall call, CancellationToken cancel)
    {
        var book = new SwarmBook(call.Desk);
        if (await book.FindAsync(call.Args.Text("swarmId"), cancel) is { } swarm) return (swarm, "");
        return (await book.MakeAsync("hierarchical", SwarmBook.MaxAgents, "auto", cancel), ", which was made because there was no swarm yet");
    }

    /// <summary>An agent as a call describes it.</summary>
    public static AgentWish WishOf(ToolArguments args) => new(args.Need("type"), args.Text("name"), args.Texts("capabilities"), args.Text("priority") ?? "medium");
}

/// <summary><c>agents_spawn_parallel</c>: adds several agents to a swarm at once.</summary>
internal sealed class AgentsSpawnParallelTool() : McpTool(
    "agents_spawn_parallel",
    "Spawn agents",
    "Adds several agents to a swarm at once, all of them or none, durably. They work when task_orchestrate gives the swarm a task. Without a swarm one is made.",
    ToolEffect.Adds,
    $$$"""
    {"type":"object","properties":{
      "agents":{"type":"array","minItems":1,"maxItems":100,"items":{"type":"object","properties":{
        "type":{"type":"string","enum":[{{{AgentType.JsonNames}}}]},
        "name":{"type":"string","minLength":1,"maxLength":100},
        "capabilities":{"type":"array","maxItems":50,"items":{"type":"string","minLength":1,"maxLength":100}},
        "priority":{"type":"string","enum":["low","medium","high","critical"],"description":"Default medium."}},
        "required":["type","name"],"additionalProperties":false}},
      "maxConcurrency":{"type":"integer","minimum":1,"maximum":100,"description":"Accepted for the sake of old prompts: all are written in one go."},
      "batchSize":{"type":"integer","minimum":1,"maximum":100,"description":"As maxConcurrency."},
      "swarmId":{"type":"string","minLength":1,"maxLength":64,"description":"The newest swarm unless given."}},
     "required":["agents"],"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var (swarm, made) = await AgentSpawnTool.SwarmAsync(call, cancel);
        var agents = await new SwarmBook(call.Desk).SpawnAsync(swarm, [.. call.Args.Objects("agents").Select(AgentSpawnTool.WishOf)], cancel);
        return ToolReply.Of($"spawned {Facts.Count(agents.Count, "agent")} in {swarm.Id}{made}", json =>
        {
            json.WriteString("swarmId", swarm.Id);
            json.Rows("agents", agents, SwarmBook.MaxAgents, a => SwarmFacts.Agent(json, a));
        });
    }
}

/// <summary><c>agent_list</c>: the agents of a swarm.</summary>
internal sealed class AgentListTool() : McpTool(
    "agent_list",
    "List agents",
    "Lists the agents of a swarm, and whether they are at work.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "swarmId":{"type":"string","minLength":1,"maxLength":64,"description":"The newest swarm unless given."},
      "filter":{"type":"string","enum":["all","active","idle","busy"],"description":"active and busy: at work. Default all."}},"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var swarm = await new SwarmBook(call.Desk).FindAsync(call.Args.Text("swarmId"), cancel);
        if (swarm is null) return ToolReply.Of("there is no swarm yet; swarm_init makes one", static json => json.WriteBoolean("exists", false));
        var view = await SwarmView.OfAsync(call.Desk, swarm, cancel);
        List<AgentRecord> agents = [.. view.Agents.Where(a => call.Args.Text("filter") switch { null or "all" => true, "idle" => !view.IsBusy(a), _ => view.IsBusy(a) })];
        return ToolReply.Of($"{Facts.Count(agents.Count, "agent")} of {swarm.Id}", json =>
        {
            json.WriteString("swarmId", swarm.Id);
            json.Rows("agents", agents, SwarmBook.MaxAgents, a => SwarmFacts.Agent(json, a, view.IsBusy(a)));
        });
    }
}

/// <summary><c>agent_metrics</c>: what agents have done.</summary>
internal sealed class AgentMetricsTool() : McpTool(
    "agent_metrics",
    "What agents did",
    "Tells what the agents of a swarm have done in its runs: attempts, successes, failures, time at work, tokens, cost.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "agentId":{"type":"string","minLength":1,"maxLength":100,"description":"One agent; all unless given."},
      "swarmId":{"type":"string","minLength":1,"maxLength":64,"description":"The newest swarm unless given."}},"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var swarm = await new SwarmBook(call.Desk).FindAsync(call.Args.Text("swarmId"), cancel) ?? throw new ToolFault("there is no swarm yet; swarm_init makes one");
        var view = await SwarmView.OfAsync(call.Desk, swarm, cancel);
        var wanted = call.Args.Text("agentId");
        List<AgentRecord> agents = [.. view.Agents.Where(a => wanted is null || a.Id == wanted || a.Name == wanted)];
        if (wanted is not null && agents.Count == 0) throw new ToolFault($"{swarm.Id} has no agent '{Text.Shorten(wanted, 60)}'; it has: {(view.Agents.Count == 0 ? "none" : string.Join(", ", view.Agents.Take(12).Select(a => a.Id)))}");
        var attempts = view.Runs.SelectMany(r => r.Nodes).Where(n => n.Task is not null).SelectMany(n => n.Attempts).ToLookup(a => a.Agent);
        return ToolReply.Of($"{Facts.Count(agents.Count, "agent")} of {swarm.Id}, over {Facts.Count(view.Runs.Count, "run")}", json =>
        {
            json.WriteString("swarmId", swarm.Id);
            json.WriteNumber("runs", view.Runs.Count);
            json.Rows("agents", agents, SwarmBook.MaxAgents, a =>
            {
                var own = attempts[a.Id].ToList();
                var done = own.Where(t => t.Result is not null).ToList();
                json.WriteString("agentId", a.Id);
                json.WriteString("state", view.IsBusy(a) ? "busy" : "idle");
                json.WriteNumber("attempts", own.Count);
                json.WriteNumber("succeeded", done.Count(t => t.Result!.Outcome == AttemptOutcome.Succeeded));
                json.WriteNumber("failed", done.Count(t => t.Result!.Outcome is AttemptOutcome.Failed or AttemptOutcome.TimedOut));
                json.Seconds("seconds_at_work", own.Aggregate(TimeSpan.Zero, (sum, t) => sum + t.Duration(t.EndedAt ?? call.Desk.Now)));
                json.WriteNumber("tokens", own.Sum(t => t.Usage.Tokens));
                json.WriteNumber("cost_usd", own.Sum(t => t.Usage.CostUsd));
            });
        });
    }
}
