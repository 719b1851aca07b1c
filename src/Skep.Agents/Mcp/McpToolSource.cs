using ModelContextProtocol.Protocol;
using Skep.Plans;

namespace Skep.Agents.Mcp;

/// <summary>The tools of MCP servers that an agent's spec names: <c>mcp__SERVER__TOOL</c>, <c>mcp__SERVER__PREFIX*</c>, or <c>mcp__SERVER</c> for all that the server offers.</summary>
internal sealed class McpToolSource(McpPool pool, McpDefinitions definitions) : IToolSource
{
    /// <inheritdoc />
    /// <exception cref="McpServerException">A server cannot be used, or does not have a tool that is named.</exception>
    public async Task<IReadOnlyList<IAgentTool>> ToolsAsync(ToolAgent agent, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var wanted = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var name in agent.Attempt.Agent.Tools)
        {
            if (!McpToolNames.TrySplit(name, out var server, out var tool)) continue;
            if (!wanted.TryGetValue(server, out var tools)) wanted[server] = tools = [];
            tools.Add(tool);
        }

        var found = await Task.WhenAll(wanted.Select(w => OfAsync(definitions.Find(agent.Attempt, w.Key), w.Value, cancel)));
        return [.. found.SelectMany(t => t)];
    }

    private async Task<List<IAgentTool>> OfAsync(McpServerDefinition definition, List<string> patterns, CancellationToken cancel)
    {
        var connection = pool.For(definition);
        var offered = await connection.ToolsAsync(cancel);
        if (patterns.Find(p => !p.EndsWith('*') && offered.All(t => t.Name != p)) is { } missing) throw Missing(definition, missing, offered);
        return [.. offered.Where(t => McpServerSpec.Matches(patterns, t.Name)).Select(t => new McpTool(definition, connection, t)).Where(IsCallable)];
    }

    internal static McpServerException Missing(McpServerDefinition definition, string tool, IReadOnlyList<Tool> offered) => new(
        $"MCP server '{definition.Id}' offers no tool '{tool}'{(definition.Tools.Count > 0 ? " (or its 'tools' keep it back)" : "")}; it has {(offered.Count == 0 ? "none" : string.Join(", ", offered.Select(t => t.Name).Take(20)))}",
        isTransient: false);

    /// <summary>A name that models cannot be told would make every call of theirs fail.</summary>
    private static bool IsCallable(McpTool tool) => tool.Name.Length <= McpTool.MaxName && tool.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
