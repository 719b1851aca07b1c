using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Skep.Models.Wire.Anthropic;

/// <summary>
/// Writes requests of the messages format. A response format is not sent: there is no member for it that all models take, so that who wants JSON
/// says so in the prompt and checks the answer, as the agent loop does.
/// </summary>
internal static class AnthropicRequest
{
    /// <summary>Longest answer when the caller names none; the format demands one, and every current model allows this.</summary>
    public const int DefaultMaxTokens = 8192;

    public static void Write(Utf8JsonWriter json, string model, IEnumerable<ChatMessage> messages, ChatOptions? options, bool caching)
    {
        var all = AnthropicTurns.Of(messages, options?.Instructions);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        WriteSettings(json, model, options);
        if (options is not null) WriteTools(json, options, caching);
        WriteSystem(json, all.System, caching);
        json.WriteStartArray("messages"u8);
        for (var i = 0; i < all.Turns.Count; i++) WriteTurn(json, all.Turns[i], caching && i == all.Turns.Count - 2, i == all.Turns.Count - 1);
        json.WriteEndArray();
        json.WriteBoolean("stream"u8, true);
        json.WriteEndObject();
    }

    private static void WriteSystem(Utf8JsonWriter json, List<string> pieces, bool caching)
    {
        if (pieces.Count == 0) return;
        json.WriteStartArray("system"u8);
        for (var i = 0; i < pieces.Count; i++)
        {
            json.WriteStartObject();
            AnthropicBlocks.WriteText(json, pieces[i]);
            if (caching && i == pieces.Count - 1) AnthropicBlocks.WriteMark(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTurn(Utf8JsonWriter json, AnthropicTurn turn, bool marked, bool isLast)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, turn.IsAssistant ? "assistant"u8 : "user"u8);
        json.WriteStartArray("content"u8);
        var mark = marked ? turn.Contents.FindLastIndex(AnthropicBlocks.CanBeMarked) : -1;
        for (var i = 0; i < turn.Contents.Count; i++)
        {
            // An answer that the model is to go on with must not end in white space.
            var trimEnd = isLast && turn.IsAssistant && i == turn.Contents.Count - 1;
            AnthropicBlocks.Write(json, turn.Contents[i], i == mark, trimEnd);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, ChatOptions options, bool caching)
    {
        if (options.Tools is not { Count: > 0 } tools) return;
        json.WriteStartArray("tools"u8);
        for (var i = 0; i < tools.Count; i++)
        {
            var function = WireContent.Function(tools[i]);
            json.WriteStartObject();
            json.WriteString("name"u8, function.Name);
            if (!string.IsNullOrEmpty(function.Description)) json.WriteString("description"u8, JsonValues.Plain(function.Description));
            WireContent.WriteSchema(json, "input_schema"u8, function.JsonSchema);
            if (caching && i == tools.Count - 1) AnthropicBlocks.WriteMark(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteChoice(json, options);
    }

    private static void WriteChoice(Utf8JsonWriter json, ChatOptions options)
    {
        var oneOnly = options.AllowMultipleToolCalls == false && options.ToolMode is not NoneChatToolMode;
        var (type, name) = options.ToolMode switch
        {
            NoneChatToolMode => ("none", null),
            RequiredChatToolMode { RequiredFunctionName: { } required } => ("tool", required),
            RequiredChatToolMode => ("any", null),
            AutoChatToolMode => ("auto", null),
            _ => (oneOnly ? "auto" : null, (string?)null),
        };
        if (type is null) return;
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, type);
        if (name is not null) json.WriteString("name"u8, name);
        if (oneOnly) json.WriteBoolean("disable_parallel_tool_use"u8, true);
        json.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, string model, ChatOptions? options)
    {
        var maxTokens = options?.MaxOutputTokens ?? DefaultMaxTokens;
        json.WriteNumber("max_tokens"u8, maxTokens);
        if (options is null) return;
        if (options.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (options.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (options.TopK is { } topK) json.WriteNumber("top_k"u8, topK);
        if (options.StopSequences is { Count: > 0 } stops) WireContent.WriteStrings(json, "stop_sequences"u8, stops);
        AnthropicThinking.Write(json, model, options.Reasoning?.Effort, maxTokens);
    }
}
