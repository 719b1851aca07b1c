using System.Text.Json;

namespace Skep.Mcp.Arguments;

/// <summary>Arguments that fit their schema.</summary>
internal sealed class ToolArguments(IReadOnlyDictionary<string, JsonElement> values)
{
    /// <summary>Whether an argument was given.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>A text, or null where it was not given.</summary>
    public string? Text(string name) => values.TryGetValue(name, out var value) ? value.GetString() : null;

    /// <summary>A text that the schema requires.</summary>
    public string Need(string name) => values[name].GetString()!;

    /// <summary>A text that another argument makes necessary.</summary>
    /// <exception cref="ToolFault">It is missing.</exception>
    public string NeedFor(string name, string what) => Text(name) is { Length: > 0 } text ? text : throw new ToolFault($"'{name}' is missing: {what} needs it");

    /// <summary>A whole number, or null.</summary>
    public int? Whole(string name) => values.TryGetValue(name, out var value) ? (int)Math.Clamp(value.GetDouble(), int.MinValue, int.MaxValue) : null;

    /// <summary>A number, or null.</summary>
    public double? Number(string name) => values.TryGetValue(name, out var value) ? value.GetDouble() : null;

    /// <summary>A switch, or null.</summary>
    public bool? Flag(string name) => values.TryGetValue(name, out var value) ? value.GetBoolean() : null;

    /// <summary>An argument that may be anything; it must have been given.</summary>
    public JsonElement Raw(string name) => values[name];

    /// <summary>A list of texts; empty where it was not given. Items that are no texts are given as their JSON.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        values.TryGetValue(name, out var value) ? [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()! : v.GetRawText())] : [];

    /// <summary>A list of objects; empty where it was not given.</summary>
    public IReadOnlyList<ToolArguments> Objects(string name) => values.TryGetValue(name, out var value) ? [.. value.EnumerateArray().Select(Of)] : [];

    /// <summary>The members of an object; empty where it was not given.</summary>
    public IReadOnlyDictionary<string, JsonElement> Members(string name) =>
        values.TryGetValue(name, out var value) ? value.EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal) : new Dictionary<string, JsonElement>();

    private static ToolArguments Of(JsonElement value) =>
        new(value.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null).ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal));
}
