using System.Text;
using System.Text.Json;

namespace Skep.Testing;

/// <summary>Texts with <c>${name}</c> in them.</summary>
internal static class Template
{
    /// <summary>Puts the values in.</summary>
    public static string Fill(string template, Captures captures) => Walk(template, captures.Value);

    /// <summary>Puts the values into the strings of a JSON text, so that they can break nothing; the result is compact.</summary>
    public static string FillJson(string json, Captures captures)
    {
        using var document = JsonDocument.Parse(json);
        return WireJson.Text(writer => Write(writer, document.RootElement, captures));
    }

    /// <summary>A name that is not known; null when all are. Looks at JSON, too.</summary>
    public static string? FirstUnknown(string template, IEnumerable<string> groups)
    {
        var known = groups.Concat(Captures.Fixed).ToHashSet(StringComparer.Ordinal);
        string? unknown = null;
        Walk(template, name =>
        {
            if (!known.Contains(name)) unknown ??= name;
            return "";
        });
        return unknown;
    }

    private static string Walk(string template, Func<string, string> value)
    {
        if (!template.Contains("${", StringComparison.Ordinal)) return template;
        var text = new StringBuilder(template.Length);
        for (var at = 0; at < template.Length; at++)
        {
            if (string.CompareOrdinal(template, at, "$${", 0, 3) == 0)
            {
                text.Append("${");
                at += 2;
            }
            else if (string.CompareOrdinal(template, at, "${", 0, 2) == 0 && template.IndexOf('}', at) is var end and > 0)
            {
                text.Append(value(template[(at + 2)..end]));
                at = end;
            }
            else
            {
                text.Append(template[at]);
            }
        }

        return text.ToString();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, Captures captures)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, captures);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, captures);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Fill(value.GetString()!, captures));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
