using System.Text.Json;
using Skep.Testing.Wire;

namespace Skep.Testing;

/// <summary>A request and its answer as a cassette keeps them.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query; the host is not kept, so that a cassette can be played for any.</param>
/// <param name="Body">The body of the request as text.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Answer">The body of the answer as text, as far as it was read.</param>
public sealed record CassetteEntry(string Method, string Path, string Body, int Status, string Answer)
{
    /// <summary>Headers of the request that are kept.</summary>
    public IReadOnlyDictionary<string, string> RequestHeaders { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Headers of the answer that are kept.</summary>
    public IReadOnlyDictionary<string, string> AnswerHeaders { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the connection broke before the answer was complete.</summary>
    public bool IsBroken { get; init; }

    /// <summary>As a line of a cassette, without its end.</summary>
    internal string ToLine() => WireJson.Text(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("request");
        writer.WriteString("method", Method);
        writer.WriteString("path", Path);
        Write(writer, RequestHeaders);
        WriteBody(writer);
        writer.WriteEndObject();
        writer.WriteStartObject("response");
        writer.WriteNumber("status", Status);
        Write(writer, AnswerHeaders);
        writer.WriteString("body", Answer);
        if (IsBroken) writer.WriteBoolean("broken", true);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>From a line of a cassette; null when it is none.</summary>
    internal static CassetteEntry? FromLine(string line)
    {
        using var document = JsonIn.Parse(System.Text.Encoding.UTF8.GetBytes(line));
        if (document?.RootElement.Get("request") is not { } request || document.RootElement.Get("response") is not { } response) return null;
        if (request.Text("method") is not { } method || request.Text("path") is not { } path || response.Whole("status") is not { } status) return null;
        var body = request.Get("body") switch { null => "", { ValueKind: JsonValueKind.String } text => text.GetString()!, { } json => json.GetRawText() };
        return new CassetteEntry(method, path, body, (int)status, response.Text("body") ?? "")
        {
            RequestHeaders = Read(request),
            AnswerHeaders = Read(response),
            IsBroken = response.IsTrue("broken"),
        };
    }

    /// <summary>JSON stands as itself, so that people can read and search a cassette.</summary>
    private void WriteBody(Utf8JsonWriter writer)
    {
        using var json = JsonIn.Parse(System.Text.Encoding.UTF8.GetBytes(Body));
        writer.WritePropertyName("body");
        if (json is null) writer.WriteStringValue(Body);
        else json.RootElement.WriteTo(writer);
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> headers)
    {
        writer.WriteStartObject("headers");
        foreach (var (name, value) in headers.OrderBy(h => h.Key, StringComparer.Ordinal)) writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    private static Dictionary<string, string> Read(JsonElement message)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (message.Get("headers") is { ValueKind: JsonValueKind.Object } all)
            foreach (var header in all.EnumerateObject()) headers[header.Name] = header.Value.ToString();
        return headers;
    }
}
