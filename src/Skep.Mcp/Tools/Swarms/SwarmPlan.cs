using System.Text;
using Skep.Plans;

namespace Skep.Mcp.Tools.Swarms;

/// <summary>One part of an orchestrated task, as the caller has divided it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Task">What is to be done.</param>
/// <param name="Agent">Who does it.</param>
/// <param name="Needs">Ids of the parts before it.</param>
internal sealed record SwarmPart(string Id, string Task, string Agent, IReadOnlyList<string> Needs);

/// <summary>What a plan of a swarm is written from.</summary>
/// <param name="Name">Name of the plan.</param>
/// <param name="Task">The task.</param>
/// <param name="Swarm">The swarm, or null for none.</param>
/// <param name="Agents">Its agents; at least one.</param>
/// <param name="Strategy">parallel, sequential, adaptive or balanced.</param>
/// <param name="Priority">low, medium, high or critical.</param>
/// <param name="Model">Model of the agents, or null for the configured one.</param>
/// <param name="Parts">How the caller has divided the task; empty: every agent does its part.</param>
internal sealed record SwarmOrder(
    string Name, string Task, SwarmRecord? Swarm, IReadOnlyList<AgentRecord> Agents, string Strategy, string Priority, string? Model, IReadOnlyList<SwarmPart> Parts);

/// <summary>
/// Writes a plan by which the agents of a swarm work on a task. Nothing is decomposed by guessing: every agent gets the whole task with the part that its type has in it, and
/// with what those before it have found. Pure.
/// </summary>
internal static class SwarmPlan
{
    /// <summary>The plan, as YAML.</summary>
    public static string Write(SwarmOrder order)
    {
        var yaml = new StringBuilder();
        yaml.Append($"plan: {order.Name}\ngoal: {PlanScalar.Quote(order.Task)}\nswarm: {{ topology: {order.Swarm?.Topology ?? "hierarchical"}");
        if (order.Swarm is { } swarm) yaml.Append($", max_agents: {swarm.MaxAgents}");
        yaml.Append(" }\nagents:\n");
        foreach (var agent in order.Agents) Agent(yaml, agent, order.Model);
        yaml.Append("tasks:\n");
        foreach (var part in Parts(order)) Part(yaml, part, order);
        return yaml.ToString();
    }

    /// <summary>Who works on what after whom.</summary>
    internal static IReadOnlyList<SwarmPart> Parts(SwarmOrder order)
    {
        if (order.Parts.Count > 0) return order.Parts;
        if (order.Agents is [var only]) return [new SwarmPart(only.Id, order.Task, only.Id, [])];
        var gatherer = order.Agents.FirstOrDefault(a => AgentType.Of(a.Type).Stage == Stage.Gather) ?? order.Agents[0];
        var workers = order.Agents.Where(a => AgentType.Of(a.Type).Stage != Stage.Gather).ToList();
        if (workers.Count == 0) workers = [.. order.Agents.Where(a => a != gatherer)];
        var parts = order.Strategy switch
        {
            "parallel" => workers.Select(a => new SwarmPart(a.Id, order.Task, a.Id, [])).ToList(),
            "sequential" => [.. workers.Select((a, i) => new SwarmPart(a.Id, order.Task, a.Id, i == 0 ? [] : [workers[i - 1].Id]))],
            _ => Stages(order, workers),
        };
        parts.Add(new SwarmPart("result", order.Task, gatherer.Id, [.. workers.Select(a => a.Id)]));
        return parts;
    }

    /// <summary>Agents of one stage work beside each other, after those of the stage before.</summary>
    private static List<SwarmPart> Stages(SwarmOrder order, List<AgentRecord> workers)
    {
        var parts = new List<SwarmPart>();
        IReadOnlyList<string> before = [];
        foreach (var stage in workers.GroupBy(a => AgentType.Of(a.Type).Stage).OrderBy(g => g.Key))
        {
            parts.AddRange(stage.Select(a => new SwarmPart(a.Id, order.Task, a.Id, before)));
            before = [.. stage.Select(a => a.Id)];
        }

        return parts;
    }

    private static void Agent(StringBuilder yaml, AgentRecord agent, string? model)
    {
        var type = AgentType.Of(agent.Type);
        yaml.Append($"  {agent.Id}:\n    executor: chat\n    role: {PlanScalar.Quote(type.Role)}\n    kind: {PlanScalar.Quote(agent.Type)}\n");
        if (agent.Capabilities.Count > 0) yaml.Append($"    capabilities: [{string.Join(", ", agent.Capabilities.Select(PlanScalar.Quote))}]\n");
        if (model is not null) yaml.Append($"    model: {PlanScalar.Quote(model)}\n");
        yaml.Append($"    tools: [{(type.Writes ? "files" : "\"files:read\"")}, memory]\n");
    }

    private static void Part(StringBuilder yaml, SwarmPart part, SwarmOrder order)
    {
        yaml.Append($"  - id: {part.Id}\n    agent: {part.Agent}\n    tier: {Tier(order.Priority)}\n    priority: {Rank(order.Priority)}\n");
        if (part.Needs.Count > 0) yaml.Append($"    needs: [{string.Join(", ", part.Needs)}]\n");
        yaml.Append($"    prompt: {PlanScalar.Quote(Prompt(part, order))}\n");
    }

    private static string Prompt(SwarmPart part, SwarmOrder order)
    {
        var agent = order.Agents.First(a => a.Id == part.Agent);
        var gathers = order.Parts.Count == 0 && part.Id == "result";
        var prompt = new StringBuilder(PlanScalar.Literal(part.Task));
        if (order.Parts.Count > 0) prompt.Append($"\n\nThis is a part of: {PlanScalar.Literal(order.Task)}");
        else if (gathers) prompt.Append("\n\nThe agents before you have worked on this. Put their results together into one answer, and say where they contradict each other.");
        else if (order.Agents.Count > 1) prompt.Append($"\n\nYou are the {agent.Type} among {order.Agents.Count} agents. {AgentType.Of(agent.Type).Role}. Do that part of the task, and answer with its result.");
        foreach (var need in part.Needs) prompt.Append($"\n\nResult of {need}:\n${{tasks.{need}.outputs.answer}}");
        return prompt.ToString();
    }

    private static string Tier(string priority) => priority switch
    {
        "critical" => "critical",
        "high" or "medium" => "important",
        _ => "nice",
    };

    private static int Rank(string priority) => priority switch
    {
        "critical" => 300,
        "high" => 200,
        "medium" => 100,
        _ => 0,
    };
}
