using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>A query's conversation as a model gets it.</summary>
internal static class Messages
{
    /// <summary>One piece of the conversation.</summary>
    public static ChatMessage[] Of(QueryItem item) => item switch
    {
        SaidItem said => [new ChatMessage(ChatRole.User, said.Text)],
        TurnItem { Tools.Count: > 0 } turn => [Assistant(turn.Turn), new ChatMessage(ChatRole.Tool, [.. turn.Tools.Select(Result)])],
        TurnItem turn => [Assistant(turn.Turn)],
        _ => [],
    };

    private static ChatMessage Assistant(AssistantTurn turn)
    {
        var contents = new List<AIContent>();
        foreach (var thought in turn.Thoughts ?? []) contents.Add(new TextReasoningContent(thought.Text) { ProtectedData = thought.Signature });
        if (turn.Text.Length > 0) contents.Add(new TextContent(turn.Text));
        foreach (var call in turn.Calls) contents.Add(Call(call));
        return new ChatMessage(ChatRole.Assistant, contents);
    }

    private static FunctionCallContent Call(RequestedCall call)
    {
        if (ToolArguments.TryParse(call.Arguments, out var arguments))
            return new FunctionCallContent(call.Id, call.Tool, arguments.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value, StringComparer.Ordinal));
        return new FunctionCallContent(call.Id, call.Tool, new Dictionary<string, object?>());
    }

    private static FunctionResultContent Result(ToolSlot slot) => new(slot.Request.Id, slot.Result ?? "")
    {
        AdditionalProperties = slot.IsError ? new AdditionalPropertiesDictionary { [ModelProperties.IsError] = true } : null,
    };
}

/// <summary>Arguments of tool calls, as models write them.</summary>
internal static class ToolArguments
{
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 32 };

    /// <summary>Reads them; false when they are no JSON object, or have a member twice.</summary>
    public static bool TryParse(string text, out JsonElement arguments)
    {
        arguments = default;
        try
        {
            using var json = JsonDocument.Parse(text.Length == 0 ? "{}" : text, Bounded);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return false;
            var names = new HashSet<string>(StringComparer.Ordinal);
            if (!json.RootElement.EnumerateObject().All(p => names.Add(p.Name))) return false;
            arguments = json.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
