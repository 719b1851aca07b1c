using System.Globalization;
using System.Text.Json;
using Skep.Agents;

namespace Skep.Mcp.Arguments;

/// <summary>Compares a value with a schema. Pure; the first thing that does not fit is told, with where it stands and what would be right.</summary>
internal static class ArgumentCheck
{
    /// <summary>Characters of a wrong value that are shown.</summary>
    private const int Shown = 60;

    /// <summary>Checks the members of an object.</summary>
    public static void Members(string at, IReadOnlyDictionary<string, JsonElement> members, JsonElement schema, ArgumentRoom room, int depth = 0)
    {
        var known = schema.TryGetProperty("properties", out var properties);
        foreach (var (name, value) in members)
        {
            if (known && properties.TryGetProperty(name, out var inner)) Value(Join(at, name), value, inner, room, depth + 1);
            else if (IsOpen(schema)) Anything(Join(at, name), value, room, depth + 1);
            else throw new ToolFault($"'{Show(Join(at, name))}' is no argument{Expected(at, schema)}");
        }

        foreach (var name in Required(schema))
            if (!members.ContainsKey(name)) throw new ToolFault($"'{Join(at, name)}' is missing{Expected(at, schema)}");
    }

    /// <summary>How a place in the arguments is called in a message.</summary>
    public static string Named(string at) => $"'{Show(at)}'";

