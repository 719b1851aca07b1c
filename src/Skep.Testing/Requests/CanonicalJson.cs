using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Skep.Testing;

/// <summary>JSON in one spelling: keys sorted, no white space, numbers by value. What is not JSON stays as it is.</summary>
internal static class CanonicalJson
{
    /// <summary>Options of all writers here: text is written as itself where JSON allows it, so that people can read it.</summary>
    public static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 128 };

    /// <summary>The canonical form of a text.</summary>
    public static string Of(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return json;
        }
    }

    /// <summary>The canonical form of a value.</summary>
    public static string Of(JsonElement value, Func<string, bool>? leaveOut = null) =>
        WireJson.Text(writer => Write(writer, value, leaveOut));

    private static void Write(Utf8JsonWriter writer, JsonElement value, Func<string, bool>? leaveOut)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    if (leaveOut?.Invoke(property.Name) == true) continue;
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, null);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, null);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number when value.TryGetDecimal(out var number):
                // 1, 1.0 and 1.00 are one number; a decimal remembers its zeros until it is divided.
                writer.WriteNumberValue(number / 1.0000000000000000000000000000m);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}

/// <summary>Writes JSON into memory.</summary>
internal static class WireJson
{
    /// <summary>As UTF-8.</summary>
    public static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, CanonicalJson.Readable)) write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>As text.</summary>
    public static string Text(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(Bytes(write));
}
