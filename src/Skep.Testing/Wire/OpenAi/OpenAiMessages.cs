using System.Text.Json;

namespace Skep.Testing.Wire.OpenAi;

/// <summary>Reads and checks the messages of a chat completion: above all that calls and results of tools belong together.</summary>
internal sealed class OpenAiMessages
{
    private readonly List<string> _system = [];
    private readonly List<ModelMessage> _messages = [];
    private readonly Dictionary<string, string> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly List<ModelToolResult> _results = [];
    private bool _isAfterCalls;
    private int _callsAt;

    private OpenAiMessages()
    {
    }

    public string System => string.Join('\n', _system);

    public IReadOnlyList<ModelMessage> Messages => _messages;

    /// <summary>Reads them.</summary>
    /// <exception cref="WireRefusal">The real server refuses them.</exception>
    public static OpenAiMessages Read(IReadOnlyList<JsonElement> messages)
    {
        var reader = new OpenAiMessages();
        for (var i = 0; i < messages.Count; i++) reader.Add(messages[i], i);
        reader.EndResults();
        return reader;
    }

    private void Add(JsonElement message, int i)
    {
        var role = message.Text("role") ?? throw OpenAiReader.Missing($"messages[{i}].role");
        if (role != "tool") EndResults();
        switch (role)
        {
            case "system" or "developer":
                _system.Add(Content(message, i));
                break;
            case "user":
                _messages.Add(new ModelMessage(ModelRole.User, Content(message, i)));
                break;
            case "assistant":
                AddAssistant(message, i);
                break;
            case "tool":
                AddResult(message, i);
                break;
            default:
                throw WireRefusal.Invalid($"Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", $"messages[{i}].role", "invalid_value");
        }
    }

    private void AddAssistant(JsonElement message, int i)
    {
        var calls = message.Get("tool_calls");
        if (calls is { ValueKind: not JsonValueKind.Array } || calls?.GetArrayLength() == 0)
            throw WireRefusal.Invalid($"Invalid 'messages[{i}].tool_calls': empty array. Expected an array with minimum length 1, but got an empty array instead.", $"messages[{i}].tool_calls", "empty_array");
        var text = message.Get("content") is null && (calls is not null || message.Get("refusal") is not null) ? "" : Content(message, i);
        List<ModelToolCall> read = [];
        foreach (var call in message.Items("tool_calls")) read.Add(Call(call, $"messages[{i}].tool_calls[{read.Count}]"));
        _messages.Add(new ModelMessage(ModelRole.Assistant, text) { Calls = read });
        _answered.Clear();
        (_isAfterCalls, _callsAt) = (read.Count > 0, i);
        foreach (var call in read)
            if (!_open.TryAdd(call.Id, call.Name))
                throw WireRefusal.Invalid($"Duplicate value for 'tool_call_id' of '{call.Id}' in message[{i}].", $"messages[{i}].tool_calls", "invalid_value");
    }

    private static ModelToolCall Call(JsonElement call, string at)
    {
        var id = call.Text("id") ?? throw OpenAiReader.Missing($"{at}.id");
        if (call.Text("type") is not { } type) throw OpenAiReader.Missing($"{at}.type");
        if (type != "function") throw WireRefusal.Invalid($"Invalid value: '{type}'. Supported values are: 'function' and 'custom'.", $"{at}.type", "invalid_value");
        if (call.Get("function") is not { } function) throw OpenAiReader.Missing($"{at}.function");
        var name = function.Text("name") ?? throw OpenAiReader.Missing($"{at}.function.name");
        if (function.Get("arguments") is not { } arguments) throw OpenAiReader.Missing($"{at}.function.arguments");
        if (arguments.ValueKind != JsonValueKind.String)
            throw WireRefusal.Invalid($"Invalid type for '{at}.function.arguments': expected a string, but got {arguments.TypeName()} instead.", $"{at}.function.arguments", "invalid_type");
        return new ModelToolCall(id, name, arguments.GetString()!);
    }

    private void AddResult(JsonElement message, int i)
    {
        if (!_isAfterCalls)
            throw WireRefusal.Invalid("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", $"messages.[{i}].role");
        var id = message.Text("tool_call_id")
            ?? throw WireRefusal.Invalid("Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'.", $"messages.[{i}].tool_call_id");
        if (_answered.Contains(id)) throw WireRefusal.Invalid($"Duplicate value for 'tool_call_id' of '{id}' in message[{i}].", $"messages.[{i}].tool_call_id");
        if (!_open.Remove(id, out var name))
            throw WireRefusal.Invalid($"Invalid parameter: 'tool_call_id' of '{id}' not found in 'tool_calls' of previous message.", $"messages.[{i}].tool_call_id");
        _answered.Add(id);
        _results.Add(new ModelToolResult(id, name, Content(message, i)));
    }

    /// <summary>Something else than a result follows: all calls must have theirs.</summary>
    private void EndResults()
    {
        if (_open.Count > 0)
            throw WireRefusal.Invalid($"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {string.Join(", ", _open.Keys)}", $"messages.[{_callsAt}].role");
        if (_results.Count > 0) _messages.Add(new ModelMessage(ModelRole.Tool, "") { Results = [.. _results] });
        _results.Clear();
        _isAfterCalls = false;
    }

    private static string Content(JsonElement message, int i)
    {
        if (!message.TryGetProperty("content", out var content)) throw OpenAiReader.Missing($"messages[{i}].content");
        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Concat(content.EnumerateArray().Select((part, p) => Part(part, $"messages[{i}].content[{p}]"))),
            JsonValueKind.Null => throw WireRefusal.Invalid("Invalid value for 'content': expected a string, got null.", $"messages.[{i}].content"),
            _ => throw WireRefusal.Invalid($"Invalid type for 'messages[{i}].content': expected one of a string or array of objects, but got {content.TypeName()} instead.", $"messages[{i}].content", "invalid_type"),
        };
    }

    private static string Part(JsonElement part, string at)
    {
        var type = part.Text("type") ?? throw OpenAiReader.Missing($"{at}.type");
        return type == "text" ? part.Text("text") ?? throw OpenAiReader.Missing($"{at}.text") : $"[{type}]";
    }
}
