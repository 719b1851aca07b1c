using System.Text.Json;

namespace Skep.Testing.Wire.Anthropic;

/// <summary>Reads and checks messages in blocks: above all that calls and results of tools, and thinking and its signature, belong together.</summary>
internal sealed class AnthropicMessages
{
    private readonly List<ModelMessage> _messages = [];
    private readonly HashSet<string> _allCalls = new(StringComparer.Ordinal);
    private readonly bool _thinks;
    private readonly int _count;
    private Dictionary<string, string> _open = new(StringComparer.Ordinal);

    private AnthropicMessages(bool thinks, int count) => (_thinks, _count) = (thinks, count);

    /// <summary>Reads them. A user's message with results and text becomes two: what tools gave, and what the user said.</summary>
    /// <exception cref="WireRefusal">The real server refuses them.</exception>
    public static IReadOnlyList<ModelMessage> Read(IReadOnlyList<JsonElement> messages, bool thinks)
    {
        var reader = new AnthropicMessages(thinks, messages.Count);
        if (messages[0].Text("role") == "assistant") throw WireRefusal.Invalid("messages: first message must use the \"user\" role");
        for (var i = 0; i < messages.Count; i++) reader.Add(messages[i], i);
        reader.CheckNoneOpen(messages.Count - 1);
        return reader._messages;
    }

    /// <summary>The system text.</summary>
    /// <exception cref="WireRefusal">It is no text and no list of text blocks.</exception>
    public static string System(JsonElement body)
    {
        if (body.Get("system") is not { } system) return "";
        if (system.ValueKind == JsonValueKind.String) return system.GetString()!;
        if (system.ValueKind != JsonValueKind.Array) throw WireRefusal.Invalid("system: Input should be a valid string or list");
        return string.Join('\n', system.EnumerateArray().Select((block, b) => TextOf(block, $"system.{b}")));
    }

    private void Add(JsonElement message, int i)
    {
        switch (message.Text("role"))
        {
            case "user":
                AddUser(Blocks(message, i), i);
                break;
            case "assistant":
                CheckNoneOpen(i - 1);
                AddAssistant(Blocks(message, i), i);
                break;
            case "system":
                throw WireRefusal.Invalid("messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.");
            default:
                throw WireRefusal.Invalid($"messages.{i}.role: Input should be 'user' or 'assistant'");
        }
    }

    private void AddUser(List<JsonElement> blocks, int i)
    {
        List<ModelToolResult> results = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<string> texts = [];
        for (var b = 0; b < blocks.Count; b++)
        {
            var at = $"messages.{i}.content.{b}";
            var type = blocks[b].Text("type") ?? throw WireRefusal.Invalid($"{at}.type: Field required");
            if (type == "tool_result")
            {
                // Behind other blocks the real server no longer counts a result as coming immediately after its call.
                if (texts.Count > 0) CheckNoneOpen(i - 1);
                results.Add(Result(blocks[b], at, seen));
            }
            else if (type is "tool_use" or "thinking" or "redacted_thinking")
            {
                throw WireRefusal.Invalid($"messages.{i}: `{type}` blocks can only be in `assistant` messages");
            }
            else
            {
                texts.Add(type == "text" ? TextOf(blocks[b], at) : $"[{type}]");
            }
        }

        CheckNoneOpen(i - 1);
        if (results.Count > 0) _messages.Add(new ModelMessage(ModelRole.Tool, "") { Results = results });
        if (texts.Count > 0) _messages.Add(new ModelMessage(ModelRole.User, string.Concat(texts)));
    }

