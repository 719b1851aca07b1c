using System.Text.Json;

namespace Skep.Testing.Wire.Anthropic;

/// <summary>The body of a message that is not streamed, and what streams share with it.</summary>
internal static class AnthropicWriter
{
    /// <summary>The whole message.</summary>
    public static byte[] Message(ModelRequest request, WireAnswer answer) => WireJson.Bytes(writer =>
    {
        var said = answer.Answer;
        writer.WriteStartObject();
        Common(writer, request);
        writer.WriteStartArray("content");
        if (said.Reasoning.Length > 0) Thinking(writer, said.Reasoning, ThinkingMarks.Signature(said.Reasoning));
        if (said.Text.Length > 0) Text(writer, said.Text);
        foreach (var call in said.Calls) Call(writer, call, call.Arguments);
        writer.WriteEndArray();
        writer.WriteString("stop_reason", Finish(said.Finish));
        writer.WriteNull("stop_sequence");
        if (answer.TellUsage) Usage(writer, said.Usage, said.Usage.Output);
        writer.WriteEndObject();
    });

    /// <summary>What a message begins with.</summary>
    public static void Common(Utf8JsonWriter writer, ModelRequest request)
    {
        writer.WriteString("id", $"msg_{ConversationHash.Id(request.Prefix, "answer", 0)}");
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        writer.WriteString("model", request.Model);
    }

    /// <summary>Why it ends.</summary>
    public static string Finish(ModelFinish finish) => finish switch
    {
        ModelFinish.ToolCalls => "tool_use",
        ModelFinish.Length => "max_tokens",
        ModelFinish.Filtered => "refusal",
        _ => "end_turn",
    };

    /// <summary>The property <c>usage</c>.</summary>
    public static void Usage(Utf8JsonWriter writer, ModelUsage usage, long output)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", usage.Input);
        writer.WriteNumber("cache_creation_input_tokens", usage.CacheWrite);
        writer.WriteNumber("cache_read_input_tokens", usage.CacheRead);
        writer.WriteNumber("output_tokens", output);
        writer.WriteEndObject();
    }

    /// <summary>A block of text.</summary>
    public static void Text(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    /// <summary>A block of thinking.</summary>
    public static void Thinking(Utf8JsonWriter writer, string thinking, string signature)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "thinking");
        writer.WriteString("thinking", thinking);
        writer.WriteString("signature", signature);
        writer.WriteEndObject();
    }

    /// <summary>A block with a call.</summary>
    public static void Call(Utf8JsonWriter writer, ModelToolCall call, string arguments)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", call.Id);
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("input");
        writer.WriteRawValue(arguments);
        writer.WriteEndObject();
    }
}
