using System.Text.Json;
using Skep.Orchestration;

namespace Skep.Coding.Agents;

/// <summary>
/// The events of Claude Code's <c>stream-json</c>: <c>system</c> (the session), <c>assistant</c> (text, tool calls, usage), <c>user</c> (results of tools) and
/// <c>result</c>. Kinds that are not known are passed over; a line that cannot be read is told, and is not fatal.
/// </summary>
/// <param name="known">Names of messages that an earlier process of the same session has told: they are not told, and not counted, again.</param>
internal sealed class ClaudeStream(IEnumerable<string> known) : ICliStream
{
    private readonly HashSet<string> _known = new(known, StringComparer.Ordinal);
    private readonly HashSet<string> _openTools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _tokens = new(StringComparer.Ordinal);
    private long _summed;
    private int _turns;

    /// <summary>Of a session that begins.</summary>
    public ClaudeStream() : this([])
    {
    }

    /// <inheritdoc />
    public AgentEnded? AtEnd => null;

    /// <inheritdoc />
    public IEnumerable<StreamEvent> Read(string line)
    {
        if (string.IsNullOrWhiteSpace(line)) return [];
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Events(document.RootElement) : [new OddLine(line)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return [new OddLine(line)];
        }
    }

    private List<StreamEvent> Events(JsonElement root)
    {
        switch (Text(root, "type"))
        {
            case "system" when Text(root, "subtype") == "init" && Text(root, "session_id") is { Length: > 0 } session: return [new SessionBegan(session)];
            case "assistant" when root.TryGetProperty("message", out var message): return Said(message);
            case "user" when root.TryGetProperty("message", out var message): return Answered(message);
            case "result": return Ended(root);
            default: return [];
        }
    }

    private List<StreamEvent> Said(JsonElement message)
    {
        var (events, id) = (new List<StreamEvent>(), Text(message, "id") ?? "");
        if (id.Length > CodingLimits.MaxId || _known.Contains(id)) return events;
        foreach (var block in Blocks(message))
        {
            if (Text(block, "type") == "text" && Text(block, "text") is { Length: > 0 } text) events.Add(new AgentSaid(text, id));
            else if (Text(block, "type") == "tool_use") events.Add(Used(block, id));
        }

        if (message.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            Count(id, TokensOf(usage));
            events.Add(new UsageSeen(new AttemptUsage(_summed + _tokens.Values.Sum(), 0, _turns)));
        }

        return events;
    }

    /// <summary>A message comes in several events, one for each of its parts, each with the usage of the whole so far.</summary>
    private void Count(string message, long tokens)
    {
        if (!_tokens.ContainsKey(message)) _turns++;
        if (_tokens.Count >= CodingLimits.MaxMessages && !_tokens.ContainsKey(message))
        {
            _summed += _tokens.Values.Sum();
            _tokens.Clear();
        }

        _tokens[message] = tokens;
    }

    private AgentUsedTool Used(JsonElement block, string message)
    {
        // More than that at once is no agent's turn; the rest is waited for no more.
        if (Text(block, "id") is { Length: > 0 and <= CodingLimits.MaxId } id && _openTools.Count < CodingLimits.MaxMessages) _openTools.Add(id);
        return new AgentUsedTool(Text(block, "name") ?? "?", block.TryGetProperty("input", out var input) ? input.GetRawText() : "", message);
    }

    private List<StreamEvent> Answered(JsonElement message)
    {
        var (events, answered) = (new List<StreamEvent>(), false);
        foreach (var block in Blocks(message).Where(b => Text(b, "type") == "tool_result"))
        {
            answered |= Text(block, "tool_use_id") is { } id && _openTools.Remove(id);
            if (block.TryGetProperty("is_error", out var error) && error.ValueKind == JsonValueKind.True)
                events.Add(new ToolFailed(block.TryGetProperty("content", out var content) ? content.ValueKind == JsonValueKind.String ? content.GetString()! : content.GetRawText() : ""));
        }

        if (answered && _openTools.Count == 0) events.Add(new TurnSettled());
        return events;
    }

    private List<StreamEvent> Ended(JsonElement root)
    {
        var tokens = root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object ? TokensOf(usage) : 0;
        var cost = root.TryGetProperty("total_cost_usd", out var dollars) && dollars.ValueKind == JsonValueKind.Number ? dollars.GetDouble() : 0;
        var turns = (int)Number(root, "num_turns");
        // A result that says less than the messages did is not believed: what was used, was used.
        var sum = new AttemptUsage(Math.Max(tokens, _summed + _tokens.Values.Sum()), double.IsFinite(cost) && cost > 0 ? cost : 0, Math.Max(turns, _turns));
        var answer = Text(root, "result") ?? "";
        var failed = root.TryGetProperty("is_error", out var flag) && flag.ValueKind == JsonValueKind.True;
        var kind = Text(root, "subtype") ?? "";
        var error = !failed && kind is "success" or "" ? null : answer.Length > 0 ? answer : ErrorsOf(root) ?? $"it ended with '{kind}'";
        if (failed && error is null) error = answer.Length > 0 ? answer : $"it ended with '{kind}'";
        return [new UsageSeen(sum), new AgentEnded(answer, error)];
    }

    private static string? ErrorsOf(JsonElement root) =>
        root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0
            ? string.Join("; ", errors.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? e.GetString() : e.GetRawText())) : null;

    private static long TokensOf(JsonElement usage) =>
        Number(usage, "input_tokens") + Number(usage, "output_tokens") + Number(usage, "cache_creation_input_tokens") + Number(usage, "cache_read_input_tokens");

    private static long Number(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number is > 0 and < int.MaxValue ? number : 0;

    private static IEnumerable<JsonElement> Blocks(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
            ? content.EnumerateArray().Where(b => b.ValueKind == JsonValueKind.Object) : [];

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
