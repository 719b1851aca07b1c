using System.Text;
using System.Text.Json;

namespace Skep.Testing.Wire.OpenAi;

/// <summary>The chunks of a streamed chat completion.</summary>
internal static class OpenAiStream
{
    /// <summary>All of them, with the end mark.</summary>
    public static IEnumerable<WireFrame> Frames(ModelRequest request, WireAnswer answer)
    {
        var said = answer.Answer;
        yield return Delta(request, answer, false, w =>
        {
            w.WriteString("role", "assistant");
            w.WriteString("content", "");
        });
        foreach (var piece in TextPieces.Split(said.Reasoning, answer.Pieces)) yield return Delta(request, answer, true, w => w.WriteString("reasoning_content", piece));
        foreach (var piece in TextPieces.Split(said.Text, answer.Pieces)) yield return Delta(request, answer, true, w => w.WriteString("content", piece));
        for (var index = 0; index < said.Calls.Count; index++)
        {
            var (call, at) = (said.Calls[index], index);
            yield return Delta(request, answer, true, w => CallHead(w, call, at));
            foreach (var piece in TextPieces.Split(call.Arguments, answer.Pieces)) yield return Delta(request, answer, true, w => Arguments(w, piece, at));
        }

        yield return Delta(request, answer, false, _ => { }, OpenAiWriter.Finish(said.Finish));
        if (request.IncludeUsage && answer.TellUsage) yield return Usage(request, answer);
        yield return new WireFrame(Event("[DONE]"), false);
    }

    /// <summary>An event of a stream.</summary>
    public static byte[] Event(string data) => Encoding.UTF8.GetBytes($"data: {data}\n\n");

    private static WireFrame Delta(ModelRequest request, WireAnswer answer, bool isPiece, Action<Utf8JsonWriter> delta, string? finish = null) =>
        Chunk(request, answer, isPiece, writer =>
        {
            writer.WriteStartArray("choices");
            writer.WriteStartObject();
            writer.WriteNumber("index", 0);
            writer.WriteStartObject("delta");
            delta(writer);
            writer.WriteEndObject();
            writer.WriteNull("logprobs");
            writer.WriteString("finish_reason", finish);
            writer.WriteEndObject();
            writer.WriteEndArray();
            if (request.IncludeUsage && answer.TellUsage) writer.WriteNull("usage");
        });

    private static WireFrame Usage(ModelRequest request, WireAnswer answer) => Chunk(request, answer, false, writer =>
    {
        writer.WriteStartArray("choices");
        writer.WriteEndArray();
        OpenAiWriter.Usage(writer, answer.Answer.Usage);
    });

    private static WireFrame Chunk(ModelRequest request, WireAnswer answer, bool isPiece, Action<Utf8JsonWriter> rest)
    {
        var json = WireJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            OpenAiWriter.Common(writer, request, answer, "chat.completion.chunk");
            rest(writer);
            writer.WriteEndObject();
        });
        return new WireFrame([.. "data: "u8, .. json, .. "\n\n"u8], isPiece);
    }

    private static void CallHead(Utf8JsonWriter writer, ModelToolCall call, int index)
    {
        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        writer.WriteNumber("index", index);
        writer.WriteString("id", call.Id);
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", call.Name);
        writer.WriteString("arguments", "");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void Arguments(Utf8JsonWriter writer, string piece, int index)
    {
        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        writer.WriteNumber("index", index);
        writer.WriteStartObject("function");
        writer.WriteString("arguments", piece);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }
}
