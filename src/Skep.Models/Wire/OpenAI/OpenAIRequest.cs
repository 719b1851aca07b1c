using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Skep.Models.Wire.OpenAI;

/// <summary>Writes requests of the chat completions format.</summary>
internal static class OpenAIRequest
{
    /// <param name="json">Where to.</param>
    /// <param name="model">The model's name at the provider.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">What else is wanted.</param>
    /// <param name="newLimitName">Whether the longest answer is called <c>max_completion_tokens</c>, which OpenAI's newer models insist on, and others do not know.</param>
    public static void Write(Utf8JsonWriter json, string model, IEnumerable<ChatMessage> messages, ChatOptions? options, bool newLimitName)
    {
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteStartArray("messages"u8);
        if (!string.IsNullOrEmpty(options?.Instructions)) WriteText(json, "system", options.Instructions);
        foreach (var message in messages) WriteMessage(json, message);
        json.WriteEndArray();
        if (options is not null)
        {
            WriteTools(json, options);
            WriteSettings(json, options, newLimitName);
            WriteFormat(json, options.ResponseFormat);
        }

        json.WriteBoolean("stream"u8, true);
        json.WriteStartObject("stream_options"u8);
        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, ChatMessage message)
    {
        WireContent.Check(message);
        if (message.Role == ChatRole.Assistant)
        {
            WriteAssistant(json, message);
            return;
        }

        var results = 0;
        foreach (var result in message.Contents.OfType<FunctionResultContent>())
        {
            WriteResult(json, result);
            results++;
        }

        var text = message.Text;
        if (text.Length > 0 || results == 0) WriteText(json, WireContent.IsSystem(message) ? "system" : "user", text);
    }

    private static void WriteText(Utf8JsonWriter json, string role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, JsonValues.Plain(text));
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, FunctionResultContent result)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, result.CallId);
        json.WriteString("content"u8, JsonValues.ResultText(result));
        json.WriteEndObject();
    }

    // Reasoning is not sent back: the format has no place for it.
    private static void WriteAssistant(Utf8JsonWriter json, ChatMessage message)
    {
        var text = message.Text;
        var calls = message.Contents.OfType<FunctionCallContent>().ToList();
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        if (text.Length > 0 || calls.Count == 0) json.WriteString("content"u8, JsonValues.Plain(text));
        else json.WriteNull("content"u8);
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in calls) WriteCall(json, call);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, FunctionCallContent call)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, call.CallId);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        var arguments = new ArrayBufferWriter<byte>();
        using (var inner = new Utf8JsonWriter(arguments, PooledRequest.JsonOptions)) ToolArguments.Write(inner, call);
        json.WriteString("arguments"u8, arguments.WrittenSpan);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools) return;
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            var function = WireContent.Function(tool);
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, function.Name);
            if (!string.IsNullOrEmpty(function.Description)) json.WriteString("description"u8, JsonValues.Plain(function.Description));
            WireContent.WriteSchema(json, "parameters"u8, function.JsonSchema);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteChoice(json, options.ToolMode);
        if (options.AllowMultipleToolCalls is { } parallel) json.WriteBoolean("parallel_tool_calls"u8, parallel);
    }

    private static void WriteChoice(Utf8JsonWriter json, ChatToolMode? mode)
    {
        switch (mode)
        {
            case AutoChatToolMode: json.WriteString("tool_choice"u8, "auto"u8); break;
            case NoneChatToolMode: json.WriteString("tool_choice"u8, "none"u8); break;
            case RequiredChatToolMode { RequiredFunctionName: null }: json.WriteString("tool_choice"u8, "required"u8); break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteSettings(Utf8JsonWriter json, ChatOptions options, bool newLimitName)
    {
        if (options.MaxOutputTokens is { } limit) json.WriteNumber(newLimitName ? "max_completion_tokens"u8 : "max_tokens"u8, limit);
        if (options.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (options.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (options.PresencePenalty is { } presence) json.WriteNumber("presence_penalty"u8, presence);
        if (options.FrequencyPenalty is { } frequency) json.WriteNumber("frequency_penalty"u8, frequency);
        if (options.Seed is { } seed) json.WriteNumber("seed"u8, seed);
        if (options.StopSequences is { Count: > 0 } stops) WireContent.WriteStrings(json, "stop"u8, stops);
        if (Effort(options.Reasoning?.Effort) is { } effort) json.WriteString("reasoning_effort"u8, effort);
    }

    private static string? Effort(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };

    // Without "strict": it refuses schemas with optional members, and the loop checks answers itself.
    private static void WriteFormat(Utf8JsonWriter json, ChatResponseFormat? format)
    {
        if (format is not ChatResponseFormatJson wanted) return;
        json.WriteStartObject("response_format"u8);
        if (wanted.Schema is { } schema)
        {
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, wanted.SchemaName ?? "answer");
            if (!string.IsNullOrEmpty(wanted.SchemaDescription)) json.WriteString("description"u8, JsonValues.Plain(wanted.SchemaDescription));
            json.WritePropertyName("schema"u8);
            schema.WriteTo(json);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type"u8, "json_object"u8);
        }

        json.WriteEndObject();
    }
}
