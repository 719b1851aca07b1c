using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol.Protocol;
using Skep.Mcp.Arguments;

namespace Skep.Mcp.Catalogue;

/// <summary>Which lists a tool is in.</summary>
internal enum ToolGroup
{
    /// <summary>In every list: what prompts name, and the modern set.</summary>
    Default,

    /// <summary>Only where all tools are asked for: a long list costs every conversation tokens.</summary>
    Extended,
}

/// <summary>What a client may expect of a tool, so that it knows when to ask its user.</summary>
internal enum ToolEffect
{
    /// <summary>It only looks.</summary>
    Looks,

    /// <summary>It adds, and takes nothing away.</summary>
    Adds,

    /// <summary>Called twice with the same arguments it does no more than once, and it may replace what was there.</summary>
    Sets,

    /// <summary>It may end or remove something.</summary>
    Removes,
}

/// <summary>One tool: what is told of it, and what it does. Tools hold no state: what they change is in the store.</summary>
internal abstract class McpTool
{
    protected McpTool(string name, string title, string description, ToolEffect effect, [StringSyntax(StringSyntaxAttribute.Json)] string input, ToolGroup group = ToolGroup.Default)
    {
        (Name, Title, Description, Effect, Group) = (name, title, description, effect, group);
        Input = ArgumentSchema.Parse(input);
    }

    /// <summary>Its name; clients see <c>mcp__SERVER__NAME</c>.</summary>
    public string Name { get; }

    /// <summary>For people.</summary>
    public string Title { get; }

    /// <summary>For models: what it does, and what it needs.</summary>
    public string Description { get; }

    public ToolEffect Effect { get; }

    public ToolGroup Group { get; }

    /// <summary>What its arguments must be.</summary>
    public ArgumentSchema Input { get; }

    /// <summary>Does it.</summary>
    /// <exception cref="ToolFault">It cannot be done; the message says why and what would help.</exception>
    public abstract Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel);

    /// <summary>As the protocol lists it.</summary>
    public Tool Listed => new()
    {
        Name = Name,
        Title = Title,
        Description = Description,
        InputSchema = Input.Element,
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = Effect == ToolEffect.Looks,
            DestructiveHint = Effect == ToolEffect.Removes,
            IdempotentHint = Effect is ToolEffect.Looks or ToolEffect.Sets,
            OpenWorldHint = false,
        },
    };
}
