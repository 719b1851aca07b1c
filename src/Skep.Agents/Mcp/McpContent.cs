using System.Text;
using ModelContextProtocol.Protocol;

namespace Skep.Agents.Mcp;

/// <summary>What a server's tool answered, as text for a model and as outputs of a task.</summary>
internal static class McpContent
{
    /// <summary>Longest description of a tool that a model is shown, in characters.</summary>
    public const int MaxDescription = 4 * 1024;

    /// <summary>The text; what is no text is named with its size.</summary>
    public static string TextOf(CallToolResult result)
    {
        var text = new StringBuilder();
        foreach (var block in result.Content)
        {
            if (text.Length > ToolResult.MaxText) break;
            if (text.Length > 0) text.Append('\n');
            text.Append(TextOf(block));
        }

        // By the protocol the same stands in the text for clients that do not look at it; a server that leaves that out has only this.
        if (text.Length == 0 && result.StructuredContent is { } structured) text.Append(structured.GetRawText());
        return text.ToString();
    }

    private static string TextOf(ContentBlock block) => block switch
    {
        TextContentBlock text => text.Text,
        ImageContentBlock image => $"[an image, {image.MimeType}, {image.Data.Length} characters of base64, left out]",
        AudioContentBlock audio => $"[a sound, {audio.MimeType}, {audio.Data.Length} characters of base64, left out]",
        EmbeddedResourceBlock { Resource: TextResourceContents resource } => resource.Text,
        EmbeddedResourceBlock resource => $"[the resource {resource.Resource.Uri}, {resource.Resource.MimeType}, left out]",
        ResourceLinkBlock link => $"[a link to {link.Uri}{(link.Description is { } description ? ": " + description : "")}]",
        _ => $"[{block.Type}, left out]",
    };
}
