using System.Text.Json;
using System.Text.Json.Nodes;
using Skep.Plans;

namespace Skep.Agents.Mcp;

/// <summary>
/// Arguments of a task's call. Expressions yield texts (outputs of tasks are texts), so a text becomes the number, switch, list or object that the tool's schema asks for
/// where it is written like one; else it stays a text, and the server says what is wrong.
/// </summary>
internal static class McpArguments
{
    /// <summary>The arguments as a JSON object.</summary>
    /// <param name="with">The task's arguments, resolved.</param>
    /// <param name="schema">The tool's schema.</param>
    public static JsonElement Of(IReadOnlyDictionary<string, PlanValue> with, JsonElement schema)
    {
        var result = new JsonObject();
        foreach (var (name, value) in with)
            result[name] = value.AsText is { } text && Read(text, TypeOf(schema, name)) is { } read ? read : JsonNode.Parse(value.ToJson());
        return JsonSerializer.SerializeToElement(result, JsonNodeContext.Default.JsonObject);
    }

    private static string? TypeOf(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty(name, out var property) && property.ValueKind == JsonValueKind.Object
        && property.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    private static JsonNode? Read(string text, string? type)
    {
        if (type is not ("integer" or "number" or "boolean" or "array" or "object")) return null;
        try
        {
            var node = JsonNode.Parse(text);
            return (type, node?.GetValueKind()) switch
            {
                ("integer" or "number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) or ("array", JsonValueKind.Array) or ("object", JsonValueKind.Object) => node,
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Generated JSON code.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
internal sealed partial class JsonNodeContext : System.Text.Json.Serialization.JsonSerializerContext;
