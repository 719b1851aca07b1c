using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Schema;

/// <summary>Writes a JSON Schema (draft 2020-12) from tables of keys.</summary>
internal static class SchemaText
{
    /// <summary>The schema of a document whose top level is the first table; the other tables and the shapes are its definitions.</summary>
    public static string Build(string title, IReadOnlyList<IKeyTable> tables, IEnumerable<(string Name, string Description, Shape Shape)> definitions)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // Relaxed escaping: the schema is a file of its own and never part of a page.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", title);
            WriteTable(json, tables[0]);
            json.WriteStartObject("$defs");
            foreach (var (name, description, shape) in definitions)
            {
                json.WritePropertyName(name);
                shape.Write(json, description);
            }

            foreach (var table in tables.Skip(1))
            {
                json.WriteStartObject(table.Name);
                WriteTable(json, table);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteTable(Utf8JsonWriter json, IKeyTable table)
    {
        json.WriteString("description", table.Description);
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var key in table.Keys)
        {
            json.WritePropertyName(key.Name);
            key.Shape.Write(json, key.Description);
        }

        json.WriteEndObject();
        WriteRequired(json, table);
        json.WriteBoolean("additionalProperties", table.IsOpen);
    }

    private static void WriteRequired(Utf8JsonWriter json, IKeyTable table)
    {
        if (!table.Keys.Any(k => k.IsRequired)) return;
        json.WriteStartArray("required");
        foreach (var key in table.Keys.Where(k => k.IsRequired)) json.WriteStringValue(key.Name);
        json.WriteEndArray();
    }
}
