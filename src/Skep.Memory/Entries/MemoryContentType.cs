using System.Text.Json;
using System.Text.Unicode;

namespace Skep.Memory;

/// <summary>What a value consists of. Checked when it is stored.</summary>
public enum MemoryContentType
{
    /// <summary><c>text/plain</c>: UTF-8.</summary>
    Text = 0,

    /// <summary><c>application/json</c>: one JSON value, kept byte for byte.</summary>
    Json = 1,

    /// <summary><c>application/octet-stream</c>: any bytes.</summary>
    Binary = 2,
}

/// <summary>Names and checks of content types.</summary>
public static class MemoryContentTypes
{
    /// <summary>All names, in the order of the type's values.</summary>
    public static IReadOnlyList<string> Names { get; } = ["text/plain", "application/json", "application/octet-stream"];

    /// <summary>The media type.</summary>
    public static string Name(this MemoryContentType type) => Names[(int)type];

    /// <summary>Reads a media type, or its short form <c>text</c>, <c>json</c>, <c>binary</c>.</summary>
    /// <exception cref="MemoryException">It is another one.</exception>
    public static MemoryContentType Parse(string name) => name switch
    {
        "text/plain" or "text" => MemoryContentType.Text,
        "application/json" or "json" => MemoryContentType.Json,
        "application/octet-stream" or "binary" => MemoryContentType.Binary,
        _ => throw new MemoryException(MemoryFault.InvalidRequest, $"'{MemoryPath.Shown(name)}' is not a content type of memory: use {string.Join(", ", Names)} (or text, json, binary)"),
    };

    /// <summary>Throws unless a value is what its type says.</summary>
    internal static void Require(MemoryContentType type, ReadOnlySpan<byte> value, string path)
    {
        if (type is < MemoryContentType.Text or > MemoryContentType.Binary) throw new MemoryException(MemoryFault.InvalidRequest, $"content type {(int)type} of '{path}' does not exist");
        if (type != MemoryContentType.Binary && !Utf8.IsValid(value))
            throw new MemoryException(MemoryFault.InvalidValue, $"the value of '{path}' is not valid UTF-8 and so not {type.Name()}: store it as {MemoryContentType.Binary.Name()}");
        if (type == MemoryContentType.Json) RequireJson(value, path);
    }

    private static void RequireJson(ReadOnlySpan<byte> value, string path)
    {
        try
        {
            var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = MemoryLimits.MaxJsonDepth });
            while (reader.Read())
            {
                // Reading is the check.
            }
        }
        catch (JsonException e)
        {
            throw new MemoryException(MemoryFault.InvalidValue, $"the value of '{path}' is not valid JSON: {e.Message} Correct it, or store it as {MemoryContentType.Text.Name()}", e);
        }
    }
}
