using System.Text.Json;

namespace Skep.Plans.Tests.Schema;

public class PlanSchemaTests
{
    private static readonly JsonElement Root = JsonDocument.Parse(PlanSchema.Json).RootElement;

    [Fact]
    public void Every_key_of_every_table_is_in_the_schema_with_a_description()
    {
        foreach (var table in PlanSchema.Tables)
        {
            var schema = table.Name == "plan" ? Root : Root.GetProperty("$defs").GetProperty(table.Name);
            Assert.Equal(table.Keys.Select(k => k.Name), schema.GetProperty("properties").EnumerateObject().Select(p => p.Name));
            Assert.All(schema.GetProperty("properties").EnumerateObject(), p => Assert.EndsWith(".", p.Value.GetProperty("description").GetString(), StringComparison.Ordinal));
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        }
    }

    [Fact]
    public void Every_reference_leads_to_a_definition()
    {
        var definitions = Root.GetProperty("$defs").EnumerateObject().Select(p => "#/$defs/" + p.Name).ToHashSet();
        var references = new List<string>();
        Collect(Root, references);
        Assert.NotEmpty(references);
        Assert.All(references, r => Assert.Contains(r, definitions));
        Assert.All(definitions, d => Assert.Contains(d, references));
    }

    [Fact]
    public void Patterns_of_the_schema_agree_with_the_reader()
    {
        var definitions = Root.GetProperty("$defs");
        var duration = definitions.GetProperty("duration").GetProperty("pattern").GetString()!;
        Assert.Matches(duration, "1h30m");
        Assert.Matches(duration, "500ms");
        Assert.DoesNotMatch(duration, "30m1h");
        Assert.DoesNotMatch(duration, "5");
        var size = definitions.GetProperty("size").GetProperty("anyOf")[0].GetProperty("pattern").GetString()!;
        Assert.Matches(size, "4GiB");
        Assert.DoesNotMatch(size, "4 parsecs");
    }

    [Fact]
    public void The_schema_lists_what_enumerations_allow()
    {
        var tiers = Root.GetProperty("$defs").GetProperty("task").GetProperty("properties").GetProperty("tier").GetProperty("enum");
        Assert.Equal(["critical", "important", "nice", "experimental"], tiers.EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public void The_schema_of_agent_files_has_every_key_and_lets_others_pass()
    {
        var root = JsonDocument.Parse(AgentSchema.Json).RootElement;
        Assert.Equal(AgentSchema.Tables[0].Keys.Select(k => k.Name), root.GetProperty("properties").EnumerateObject().Select(p => p.Name));
        Assert.All(root.GetProperty("properties").EnumerateObject(), p => Assert.EndsWith(".", p.Value.GetProperty("description").GetString(), StringComparison.Ordinal));
        Assert.True(root.GetProperty("additionalProperties").GetBoolean());
        var references = new List<string>();
        Collect(root, references);
        Assert.Equal(root.GetProperty("$defs").EnumerateObject().Select(p => "#/$defs/" + p.Name).Order(), references.Distinct().Order());
    }

    private static void Collect(JsonElement element, List<string> references)
    {
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray()) Collect(item, references);
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var member in element.EnumerateObject())
        {
            if (member.Name == "$ref") references.Add(member.Value.GetString()!);
            else Collect(member.Value, references);
        }
    }
}
