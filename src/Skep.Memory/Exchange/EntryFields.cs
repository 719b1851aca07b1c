using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Skep.Embeddings;
using Skep.Memory.Tables;

namespace Skep.Memory.Exchange;

/// <summary>The fields of an entry in a file, as they come.</summary>
internal sealed class EntryFields
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);

    /// <summary>Takes a field.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    internal string? Set(string name, JsonTokens tokens)
    {
        switch (name)
        {
            case "version" or "created" or "updated" or "expires":
                if (tokens.Number is not { } number || number < (name == "version" ? 1 : 0)) return $"\"{name}\" must be a whole number, and not negative";
                return _numbers.TryAdd(name, number) ? null : $"\"{name}\" is there twice";
            case "path" or "type" or "agent" or "task" or "run" or "text" or "base64" or "tags" or "model" or "vector":
                if (tokens.Type != JsonTokenType.String) return $"\"{name}\" must be a string";
                return _texts.TryAdd(name, tokens.Text) ? null : $"\"{name}\" is there twice";
            default:
                return $"\"{MemoryPath.Shown(name)}\" is not known";
        }
    }

    /// <summary>The entry; null with what is missing or wrong.</summary>
    internal ExportedEntry? ToEntry(out string fault)
    {
        fault = Missing() ?? "";
        if (fault.Length > 0) return null;
        var type = MemoryContentTypes.Parse(_texts["type"]);
        if (ValueOf(type) is not { } value)
        {
            fault = type == MemoryContentType.Binary ? $"a value of type {type.Name()} must be valid \"base64\", and not \"text\"" : $"a value of type {type.Name()} must be \"text\", and not \"base64\"";
            return null;
        }

        var author = new MemoryAuthor(_texts.GetValueOrDefault("agent"), _texts.GetValueOrDefault("task"), _texts.GetValueOrDefault("run"));
        long? expires = _numbers.TryGetValue("expires", out var at) ? at : null;
        var content = new EntryContent(type, _numbers["created"], _numbers["updated"], expires, author, value) { Tags = MemoryTags.Split(_texts.GetValueOrDefault("tags")) };
        if (!_texts.ContainsKey("model") && !_texts.ContainsKey("vector")) return new ExportedEntry(_texts["path"], _numbers["version"], content);
        if (Vector() is { } vector) return new ExportedEntry(_texts["path"], _numbers["version"], content with { Vector = vector });
        fault = "\"vector\" must be the base64 of 32-bit floats, as many as \"model\" (NAME:DIMENSIONS:unit or NAME:DIMENSIONS:raw) has dimensions";
        return null;
    }

    private EntryVector? Vector()
    {
        if (!EmbeddingModelId.TryParse(_texts.GetValueOrDefault("model"), out var model) || !_texts.TryGetValue("vector", out var base64)) return null;
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var count) || count != model.Dimension * sizeof(float)) return null;
        return new EntryVector(model, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, count)).ToArray());
    }

    private string? Missing()
    {
        foreach (var name in new[] { "path", "type" })
        {
            if (!_texts.ContainsKey(name)) return $"\"{name}\" is missing";
        }

        foreach (var name in new[] { "version", "created", "updated" })
        {
            if (!_numbers.ContainsKey(name)) return $"\"{name}\" is missing";
        }

        return null;
    }

    private byte[]? ValueOf(MemoryContentType type)
    {
        if (type != MemoryContentType.Binary) return _texts.TryGetValue("text", out var text) && !_texts.ContainsKey("base64") ? Encoding.UTF8.GetBytes(text) : null;
        if (!_texts.TryGetValue("base64", out var base64) || _texts.ContainsKey("text")) return null;
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? bytes[..count] : null;
    }
}
