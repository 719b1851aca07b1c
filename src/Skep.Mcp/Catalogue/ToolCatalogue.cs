using Skep.Mcp.Tools;

namespace Skep.Mcp.Catalogue;

/// <summary>The tools, in the order in which they are listed. What is not implemented is not in it.</summary>
internal sealed class ToolCatalogue
{
    private readonly Dictionary<string, McpTool> _byName;

    private ToolCatalogue(IReadOnlyList<McpTool> tools) =>
        (Tools, _byName) = (tools, tools.ToDictionary(t => t.Name, StringComparer.Ordinal));

    /// <summary>All tools, the extended ones last.</summary>
    public static ToolCatalogue All { get; } = new(ToolList.Make());

    /// <summary>Those of the default list.</summary>
    public static ToolCatalogue Default { get; } = new([.. All.Tools.Where(t => t.Group == ToolGroup.Default)]);

    public IReadOnlyList<McpTool> Tools { get; }

    /// <summary>The tool of a name.</summary>
    /// <exception cref="ToolFault">There is none.</exception>
    public McpTool Require(string name) => _byName.TryGetValue(name, out var tool) ? tool : throw new ToolFault(WhyNot(name));

    private static string WhyNot(string name) => All._byName.ContainsKey(name)
        ? $"the tool '{name}' is not offered here; start the server with 'skep mcp --all'"
        : $"there is no tool '{Orchestration.Text.Shorten(Agents.Untrusted.Clean(name), 60)}'; tools/list names those that there are";
}
