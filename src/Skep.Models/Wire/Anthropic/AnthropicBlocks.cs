using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Skep.Models.Wire.Anthropic;

/// <summary>Writes the blocks of a turn.</summary>
internal static class AnthropicBlocks
{
    /// <summary>
    /// What <see cref="TextReasoningContent.ProtectedData"/> begins with when it is a redacted block's data and not a signature. Signatures are base64, which has no colon.
    /// </summary>
    public const string RedactedPrefix = "redacted:";

    /// <summary>Whether a block may carry a cache mark.</summary>
    public static bool CanBeMarked(AIContent content) => content is not TextReasoningContent;

    public static void Write(Utf8JsonWriter json, AIContent content, bool marked, bool trimEnd)
    {
        json.WriteStartObject();
        switch (content)
        {
            case TextContent text: WriteText(json, trimEnd ? text.Text.TrimEnd() : text.Text); break;
            case TextReasoningContent reasoning: WriteReasoning(json, reasoning); break;
            case FunctionCallContent call: WriteCall(json, call); break;
            case FunctionResultContent result: WriteResult(json, result); break;
        }

        if (marked) WriteMark(json);
        json.WriteEndObject();
    }

    public static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, JsonValues.Plain(text));
    }

    public static void WriteMark(Utf8JsonWriter json)
    {
        json.WriteStartObject("cache_control"u8);
        json.WriteString("type"u8, "ephemeral"u8);
        json.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter json, TextReasoningContent reasoning)
    {
        var data = reasoning.ProtectedData!;
        if (data.StartsWith(RedactedPrefix, StringComparison.Ordinal))
        {
            json.WriteString("type"u8, "redacted_thinking"u8);
            json.WriteString("data"u8, data.AsSpan(RedactedPrefix.Length));
            return;
        }

        json.WriteString("type"u8, "thinking"u8);
        json.WriteString("thinking"u8, JsonValues.Plain(reasoning.Text));
        json.WriteString("signature"u8, data);
    }

    private static void WriteCall(Utf8JsonWriter json, FunctionCallContent call)
    {
        json.WriteString("type"u8, "tool_use"u8);
        json.WriteString("id"u8, Id(call.CallId));
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("input"u8);
        ToolArguments.Write(json, call);
    }

    private static void WriteResult(Utf8JsonWriter json, FunctionResultContent result)
    {
        json.WriteString("type"u8, "tool_result"u8);
        json.WriteString("tool_use_id"u8, Id(result.CallId));
        json.WriteString("content"u8, JsonValues.ResultText(result));
        if (JsonValues.IsError(result)) json.WriteBoolean("is_error"u8, true);
    }

    // A conversation may have begun with a provider that allows other characters in ids.
    private static string Id(string id)
    {
        static bool Fits(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
        return id.All(Fits) ? id : string.Create(id.Length, id, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = Fits(from[i]) ? from[i] : '_';
        });
    }
}
