using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Skep.Plans.Reading.Binding;
using Skep.Plans.Schema;

namespace Skep.Plans;

/// <summary>The plan language as a JSON Schema, so that editors complete and check plans. Written from the tables by which plans are read.</summary>
public static class PlanSchema
{
    private static readonly Lazy<string> Text = new(Build);

    /// <summary>The schema (draft 2020-12), indented.</summary>
    public static string Json => Text.Value;

    /// <summary>All tables of keys: the one of the top level first.</summary>
    internal static IReadOnlyList<IKeyTable> Tables { get; } =
    [
        PlanKeys.Table, SwarmKeys.Table, BudgetKeys.Table, OptimizerKeys.Table, OptimizerKeys.RuleTable, CommitteeKeys.Table, AgentKeys.Table, LimitsKeys.Table, TeamKeys.Table,
        PhaseKeys.Table, TaskKeys.Table, RetryKeys.Table, NeedKeys.Table, HookKeys.Table, HookKeys.ProtocolTable, ProtocolKeys.Table, TriggerKeys.Table, CalendarKeys.Table, RiskKeys.Table,
        .. GateReader.Forms.SelectMany(k => k.Tables),
    ];

    private static string Build()
    {
        var buffer = new ArrayBufferWriter<byte>();
        // Relaxed escaping: the schema is a file of its own and never part of a page.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", "Skep plan");
            WriteTable(json, Tables[0]);
            json.WriteStartObject("$defs");
            foreach (var (name, description, shape) in Shapes.Definitions)
            {
                json.WritePropertyName(name);
                shape.Write(json, description);
            }

            foreach (var table in Tables.Skip(1))
            {
                json.WriteStartObject(table.Name);
                WriteTable(json, table);
                json.WriteEndObject();
            }

            WriteGate(json);
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
        json.WriteBoolean("additionalProperties", false);
    }

    private static void WriteRequired(Utf8JsonWriter json, IKeyTable table)
    {
        if (!table.Keys.Any(k => k.IsRequired)) return;
        json.WriteStartArray("required");
        foreach (var key in table.Keys.Where(k => k.IsRequired)) json.WriteStringValue(key.Name);
        json.WriteEndArray();
    }

    private static void WriteGate(Utf8JsonWriter json)
    {
        json.WritePropertyName("gate");
        Shape[] forms = [Shapes.Text, .. GateReader.Forms.Select(k => new RefShape(k.Keys.Name))];
        new AnyOfShape(forms).Write(json, "A typed check with evidence; a text such as 'coverage >= 85' checks a metric.");
    }
}
