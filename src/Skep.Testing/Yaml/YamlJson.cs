using System.Globalization;
using System.Text.Json;

namespace Skep.Testing.Yaml;

/// <summary>Turns a node into JSON: texts in quotes stay texts, others become numbers, booleans and null where they look like them.</summary>
internal static class YamlJson
{
    /// <summary>The JSON of a node.</summary>
    public static string Of(YamlNode node) => WireJson.Text(writer => Write(writer, node));

    private static void Write(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case YamlMap map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    writer.WritePropertyName(key.Value);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case YamlList list:
                writer.WriteStartArray();
                foreach (var item in list.Items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case YamlScalar scalar:
                Write(writer, scalar);
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, YamlScalar scalar)
    {
        if (scalar.IsNull) writer.WriteNullValue();
        else if (scalar is { IsPlain: true, Value: "true" or "false" }) writer.WriteBooleanValue(scalar.Value == "true");
        else if (scalar.IsPlain && IsJsonNumber(scalar.Value)) writer.WriteRawValue(scalar.Value);
        else writer.WriteStringValue(scalar.Value);
    }

    /// <summary>JSON's own spelling only: <c>007</c> and <c>1_000</c> are texts.</summary>
    private static bool IsJsonNumber(string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) return false;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Number;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
