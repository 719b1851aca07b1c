using System.Text.Json;
using Skep.Vectors.Filtering;

namespace Skep.Memory.Finding;

/// <summary>
/// What filters can ask of a JSON value: the members of an object, by name. Strings, numbers and bools as they are, arrays of strings as tags. Other members,
/// those whose names or values are out of the bounds of filters, and members of members cannot be asked for.
/// </summary>
internal static class JsonFields
{
    internal static List<KeyValuePair<string, FieldValue>> Of(ReadOnlySpan<byte> json)
    {
        var fields = new List<KeyValuePair<string, FieldValue>>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MemoryLimits.MaxJsonDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return fields;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                var value = Value(ref reader);
                if (value.Type != FieldType.None && IsName(name)) fields.Add(new(name, value));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return fields; // Checked when it was stored; what was read until here holds. Half of a surrogate pair is no text.
        }

        return fields;
    }

    private static FieldValue Value(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String: return reader.ValueSpan.Length <= 4 * FieldLimits.MaxTextLength && reader.GetString() is { Length: <= FieldLimits.MaxTextLength } text ? text : default;
            case JsonTokenType.Number: return reader.TryGetDouble(out var number) && double.IsFinite(number) ? number : default(FieldValue);
            case JsonTokenType.True: return true;
            case JsonTokenType.False: return false;
            case JsonTokenType.StartArray: return Tags(ref reader);
            case JsonTokenType.StartObject: reader.Skip(); return default;
            default: return default;
        }
    }

    private static FieldValue Tags(ref Utf8JsonReader reader)
    {
        var tags = new List<string>();
        var all = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: <= FieldLimits.MaxTextLength } tag && tags.Count < FieldLimits.MaxTags) tags.Add(tag);
            else all = false;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
        }

        return all && tags.Count > 0 ? FieldValue.Tags(tags) : default;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= FieldLimits.MaxNameLength && !EntrySchema.IsBuiltIn(name) && !name.Any(static c => char.IsControl(c) || char.IsSurrogate(c) || c == '`');
}
