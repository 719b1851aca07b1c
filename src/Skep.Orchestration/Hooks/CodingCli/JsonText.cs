using System.Text;
using System.Text.Json;

namespace Skep.Orchestration.Hooks;

/// <summary>A value in a JSON text, with the place where it stands. Places are byte offsets; an end is the offset behind the last byte.</summary>
internal sealed class JsonText
{
    public required JsonTokenType Kind { get; init; }
    public required int Start { get; init; }
    public int End { get; private set; }
    public List<JsonPart> Parts { get; } = [];
    /// <summary>A string's text or a number's digits.</summary>
    public string? Text { get; private init; }

    public bool IsObject => Kind == JsonTokenType.StartObject;
    public bool IsArray => Kind == JsonTokenType.StartArray;

    /// <summary>The member of this name, or null. Of several, the last one counts, as for every JSON reader.</summary>
    public JsonPart? this[string key] => IsObject ? Parts.LastOrDefault(part => part.Key == key) : null;

    /// <summary>Reads one whole JSON text.</summary>
    /// <exception cref="JsonException">It is not strict JSON; comments and trailing commas are not either.</exception>
    public static JsonText Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        var value = ReadValue(ref reader);
        reader.Read(); // Throws when more follows.
        return value;
    }

    private static JsonText ReadValue(ref Utf8JsonReader reader)
    {
        var value = new JsonText
        {
            Kind = reader.TokenType,
            Start = (int)reader.TokenStartIndex,
            Text = reader.TokenType is JsonTokenType.String ? TextOf(ref reader)
                : reader.TokenType is JsonTokenType.Number ? Encoding.ASCII.GetString(reader.ValueSpan) : null,
        };
        if (value.IsObject || value.IsArray) ReadParts(ref reader, value);
        value.End = (int)reader.BytesConsumed;
        return value;
    }

    private static void ReadParts(ref Utf8JsonReader reader, JsonText value)
    {
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var start = (int)reader.TokenStartIndex;
            string? key = null;
            if (value.IsObject)
            {
                key = TextOf(ref reader);
                reader.Read();
            }

            value.Parts.Add(new JsonPart(start, key, ReadValue(ref reader)));
        }
    }

    // Half a surrogate pair is valid JSON but no text: it stays as it was written, and equals nothing that we look for.
    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}

/// <summary>A member of an object, or an element of an array (then without a key).</summary>
internal sealed record JsonPart(int Start, string? Key, JsonText Value);
