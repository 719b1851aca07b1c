using System.Runtime.InteropServices;
using System.Text.Json;
using Skep.Orchestration;

namespace Skep.Agents.Tools;

/// <summary>
/// A JSON Schema of arguments, of the plain kind that built-in tools use: an object whose members are texts, whole numbers, switches, lists of texts
/// or free objects. What a model gives is taken as it is: nothing is converted, nothing unknown is passed over.
/// </summary>
internal sealed class ToolSchema
{
    /// <summary>Most bytes of arguments, as JSON.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Deepest nesting of a free object.</summary>
    public const int MaxDepth = 16;

    /// <summary>Most values in a free object.</summary>
    public const int MaxValues = 10_000;

    private readonly Dictionary<string, JsonElement> _members;
    private readonly List<string> _required;

    private ToolSchema(JsonElement element)
    {
        Element = element;
        _members = element.GetProperty("properties").EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        _required = element.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(r => r.GetString()!)] : [];
    }

    /// <summary>The schema for the model.</summary>
    public JsonElement Element { get; }

    /// <summary>Reads a schema that this program brings along.</summary>
    public static ToolSchema Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new ToolSchema(document.RootElement.Clone());
    }

    /// <summary>Checks arguments.</summary>
    /// <exception cref="ToolRefusal">They do not fit.</exception>
    public ToolArguments Read(JsonElement args)
    {
        if (args.ValueKind != JsonValueKind.Object) throw new ToolRefusal($"the arguments must be a JSON object{Expected()}, and are {Kind(args)}");
        var size = JsonMarshal.GetRawUtf8Value(args).Length;
        if (size > MaxBytes) throw new ToolRefusal($"the arguments take {size} bytes; at most {MaxBytes} are read: do it in smaller pieces");
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var name in NamesOf(args))
        {
            if (!_members.TryGetValue(name, out var schema)) throw new ToolRefusal($"'{Shown(name)}' is no argument{Expected()}");
            if (!values.TryAdd(name, default)) throw new ToolRefusal($"'{name}' is given more than once: give it once");
            values[name] = Check(name, args.GetProperty(name), schema);
        }

        foreach (var name in _required)
            if (!values.ContainsKey(name)) throw new ToolRefusal($"'{name}' is missing{Expected()}");
        return new ToolArguments(values);
    }

    /// <summary>The value of a text; null when its escapes are no valid characters.</summary>
    internal static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static List<string> NamesOf(JsonElement args)
    {
        try
        {
            return [.. args.EnumerateObject().Select(p => p.Name)];
        }
        catch (InvalidOperationException)
        {
            throw new ToolRefusal("the name of an argument holds half a surrogate pair: write valid Unicode");
        }
    }

    private static JsonElement Check(string name, JsonElement value, JsonElement schema)
    {
        switch (schema.GetProperty("type").GetString())
        {
            case "string":
                CheckText(name, value, schema);
                break;
            case "integer":
                if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var whole)) throw Wrong(name, "a whole number such as 3", value);
                if (whole < Number(schema, "minimum", long.MinValue) || whole > Number(schema, "maximum", long.MaxValue))
                    throw new ToolRefusal($"'{name}' is {whole}; give {Number(schema, "minimum", long.MinValue)} to {Number(schema, "maximum", long.MaxValue)}");
                break;
            case "boolean":
                if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) throw Wrong(name, "true or false", value);
                break;
            case "array":
                CheckList(name, value, schema);
                break;
            default:
                if (value.ValueKind != JsonValueKind.Object) throw Wrong(name, "a JSON object", value);
                var room = MaxValues;
                CheckFree(name, value, MaxDepth, ref room);
                break;
        }

        return value;
    }

    private static void CheckText(string name, JsonElement value, JsonElement schema)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong(name, "a text", value);
        var text = TextOf(value) ?? throw new ToolRefusal($"'{name}' holds half a surrogate pair: write valid Unicode");
        if (text.Length < Number(schema, "minLength", 0)) throw new ToolRefusal($"'{name}' is too short: give at least {Number(schema, "minLength", 0)} characters");
        if (text.Length > Number(schema, "maxLength", int.MaxValue)) throw new ToolRefusal($"'{name}' has {text.Length} characters; at most {Number(schema, "maxLength", int.MaxValue)} are allowed");
        if (schema.TryGetProperty("enum", out var allowed) && allowed.EnumerateArray().All(a => a.GetString() != text))
            throw new ToolRefusal($"'{name}' is '{Shown(text)}'; give one of {string.Join(", ", allowed.EnumerateArray().Select(a => a.GetString()))}");
    }

    private static void CheckList(string name, JsonElement value, JsonElement schema)
    {
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(name, "a list of texts such as [\"a\", \"b\"]", value);
        var count = value.GetArrayLength();
        if (count < Number(schema, "minItems", 0) || count > Number(schema, "maxItems", int.MaxValue))
            throw new ToolRefusal($"'{name}' has {count} items; give {Number(schema, "minItems", 0)} to {Number(schema, "maxItems", int.MaxValue)}");
        var at = 0;
        foreach (var item in value.EnumerateArray()) CheckText($"{name}[{at++}]", item, schema.GetProperty("items"));
    }

    private static void CheckFree(string name, JsonElement value, int depth, ref int room)
    {
        if (--room < 0) throw new ToolRefusal($"'{name}' holds more than {MaxValues} values: give less at once");
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) return;
        if (depth == 0) throw new ToolRefusal($"'{name}' is nested deeper than {MaxDepth} levels: make it flatter");
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray()) CheckFree(name, item, depth - 1, ref room);
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var inner in NamesOf(value))
            if (!seen.Add(inner)) throw new ToolRefusal($"'{name}' holds the member '{Shown(inner)}' more than once: give it once");
        foreach (var member in value.EnumerateObject()) CheckFree(name, member.Value, depth - 1, ref room);
    }

    private static ToolRefusal Wrong(string name, string wanted, JsonElement value) => new($"'{name}' must be {wanted}, and is {Kind(value)}");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a text",
        JsonValueKind.Number => $"the number {Shown(value.GetRawText())}",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Null => "null: leave it out instead",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "nothing",
    };

    private string Expected() => _members.Count == 0 ? "; there are none" : $"; there are: {string.Join(", ", _members.Keys.Select(m => _required.Contains(m) ? $"{m} (needed)" : m))}";

    private static long Number(JsonElement schema, string name, long otherwise) => schema.TryGetProperty(name, out var number) ? number.GetInt64() : otherwise;

    private static string Shown(string text) => Text.Shorten(Untrusted.Clean(text), 60);
}

/// <summary>Arguments that fit their schema.</summary>
internal sealed class ToolArguments(IReadOnlyDictionary<string, JsonElement> values)
{
    /// <summary>A text, or null where it was not given.</summary>
    public string? Text(string name) => values.TryGetValue(name, out var value) ? value.GetString() : null;

    /// <summary>A text that the schema requires.</summary>
    public string Need(string name) => values[name].GetString()!;

    /// <summary>A whole number, or null.</summary>
    public long? Whole(string name) => values.TryGetValue(name, out var value) ? value.GetInt64() : null;

    /// <summary>A switch; false where it was not given.</summary>
    public bool Flag(string name) => values.TryGetValue(name, out var value) && value.GetBoolean();

    /// <summary>A list of texts; empty where it was not given.</summary>
    public IReadOnlyList<string> List(string name) => values.TryGetValue(name, out var value) ? [.. value.EnumerateArray().Select(v => v.GetString()!)] : [];

    /// <summary>An object that the schema requires.</summary>
    public JsonElement Object(string name) => values[name];
}
