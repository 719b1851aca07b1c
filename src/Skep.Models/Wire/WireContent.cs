using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Skep.Models.Wire;

/// <summary>What both formats ask of messages and tools.</summary>
internal static class WireContent
{
    /// <summary>Refuses content that would otherwise be left out unseen.</summary>
    /// <exception cref="ModelException"><see cref="ModelFault.BadRequest"/>.</exception>
    public static void Check(ChatMessage message)
    {
        foreach (var content in message.Contents)
        {
            if (content is TextContent or TextReasoningContent or FunctionCallContent or FunctionResultContent or UsageContent) continue;
            throw new ModelException(ModelFault.BadRequest,
                $"a {message.Role} message holds {content.GetType().Name}, which these clients cannot send. Send text, reasoning, tool calls and tool results only");
        }
    }

    /// <summary>Whether a message is of the system; newer OpenAI clients call that role developer.</summary>
    public static bool IsSystem(ChatMessage message) => message.Role == ChatRole.System || message.Role.Value == "developer";

    /// <summary>The declaration of a tool that a model can be offered.</summary>
    /// <exception cref="ModelException"><see cref="ModelFault.BadRequest"/>.</exception>
    public static AIFunctionDeclaration Function(AITool tool) => tool as AIFunctionDeclaration ??
        throw new ModelException(ModelFault.BadRequest, $"tool '{tool.Name}' is a {tool.GetType().Name}, which runs at a provider. Offer functions (AIFunctionDeclaration) only");

    /// <summary>A tool without parameters still has the schema of an object with members; some servers demand as much.</summary>
    public static void WriteSchema(Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement schema)
    {
        json.WritePropertyName(name);
        if (schema.Has("type"u8, out _) && schema.Has("properties"u8, out _))
        {
            schema.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        if (!schema.Has("type"u8, out _)) json.WriteString("type"u8, "object"u8);
        if (schema.ValueKind == JsonValueKind.Object) foreach (var member in schema.EnumerateObject()) member.WriteTo(json);
        if (!schema.Has("properties"u8, out _))
        {
            json.WriteStartObject("properties"u8);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static void WriteStrings(Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(JsonValues.Plain(text));
        json.WriteEndArray();
    }
}
