using System.Text.Json;

namespace Skep.Testing.Wire.OpenAi;

/// <summary>The body of a chat completion that is not streamed, and what streams share with it.</summary>
internal static class OpenAiWriter
{
    /// <summary>The whole completion.</summary>
    public static byte[] Completion(ModelRequest request, WireAnswer answer) => WireJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        Common(writer, request, answer, "chat.completion");
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        Message(writer, answer.Answer);
        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", Finish(answer.Answer.Finish));
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (answer.TellUsage) Usage(writer, answer.Answer.Usage);
        writer.WriteEndObject();
    });

    /// <summary>What every object begins with.</summary>
    public static void Common(Utf8JsonWriter writer, ModelRequest request, WireAnswer answer, string kind)
    {
        writer.WriteString("id", $"chatcmpl-{ConversationHash.Id(request.Prefix, "answer", 0)}");
        writer.WriteString("object", kind);
        writer.WriteNumber("created", answer.Created);
        writer.WriteString("model", request.Model);
        writer.WriteString("system_fingerprint", "fp_scripted");
    }

    /// <summary>Why it ends.</summary>
    public static string Finish(ModelFinish finish) => finish switch
    {
        ModelFinish.ToolCalls => "tool_calls",
        ModelFinish.Length => "length",
        ModelFinish.Filtered => "content_filter",
        _ => "stop",
    };

    /// <summary>The property <c>usage</c>. This format counts cached input as input.</summary>
    public static void Usage(Utf8JsonWriter writer, ModelUsage usage)
    {
        var input = usage.Input + usage.CacheRead + usage.CacheWrite;
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", input);
        writer.WriteNumber("completion_tokens", usage.Output);
        writer.WriteNumber("total_tokens", input + usage.Output);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", usage.CacheRead);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", usage.Reasoning);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Message(Utf8JsonWriter writer, ModelAnswer answer)
    {
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        if (answer.Text.Length == 0 && answer.Calls.Count > 0) writer.WriteNull("content");
        else writer.WriteString("content", answer.Text);
        if (answer.Reasoning.Length > 0) writer.WriteString("reasoning_content", answer.Reasoning);
        writer.WriteNull("refusal");
        if (answer.Calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            foreach (var call in answer.Calls) Call(writer, call);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Call(Utf8JsonWriter writer, ModelToolCall call)
    {
        writer.WriteStartObject();
        writer.WriteString("id", call.Id);
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", call.Name);
        writer.WriteString("arguments", call.Arguments);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
