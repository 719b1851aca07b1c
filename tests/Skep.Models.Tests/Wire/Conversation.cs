using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Skep.Models.Tests.Wire;

/// <summary>A conversation that has everything in it, and tools.</summary>
internal static class Conversation
{
    public static readonly AIFunctionDeclaration Weather = AIFunctionFactory.CreateDeclaration("weather", "Tells the weather.",
        JsonDocument.Parse("""{"type":"object","properties":{"place":{"type":"string"}},"required":["place"]}""").RootElement);

    public static readonly AIFunctionDeclaration Now = AIFunctionFactory.CreateDeclaration("now", null, JsonDocument.Parse("{}").RootElement);

    /// <summary>A system prompt, a question, an answer with two calls, their results (one failed), and a remark: a whole turn of the loop.</summary>
    public static List<ChatMessage> WithTools() =>
    [
        new(ChatRole.System, "You know the weather."),
        new(ChatRole.User, "Zürich and Köln?"),
        new(ChatRole.Assistant,
        [
            new TextReasoningContent("two places") { ProtectedData = "EqQB" },
            new TextReasoningContent("") { ProtectedData = "redacted:EmwK" },
            new TextContent("I look."),
            new FunctionCallContent("call_a", "weather", new Dictionary<string, object?> { ["place"] = "Zürich" }),
            new FunctionCallContent("functions.weather:1", "weather", new Dictionary<string, object?> { ["place"] = JsonElement("\"Köln\""), ["days"] = 3 }),
        ]),
        new(ChatRole.Tool, [new FunctionResultContent("call_a", "sunny")]),
        new(ChatRole.Tool, [new FunctionResultContent("functions.weather:1", null) { Exception = new TimeoutException("no answer") }]),
        new(ChatRole.User, "Be quick."),
    ];

    public static JsonElement JsonElement(string json) => JsonDocument.Parse(json).RootElement;

    /// <summary>As it is sent, made readable.</summary>
    public static string Indented(string json)
    {
        using var document = JsonDocument.Parse(json);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) document.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
