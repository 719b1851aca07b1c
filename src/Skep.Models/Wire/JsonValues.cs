using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Skep.Models.Wire;

/// <summary>Writes the values that tools give and take, without reflection: JSON, simple values, lists and dictionaries of them; all else as its text.</summary>
internal static class JsonValues
{
    public static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case JsonElement { ValueKind: JsonValueKind.Undefined }: json.WriteNullValue(); break;
            case JsonElement element: element.WriteTo(json); break;
            case JsonDocument document: document.WriteTo(json); break;
            case JsonNode node: node.WriteTo(json); break;
            case string text: json.WriteStringValue(Plain(text)); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): json.WriteNumberValue(number); break;
            case IEnumerable<KeyValuePair<string, object?>> members: WriteObject(json, members); break;
            case IEnumerable items: WriteArray(json, items); break;
            default: json.WriteStringValue(Plain(Convert.ToString(value, CultureInfo.InvariantCulture))); break;
        }
    }

    /// <summary>A tool's result as the text that a model reads.</summary>
    public static string ResultText(FunctionResultContent result) => result.Result switch
    {
        null => result.Exception is { } failed ? $"error: {failed.Message}" : "",
        string text => Plain(text),
        JsonElement { ValueKind: JsonValueKind.String } element => element.GetString()!,
        JsonElement { ValueKind: JsonValueKind.Undefined } => "",
        TextContent content => Plain(content.Text),
        IEnumerable<AIContent> contents => Plain(string.Concat(contents.OfType<TextContent>().Select(c => c.Text))),
        var value => Text(value),
    };

    /// <summary>Whether a tool says that it failed.</summary>
    public static bool IsError(FunctionResultContent result) =>
        result.Exception is not null || (result.AdditionalProperties?.TryGetValue(ModelProperties.IsError, out var failed) == true && failed is true or JsonElement { ValueKind: JsonValueKind.True });

    /// <summary>A text without halves of characters (as a cut through an emoji leaves), which cannot be written as UTF-8 and would make the writer throw.</summary>
    public static string Plain(object? value)
    {
        var text = value switch
        {
            null => "",
            string s => s,
            JsonElement { ValueKind: JsonValueKind.String } element => element.GetString()!,
            _ => value.ToString() ?? "",
        };
        return text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? text : WithoutHalves(text);
    }

    private static string WithoutHalves(string text) =>
        string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                var pair = char.IsHighSurrogate(from[i]) && i + 1 < from.Length && char.IsLowSurrogate(from[i + 1]);
                to[i] = pair || !char.IsSurrogate(from[i]) ? from[i] : '\ufffd';
                if (pair) to[++i] = from[i];
            }
        });

    /// <summary>A value as JSON.</summary>
    public static string Text(object? value)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, PooledRequest.JsonOptions)) Write(json, value);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteObject(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, IEnumerable items)
    {
        json.WriteStartArray();
        foreach (var item in items) Write(json, item);
        json.WriteEndArray();
    }
}
