using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Skep.Models.Wire;

/// <summary>A tool call's arguments: from what a model wrote, and back to the wire.</summary>
internal static class ToolArguments
{
    /// <summary>A call as a model wrote it. Arguments that are no JSON object become a call with an exception and the text, for the loop to answer.</summary>
    public static FunctionCallContent Read(string id, string name, string text)
    {
        try
        {
            return new(id, name, string.IsNullOrWhiteSpace(text) ? new Dictionary<string, object?>() : Members(text));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            var why = new FormatException($"the arguments of the call of tool '{name}' are not a JSON object: {wrong.Message}", wrong);
            return new(id, name) { Exception = why, AdditionalProperties = new() { [ModelProperties.RawArguments] = text } };
        }
    }

    /// <summary>
    /// Writes a call's arguments as an object. Malformed ones go back inside of a well-formed object: providers refuse, or crash on, anything else, and
    /// the model still sees what it wrote.
    /// </summary>
    public static void Write(Utf8JsonWriter json, FunctionCallContent call)
    {
        json.WriteStartObject();
        if (call.Arguments is { } arguments)
        {
            foreach (var (name, value) in arguments)
            {
                json.WritePropertyName(name);
                JsonValues.Write(json, value);
            }
        }
        else if (call.AdditionalProperties?.TryGetValue(ModelProperties.RawArguments, out var raw) == true)
        {
            json.WriteString("malformed_arguments"u8, JsonValues.Plain(raw));
        }

        json.WriteEndObject();
    }

    private static Dictionary<string, object?> Members(string text)
    {
        var root = JsonElement.Parse(text);
        var members = new Dictionary<string, object?>();
        foreach (var member in root.EnumerateObject())
            members[member.Name] = member.Value.ValueKind == JsonValueKind.Null ? null : member.Value;
        return members;
    }
}
