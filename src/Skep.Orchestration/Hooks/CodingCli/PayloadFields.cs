using System.Text.Json;

namespace Skep.Orchestration.Hooks;

/// <summary>Reads the known fields of one JSON object, and remembers which were read. An absent field and <c>null</c> are the same.</summary>
internal sealed class PayloadFields(JsonElement? source, CodingCliLimits limits, string where = "")
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>A name or identifier: short, on one line.</summary>
    public string? Name(string field)
    {
        var text = Text(field);
        if (text is null) return null;
        if (text.Length > limits.MaxNameChars) throw Wrong(field, $"has {text.Length} characters; at most {limits.MaxNameChars} are read");
        if (text.AsSpan().ContainsAnyInRange('\0', '\x1f')) throw Wrong(field, "holds control characters; send a plain name");
        return text;
    }

    /// <summary>A path: bounded, and without the one character that no system allows.</summary>
    public string? Path(string field)
    {
        var text = Text(field);
        if (text is null) return null;
        if (text.Length > limits.MaxPathChars) throw Wrong(field, $"has {text.Length} characters; at most {limits.MaxPathChars} are read");
        if (text.Contains('\0')) throw Wrong(field, "holds a NUL character; send a path");
        return text;
    }

    /// <summary>Any text; the payload's own bound holds.</summary>
    public string? Text(string field)
    {
        if (Find(field) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw WrongKind(field, value, "a text");
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw Wrong(field, "holds half of a surrogate pair; send valid Unicode");
        }
    }

    public bool Flag(string field) => Find(field) is { } value && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw WrongKind(field, value, "true or false"),
    };

    public long? Whole(string field)
    {
        if (Find(field) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number) throw WrongKind(field, value, "a number");
        return value.TryGetInt64(out var whole) ? whole : value.TryGetDouble(out var real) && Math.Abs(real) < 1e15 ? (long)real : null;
    }

    public JsonElement? Object(string field)
    {
        if (Find(field) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object ? value : throw WrongKind(field, value, "an object");
    }

    public JsonElement? Any(string field) => Find(field);

    /// <summary>What was not asked for so far, as JSON texts by name.</summary>
    public Dictionary<string, string> Rest()
    {
        var rest = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in source!.Value.EnumerateObject())
            if (NameOf(member) is { } name && !_known.Contains(name))
                rest[name] = member.Value.GetRawText();
        return rest;
    }

    private JsonElement? Find(string field)
    {
        _known.Add(field);
        return source is { } from && from.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    // A name that is no valid Unicode cannot be ours; there is no way to keep it under a .NET string.
    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private CodingCliFormatException WrongKind(string field, JsonElement value, string wanted) =>
        Wrong(field, $"is {Describe(value.ValueKind)}; send {wanted}");

    private CodingCliFormatException Wrong(string field, string what) => new($"the hook payload's field '{where}{field}' {what}");

    internal static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}

/// <summary>What a coding CLI, or a person, wrote cannot be used; the message says what, where and how to fix it.</summary>
public sealed class CodingCliFormatException : Exception
{
    /// <summary>Names the problem.</summary>
    public CodingCliFormatException(string message) : base(message)
    {
    }

    /// <summary>Names the problem and its cause.</summary>
    public CodingCliFormatException(string message, Exception cause) : base(message, cause)
    {
    }
}
