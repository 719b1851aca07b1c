using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation.Rules;

/// <summary>Tasks for MCP agents say which tool they call, and what is named of servers fits what the plan says of them.</summary>
internal sealed class McpRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        var servers = context.Plan.McpServers.ToDictionary(s => s.Id, StringComparer.Ordinal);
        for (var i = 0; i < context.Plan.Agents.Count; i++) CheckAgent(context, servers, context.Plan.Agents[i], context.Sources.Agents[i]);
        for (var i = 0; i < context.Tasks.Count && !context.Bag.IsFull; i++) CheckTask(context, i);
    }

    private static void CheckAgent(ValidationContext context, Dictionary<string, McpServerSpec> servers, AgentSpec agent, Reading.Yaml.YamlMapping source)
    {
        if (agent is { Executor: ExecutorKinds.Mcp, Uses: null })
            context.Bag.Error(DiagnosticCodes.MissingKey, agent.At, $"agent '{agent.Id}' has executor mcp and needs 'uses': a server, or SERVER/TOOL", agent.Id);
        if (agent is { Executor: ExecutorKinds.Mcp, Uses: { } uses }) CheckServer(context, servers, uses.Split('/')[0], PlanSources.At(source, "uses", agent.At));
        for (var n = 0; n < agent.Tools.Count; n++)
            if (McpToolNames.TrySplit(agent.Tools[n], out var server, out _)) CheckServer(context, servers, server, PlanSources.At(source, "tools", n, agent.At));
    }

    /// <summary>A warning, because the workspace may have a file that describes it.</summary>
    private static void CheckServer(ValidationContext context, Dictionary<string, McpServerSpec> servers, string server, SourceSpan at)
    {
        if (!servers.ContainsKey(server))
            context.Bag.Warning(DiagnosticCodes.UnknownTool, at, $"the plan describes no MCP server '{DiagnosticBag.OneLine(server)}' under 'mcp'; it is looked for in .mcp.json of the workspace when the run needs it", server);
    }

    private static void CheckTask(ValidationContext context, int index)
    {
        var task = context.Tasks[index];
        foreach (var agent in context.AgentsOf(task))
        {
            if (agent.Executor != ExecutorKinds.Mcp)
            {
                if (task.Tool is { } tool) context.Bag.Error(DiagnosticCodes.ExecutorMismatch, context.TaskAt(index, "tool"), $"task '{task.Id}' has 'tool', but agent '{agent.Id}' has executor {agent.Executor}, which calls none", tool);
            }
            else if (task is { Tool: null, Planned: false } && agent.Uses?.Contains('/', StringComparison.Ordinal) == false)
            {
                context.Bag.Error(DiagnosticCodes.MissingKey, task.At, $"task '{task.Id}' needs 'tool', because agent '{agent.Id}' uses all of server '{agent.Uses}'", task.Id);
            }
        }
    }
}
