using System.Text.Json;
using ModelContextProtocol.Protocol;
using Skep.Plans;

namespace Skep.Agents.Mcp;

/// <summary>A tool of an MCP server, for models. What it answers is somebody else's text: data, never instructions.</summary>
internal sealed class McpTool(McpServerDefinition definition, McpConnection connection, Tool tool) : IAgentTool
{
    /// <summary>Longest name that models' wire formats take.</summary>
    public const int MaxName = 64;

    public string Name { get; } = McpToolNames.Of(definition.Id, tool.Name);

    public string Description { get; } = Orchestration.Text.Shorten(Untrusted.Clean(tool.Description ?? tool.Title ?? $"The tool {tool.Name} of the MCP server {definition.Id}."), McpContent.MaxDescription);

    public JsonElement Parameters => tool.InputSchema;

    /// <summary>Who wrote the plan says what passes without asking; what the server says of itself is a hint that is not believed for that.</summary>
    public ToolKind Kind => McpServerSpec.Matches(definition.Allow, tool.Name) ? ToolKind.Write : ToolKind.Outside;

    public ToolRepeat Repeat => IsRepeatable ? ToolRepeat.Safe : ToolRepeat.Unsafe;

    private bool IsRepeatable => tool.Annotations is { ReadOnlyHint: true } or { IdempotentHint: true };

    public async Task<ToolResult> InvokeAsync(ToolCall call, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            var result = await connection.CallAsync(tool.Name, call.Arguments, call.Key, IsRepeatable, cancel);
            return result with { Text = Untrusted.Wrap($"{definition.Id}/{tool.Name}", call.Agent.Mask(result.Text)) };
        }
        catch (McpServerException e)
        {
            return ToolResult.Error(call.Agent.Mask(e.Message));
        }
    }
}
