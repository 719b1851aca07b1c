namespace Skep.Plans.Reading.Text;

/// <summary>The form of a tool's name, which the wire formats of models prescribe, of groups of tools (<c>files:read</c>), and of tools of MCP servers (<c>mcp__docs__*</c>).</summary>
internal static class ToolForm
{
    private const int MaxLength = 64;

    /// <summary>Whether a text can be one.</summary>
    public static bool IsValid(string name) => IsName(McpToolNames.TrySplit(name, out _, out _) && name[^1] == '*' ? name[..^1] : name);

    private static bool IsName(string name) => name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':');
}