    private ModelToolResult Result(JsonElement block, string at, HashSet<string> seen)
    {
        var id = block.Text("tool_use_id") ?? throw WireRefusal.Invalid($"{at}.tool_result.tool_use_id: Field required");
        if (!seen.Add(id)) throw WireRefusal.Invalid($"{at}: each tool_use must have a single result. Found multiple `tool_result` blocks with id: {id}");
        if (!_open.Remove(id, out var name))
            throw WireRefusal.Invalid($"{at}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
        var text = block.Get("content") switch
        {
            null => "",
            { ValueKind: JsonValueKind.String } content => content.GetString()!,
            { ValueKind: JsonValueKind.Array } content => string.Concat(content.EnumerateArray().Select((part, p) => part.Text("type") == "text" ? TextOf(part, $"{at}.content.{p}") : $"[{part.Text("type")}]")),
            _ => throw WireRefusal.Invalid($"{at}.tool_result.content: Input should be a valid string or list"),
        };
        return new ModelToolResult(id, name, text, block.IsTrue("is_error"));
    }

    private void AddAssistant(List<JsonElement> blocks, int i)
    {
        List<ModelToolCall> calls = [];
        List<string> texts = [];
        var isThinking = false;
        for (var b = 0; b < blocks.Count; b++)
        {
            var at = $"messages.{i}.content.{b}";
            switch (blocks[b].Text("type"))
            {
                case "text":
                    texts.Add(TextOf(blocks[b], at));
                    break;
                case "thinking":
                    CheckSignature(blocks[b], at);
                    isThinking = true;
                    break;
                case "redacted_thinking":
                    isThinking = true;
                    break;
                case "tool_use":
                    calls.Add(Call(blocks[b], at, isThinking));
                    break;
                case var other:
                    throw WireRefusal.Invalid($"{at}: Input tag '{other}' found using 'type' does not match any of the expected tags: 'redacted_thinking', 'text', 'thinking', 'tool_use'");
            }
        }

        var text = string.Concat(texts);
        if (i == _count - 1 && text.Length > 0 && char.IsWhiteSpace(text[^1])) throw WireRefusal.Invalid("messages: final assistant content cannot end with trailing whitespace");
        _messages.Add(new ModelMessage(ModelRole.Assistant, text) { Calls = calls });
        _open = calls.ToDictionary(c => c.Id, c => c.Name, StringComparer.Ordinal);
    }

    private ModelToolCall Call(JsonElement block, string at, bool isThinking)
    {
        var id = block.Text("id") ?? throw WireRefusal.Invalid($"{at}.tool_use.id: Field required");
        var name = block.Text("name") ?? throw WireRefusal.Invalid($"{at}.tool_use.name: Field required");
        if (block.Get("input") is not { } input) throw WireRefusal.Invalid($"{at}.tool_use.input: Field required");
        if (input.ValueKind != JsonValueKind.Object) throw WireRefusal.Invalid($"{at}.tool_use.input: Input should be a valid dictionary");
        if (!_allCalls.Add(id)) throw WireRefusal.Invalid($"{at}: `tool_use` ids must be unique");
        if (_thinks && !isThinking && ThinkingMarks.WasThoughtBefore(id))
            throw WireRefusal.Invalid($"{at}.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).");
        return new ModelToolCall(id, name, input.GetRawText());
    }

    private static void CheckSignature(JsonElement block, string at)
    {
        var thinking = block.Text("thinking") ?? throw WireRefusal.Invalid($"{at}.thinking.thinking: Field required");
        var signature = block.Text("signature") ?? throw WireRefusal.Invalid($"{at}.thinking.signature: Field required");
        if (signature != ThinkingMarks.Signature(thinking)) throw WireRefusal.Invalid($"{at}: Invalid `signature` in `thinking` block");
    }

    private void CheckNoneOpen(int i)
    {
        if (_open.Count > 0)
            throw WireRefusal.Invalid($"messages.{i}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", _open.Keys)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
    }

    private List<JsonElement> Blocks(JsonElement message, int i)
    {
        if (message.Get("content") is not { } content) throw WireRefusal.Invalid($"messages.{i}.content: Field required");
        if (content.ValueKind == JsonValueKind.Array)
        {
            var blocks = content.EnumerateArray().ToList();
            if (blocks.Count == 0 && !(i == _count - 1 && message.Text("role") == "assistant")) throw Empty(i);
            return blocks;
        }

        if (content.ValueKind != JsonValueKind.String) throw WireRefusal.Invalid($"messages.{i}.content: Input should be a valid string or list");
        if (content.GetString()!.Length == 0) throw Empty(i);
        return [TextBlock(content)];
    }

    private static JsonElement TextBlock(JsonElement text)
    {
        using var document = JsonDocument.Parse($$"""{"type":"text","text":{{text.GetRawText()}}}""");
        return document.RootElement.Clone();
    }

    private static WireRefusal Empty(int i) =>
        WireRefusal.Invalid($"messages.{i}: all messages must have non-empty content except for the optional final assistant message");

    private static string TextOf(JsonElement block, string at)
    {
        var text = block.Text("text") ?? throw WireRefusal.Invalid($"{at}.text: Field required");
        return text.Length > 0 ? text : throw WireRefusal.Invalid("messages: text content blocks must be non-empty");
    }
}
