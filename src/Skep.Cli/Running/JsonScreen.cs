using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Skep.Cli.Running;

/// <summary>Events as lines of JSON on standard output, and nothing else there.</summary>
internal sealed class JsonScreen(CliContext cli, bool transient) : IRunScreen
{
    private readonly LineWriter _lines = new(cli.Out);

    public void OnAdvanced(RunState state, IReadOnlyList<RecordedEvent> events)
    {
        foreach (var e in events)
            if (transient || e.Event.IsDurable) _lines.Write(EventLine.Json(state.Info!.Run, e));
    }

    public void Note(string text) => cli.Error.WriteLine(text);

    public ValueTask DisposeAsync() => _lines.DisposeAsync();
}

/// <summary>One event as one line.</summary>
internal static class EventLine
{
    // Lines are for programs and terminals, not for web pages, so that text stays readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"run":…,"seq":…,"at":…,"type":…, payload…}</c>; events that are not kept have no <c>seq</c>.</summary>
    public static string Json(string run, RecordedEvent recorded)
    {
        var payload = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(payload, Options)) EventCodec.WritePayload(writer, recorded.Event);
        using var members = JsonDocument.Parse(payload.WrittenMemory);
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(line, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("run", run);
            if (recorded.Seq > 0) writer.WriteNumber("seq", recorded.Seq);
            writer.WriteString("at", recorded.At.UtcDateTime);
            writer.WriteString("type", EventCodec.NameOf(recorded.Event));
            foreach (var member in members.RootElement.EnumerateObject())
                if (member.Name is not ("run" or "seq" or "at" or "type")) member.WriteTo(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(line.WrittenSpan);
    }
}
