using System.Text;
using System.Text.Json;

namespace Skep.Testing.Wire.Anthropic;

/// <summary>The events of a streamed message.</summary>
internal static class AnthropicStream
{
    /// <summary>All of them.</summary>
    public static IEnumerable<WireFrame> Frames(ModelRequest request, WireAnswer answer)
    {
        var said = answer.Answer;
        var index = 0;
        yield return Start(request, answer);
        yield return Frame("ping", false, _ => { });
        if (said.Reasoning.Length > 0)
            foreach (var frame in Thinking(said.Reasoning, index++, answer.Pieces)) yield return frame;
        if (said.Text.Length > 0)
            foreach (var frame in Block(index++, w => AnthropicWriter.Text(w, ""), TextPieces.Split(said.Text, answer.Pieces).Select(p => ("text_delta", "text", p)))) yield return frame;
        foreach (var call in said.Calls)
        {
            // The real server begins the input with an empty piece.
            var pieces = TextPieces.Split(call.Arguments, answer.Pieces).Prepend("").Select(p => ("input_json_delta", "partial_json", p));
            foreach (var frame in Block(index++, w => AnthropicWriter.Call(w, call, "{}"), pieces)) yield return frame;
        }

        yield return End(answer);
        yield return Frame("message_stop", false, _ => { });
    }

    /// <summary>An event with its data.</summary>
    public static byte[] Event(string name, string data) => Encoding.UTF8.GetBytes($"event: {name}\ndata: {data}\n\n");

    private static IEnumerable<WireFrame> Thinking(string text, int index, int pieces)
    {
        var deltas = TextPieces.Split(text, pieces).Select(p => ("thinking_delta", "thinking", p)).Append(("signature_delta", "signature", ThinkingMarks.Signature(text)));
        return Block(index, w => AnthropicWriter.Thinking(w, "", ""), deltas);
    }

    private static IEnumerable<WireFrame> Block(int index, Action<Utf8JsonWriter> begin, IEnumerable<(string Type, string Name, string Piece)> deltas)
    {
        yield return Frame("content_block_start", false, writer =>
        {
            writer.WriteNumber("index", index);
            writer.WritePropertyName("content_block");
            begin(writer);
        });
        foreach (var (type, name, piece) in deltas)
        {
            yield return Frame("content_block_delta", true, writer =>
            {
                writer.WriteNumber("index", index);
                writer.WriteStartObject("delta");
                writer.WriteString("type", type);
                writer.WriteString(name, piece);
                writer.WriteEndObject();
            });
        }

        yield return Frame("content_block_stop", false, writer => writer.WriteNumber("index", index));
    }

    private static WireFrame Start(ModelRequest request, WireAnswer answer) => Frame("message_start", false, writer =>
    {
        writer.WriteStartObject("message");
        AnthropicWriter.Common(writer, request);
        writer.WriteStartArray("content");
        writer.WriteEndArray();
        writer.WriteNull("stop_reason");
        writer.WriteNull("stop_sequence");
        if (answer.TellUsage) AnthropicWriter.Usage(writer, answer.Answer.Usage, 1);
        writer.WriteEndObject();
    });

    private static WireFrame End(WireAnswer answer) => Frame("message_delta", false, writer =>
    {
        writer.WriteStartObject("delta");
        writer.WriteString("stop_reason", AnthropicWriter.Finish(answer.Answer.Finish));
        writer.WriteNull("stop_sequence");
        writer.WriteEndObject();
        if (answer.TellUsage) AnthropicWriter.Usage(writer, answer.Answer.Usage, answer.Answer.Usage.Output);
    });

    private static WireFrame Frame(string name, bool isPiece, Action<Utf8JsonWriter> rest)
    {
        var json = WireJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", name);
            rest(writer);
            writer.WriteEndObject();
        });
        return new WireFrame([.. "event: "u8, .. Encoding.UTF8.GetBytes(name), .. "\ndata: "u8, .. json, .. "\n\n"u8], isPiece);
    }
}