    private static void Value(string at, JsonElement value, JsonElement schema, ArgumentRoom room, int depth)
    {
        switch (schema.TryGetProperty("type", out var type) ? type.GetString() : null)
        {
            case "string": Text(at, value, schema, room); break;
            case "integer": Whole(at, value, schema, room); break;
            case "number": Number(at, value, schema, room); break;
            case "boolean":
                room.Take(at, 1);
                if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) throw Wrong(at, "true or false", value);
                break;
            case "array": List(at, value, schema, room, depth); break;
            case "object": Object(at, value, schema, room, depth); break;
            default: Anything(at, value, room, depth); break;
        }
    }

    private static void Text(string at, JsonElement value, JsonElement schema, ArgumentRoom room)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong(at, Choices(schema) is { } choices ? $"one of {choices}" : "a text", value);
        var text = TextOf(at, value);
        room.Take(at, text.Length);
        if (Bound(schema, "minLength") is { } least && text.Length < least) throw new ToolFault(text.Length == 0 ? $"{Named(at)} is empty: give at least {least} {(least == 1 ? "character" : "characters")}" : $"{Named(at)} has {text.Length} characters; give at least {least}");
        if (Bound(schema, "maxLength") is { } most && text.Length > most) throw new ToolFault($"{Named(at)} has {text.Length} characters; at most {most} are allowed: shorten it");
        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(a => a.GetString() == text))
            throw new ToolFault($"{Named(at)} is '{Show(text)}'; give one of {Choices(schema)}");
    }

    private static void Whole(string at, JsonElement value, JsonElement schema, ArgumentRoom room)
    {
        room.Take(at, 8);
        // 3.0 is a whole number in JSON Schema, and some clients write whole numbers so.
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || Math.Floor(number) != number || Math.Abs(number) > 9_007_199_254_740_991d) throw Wrong(at, "a whole number such as 3", value);
        Range(at, number, schema);
    }

    private static void Number(string at, JsonElement value, JsonElement schema, ArgumentRoom room)
    {
        room.Take(at, 8);
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number)) throw Wrong(at, "a number such as 2.5", value);
        Range(at, number, schema);
    }

    private static void Range(string at, double number, JsonElement schema)
    {
        var (least, most) = (Bound(schema, "minimum"), Bound(schema, "maximum"));
        if (!(number < least) && !(number > most)) return;
        var wanted = (least, most) switch
        {
            ({ } a, { } b) => $"{Plain(a)} to {Plain(b)}",
            ({ } a, null) => $"{Plain(a)} or more",
            _ => $"{Plain(most!.Value)} or less",
        };
        throw new ToolFault($"{Named(at)} is {Plain(number)}; give {wanted}");
    }

    private static void List(string at, JsonElement value, JsonElement schema, ArgumentRoom room, int depth)
    {
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(at, "a list such as [\"a\", \"b\"]", value);
        RequireFlat(at, depth);
        var count = value.GetArrayLength();
        if (Bound(schema, "minItems") is { } least && count < least) throw new ToolFault($"{Named(at)} has {count} items; give at least {Plain(least)}");
        if (Bound(schema, "maxItems") is { } most && count > most) throw new ToolFault($"{Named(at)} has {count} items; give at most {Plain(most)} at once");
        var number = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (schema.TryGetProperty("items", out var inner)) Value($"{at}[{number++}]", item, inner, room, depth + 1);
            else Anything($"{at}[{number++}]", item, room, depth + 1);
        }
    }

    private static void Object(string at, JsonElement value, JsonElement schema, ArgumentRoom room, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(at, "a JSON object", value);
        RequireFlat(at, depth);
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in MembersOf(at, value))
            if (!members.TryAdd(member.Name, member.Value)) throw new ToolFault($"{Named(Join(at, member.Name))} is given more than once: give it once");
        foreach (var name in members.Where(m => m.Value.ValueKind == JsonValueKind.Null).Select(m => m.Key).ToList()) members.Remove(name);
        Members(at, members, schema, room, depth);
    }

    /// <summary>A value that may be anything: it is only bounded.</summary>
    private static void Anything(string at, JsonElement value, ArgumentRoom room, int depth)
    {
        RequireFlat(at, depth);
        switch (value.ValueKind)
        {
            case JsonValueKind.String: room.Take(at, TextOf(at, value).Length); break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) Anything(at, item, room, depth + 1);
                break;
            case JsonValueKind.Object:
                foreach (var member in MembersOf(at, value)) Anything(Join(at, member.Name), member.Value, room, depth + 1);
                break;
            default: room.Take(at, 8); break;
        }
    }

    private static void RequireFlat(string at, int depth)
    {
        if (depth > ArgumentSchema.MaxDepth) throw new ToolFault($"{Named(at)} is nested deeper than {ArgumentSchema.MaxDepth} levels: make it flatter");
    }

    private static string TextOf(string at, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new ToolFault($"{Named(at)} holds half a surrogate pair: write valid Unicode");
        }
    }

    private static List<(string Name, JsonElement Value)> MembersOf(string at, JsonElement value)
    {
        try
        {
            return [.. value.EnumerateObject().Select(m => (m.Name, m.Value))];
        }
        catch (InvalidOperationException)
        {
            throw new ToolFault($"the name of a member of {Named(at)} holds half a surrogate pair: write valid Unicode");
        }
    }

    private static ToolFault Wrong(string at, string wanted, JsonElement value) => new($"{Named(at)} must be {wanted}, and is {Kind(value)}");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => $"the text '{Show(value.ToString())}'",
        JsonValueKind.Number => $"the number {Show(value.GetRawText())}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "nothing",
    };

    private static string Expected(string at, JsonElement schema)
    {
        if (!schema.TryGetProperty("properties", out var properties) || !properties.EnumerateObject().Any()) return at.Length == 0 ? "; there are none: give {}" : "; there are none";
        var required = Required(schema).ToHashSet(StringComparer.Ordinal);
        return $"; {(at.Length == 0 ? "the arguments are" : $"{Named(at)} takes")}: {string.Join(", ", properties.EnumerateObject().Select(p => required.Contains(p.Name) ? $"{p.Name} (needed)" : p.Name))}";
    }

    private static IEnumerable<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(r => r.GetString()!) : [];

    private static bool IsOpen(JsonElement schema) => !schema.TryGetProperty("additionalProperties", out var more) ? !schema.TryGetProperty("properties", out _) : more.ValueKind != JsonValueKind.False;

    private static string? Choices(JsonElement schema) =>
        schema.TryGetProperty("enum", out var allowed) ? string.Join(", ", allowed.EnumerateArray().Select(a => a.GetString())) : null;

    private static double? Bound(JsonElement schema, string name) => schema.TryGetProperty(name, out var number) ? number.GetDouble() : null;

    private static string Plain(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Join(string at, string name) => at.Length == 0 ? name : $"{at}.{name}";

    private static string Show(string text) => Orchestration.Text.Shorten(Untrusted.Clean(text), Shown);
}
