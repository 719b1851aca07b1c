using System.Text.Json;

namespace Skep.Orchestration.Hooks;

/// <summary>Reads the arguments of a request, within bounds.</summary>
internal readonly struct JsonArgs
{
    private readonly JsonElement _args;

    /// <exception cref="RequestException">They are no object.</exception>
    public JsonArgs(JsonElement args)
    {
        if (args.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined)) throw Wrong("the arguments are no JSON object");
        _args = args;
    }

    /// <summary>A name: of an agent, session, task or run; null when it is not there.</summary>
    public string? Name(string member) => Text(member, LedgerLimits.MaxName) is { } name ? Names.Require(name, member) : null;

    /// <summary>A name that must be there.</summary>
    public string NeedName(string member) => Name(member) ?? throw Wrong($"'{member}' is missing: say who or what is meant");

    /// <summary>A text; null when it is not there or empty.</summary>
    /// <exception cref="RequestException">It is no text, or too long.</exception>
    public string? Text(string member, int most)
    {
        if (Find(member) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw Wrong($"'{member}' is no text");
        var text = value.GetString()!;
        if (text.Length > most) throw new RequestException(RequestCodes.TooLarge, $"'{member}' has {text.Length} characters; at most {most} are taken");
        return text.Length == 0 ? null : text;
    }

    /// <summary>A text that must be there.</summary>
    public string NeedText(string member, int most) => Text(member, most) ?? throw Wrong($"'{member}' is missing or empty");

    /// <summary>A switch; false when it is not there.</summary>
    public bool Flag(string member) => Find(member) is { } value && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong($"'{member}' is neither true nor false"));

    /// <summary>A whole number, or null.</summary>
    public long? Whole(string member) => Find(member) is { } value ? value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) ? whole : throw Wrong($"'{member}' is no whole number") : null;

    /// <summary>Texts by name; empty when they are not there.</summary>
    public Dictionary<string, string> Texts(string member)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(member) is not { } value) return texts;
        if (value.ValueKind != JsonValueKind.Object) throw Wrong($"'{member}' is no JSON object");
        foreach (var item in value.EnumerateObject())
        {
            if (texts.Count == LedgerLimits.MaxValues) throw new RequestException(RequestCodes.TooLarge, $"'{member}' has more than {LedgerLimits.MaxValues} values");
            if (item.Value.ValueKind != JsonValueKind.String) throw Wrong($"'{member}.{Orchestration.Text.Shorten(item.Name, 60)}' is no text");
            texts[item.Name] = item.Value.GetString()!;
        }

        return texts;
    }

    /// <summary>Whole numbers; empty when they are not there.</summary>
    public List<long> Wholes(string member)
    {
        if (Find(member) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array) throw Wrong($"'{member}' is no list");
        if (value.GetArrayLength() > LedgerLimits.MaxListed) throw new RequestException(RequestCodes.TooLarge, $"'{member}' has more than {LedgerLimits.MaxListed} items");
        return [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number && v.TryGetInt64(out var whole) ? whole : throw Wrong($"'{member}' holds what is no whole number"))];
    }

    private JsonElement? Find(string member) =>
        _args.ValueKind == JsonValueKind.Object && _args.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static RequestException Wrong(string what) => new(RequestCodes.BadRequest, what);
}
