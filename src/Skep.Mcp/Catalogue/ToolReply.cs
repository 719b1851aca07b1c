using System.Text.Json;
using ModelContextProtocol.Protocol;
using Skep.Orchestration.Hooks;

namespace Skep.Mcp.Catalogue;

/// <summary>What a tool answers: a sentence, and the facts as JSON, for programs as structured content and for models as text.</summary>
/// <param name="Said">A sentence or two.</param>
/// <param name="Data">The facts, an object.</param>
internal sealed record ToolReply(string Said, JsonElement Data)
{
    /// <summary>Most bytes of the facts: more would fill a conversation. Tools cut their lists long before, and say so.</summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>Whether the tool could not do it.</summary>
    public bool IsError { get; init; }

    /// <summary>Makes a reply.</summary>
    public static ToolReply Of(string said, Action<Utf8JsonWriter> data) => new(said, JsonBuild.Object(data));

    /// <summary>As the protocol sends it.</summary>
    public CallToolResult ToResult()
    {
        if (Data.ValueKind == JsonValueKind.Undefined) return new CallToolResult { Content = [new TextContentBlock { Text = Said }], IsError = IsError };
        var text = Data.GetRawText();
        if (System.Text.Encoding.UTF8.GetByteCount(text) > MaxBytes) return TooLong(text.Length);
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = Said }, new TextContentBlock { Text = text }],
            StructuredContent = Data,
            IsError = IsError,
        };
    }

    private CallToolResult TooLong(int length) => new()
    {
        Content = [new TextContentBlock { Text = $"{Said}\nThe facts take {length} characters; at most {MaxBytes} bytes are sent: ask for less, with a smaller limit or for one run, task or entry." }],
        IsError = true,
    };
}
