using System.Text.Json;

namespace Skep.Testing.Wire;

/// <summary>Reads of JSON that do not throw on what is missing.</summary>
internal static class JsonIn
{
    /// <summary>Bodies nest no deeper.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    /// <summary>The body as an object; null when it is none.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var document = JsonDocument.Parse(body, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A property that is there and not null.</summary>
    public static JsonElement? Get(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    /// <summary>A text, or null.</summary>
    public static string? Text(this JsonElement value, string name) => value.Get(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A whole number, or null.</summary>
    public static long? Whole(this JsonElement value, string name) =>
        value.Get(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var whole) ? whole : null;

    /// <summary>A number, or null.</summary>
    public static double? Number(this JsonElement value, string name) => value.Get(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    /// <summary>Whether a property is <c>true</c>.</summary>
    public static bool IsTrue(this JsonElement value, string name) => value.Get(name) is { ValueKind: JsonValueKind.True };

    /// <summary>The items of a list; nothing when it is none.</summary>
    public static IReadOnlyList<JsonElement> Items(this JsonElement value, string name) =>
        value.Get(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    /// <summary>How errors name a type.</summary>
    public static string TypeName(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    /// <summary>A name that tools may have, in both formats.</summary>
    public static bool IsToolName(string name, int longest) =>
        name.Length is > 0 && name.Length <= longest && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
