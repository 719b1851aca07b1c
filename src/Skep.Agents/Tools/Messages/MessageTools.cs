using System.Text;
using System.Text.Json;
using Skep.Orchestration;
using Skep.Orchestration.Coordination;

namespace Skep.Agents.Tools;

/// <summary><c>notify</c>: a message to other agents or people. The sender is always the agent that calls.</summary>
internal sealed class NotifyTool(MessagesFamily messages) : BuiltInTool(Schema)
{
    private const string Schema = """
        {"type":"object","properties":{
        "to":{"type":"array","minItems":1,"maxItems":20,"items":{"type":"string","minLength":1,"maxLength":200},"description":"Names of agents or people, or 'all'"},
        "text":{"type":"string","minLength":1,"maxLength":16000,"description":"What to say"},
        "level":{"type":"string","enum":["info","warning","error"],"description":"How urgent; default info"}},
        "required":["to","text"],"additionalProperties":false}
        """;

    public override string Name => "notify";

    public override string Description => "Sends a message to other agents or people; they read it when they look into their inboxes.";

    public override ToolKind Kind => ToolKind.Write;

    public override ToolRepeat Repeat => ToolRepeat.Keyed;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var to = args.List("to");
        if (to.FirstOrDefault(t => t.Contains(',') || t.Trim() != t) is { } odd) throw new ToolRefusal($"'{Text.Shorten(odd, 60)}' is no name: give one name per item, without commas and blanks around it");
        // Line ends and nothing else that a terminal obeys: people read messages there.
        var text = Untrusted.Clean(call.Agent.Mask(args.Need("text")));
        if (text.Trim().Length == 0) throw new ToolRefusal("'text' has nothing in it that can be seen");
        var sent = await messages.AskAsync(
            call,
            "send",
            "notify",
            json =>
            {
                json.WriteString("to", string.Join(',', to));
                json.WriteString("text", text);
                json.WriteString("level", args.Text("level") ?? "info");
            },
            cancel);
        var names = sent.GetProperty("delivered").EnumerateArray().Select(d => d.GetString());
        var notes = sent.TryGetProperty("notes", out var told) ? told.EnumerateArray().Select(n => n.GetString() ?? "") : [];
        return new ToolResult($"Delivered to: {Text.Shorten(string.Join(", ", names), 1000)}.".With(notes));
    }
}

/// <summary><c>read_inbox</c>: messages for the agent that calls, each once.</summary>
internal sealed class ReadInboxTool(MessagesFamily messages) : BuiltInTool(Schema)
{
    /// <summary>Most messages of one answer: the longest ones fit together, for what was handed out counts as read.</summary>
    public const int MaxMessages = 3;

    private const int MaxEach = 19_000;
    private const int MaxContext = 2000;

    private const string Schema = """{"type":"object","properties":{},"additionalProperties":false}""";

    public override string Name => "read_inbox";

    public override string Description => "Reads the oldest messages for you that you have not read, up to 3 at once.";

    public override ToolKind Kind => ToolKind.Read;

    // The same call gets the same messages again.
    public override ToolRepeat Repeat => ToolRepeat.Keyed;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var inbox = await messages.AskAsync(call, "inbox", "inbox", json => json.WriteNumber("limit", MaxMessages), cancel);
        var found = inbox.GetProperty("messages").EnumerateArray().Select(m => Shown(m, call.Agent.Mask)).ToList();
        if (found.Count == 0) return new ToolResult("No new messages.");
        var unread = inbox.GetProperty("unread").GetInt64();
        return new ToolResult($"{found.Count} messages{(unread > 0 ? $"; {unread} more wait, call again" : "")}.\n{string.Join('\n', found)}");
    }

    private static string Shown(JsonElement message, Func<string, string> mask)
    {
        var text = new StringBuilder(message.GetProperty("text").GetString());
        if (message.TryGetProperty("data", out var data)) text.Append("\nContext: ").Append(Text.Shorten(data.GetRawText(), MaxContext));
        var about = message.TryGetProperty("task", out var task) ? $" about task {task.GetString()}" : "";
        return Untrusted.Wrap($"{message.GetProperty("kind").GetString()} {message.GetProperty("id").GetInt64()} from {message.GetProperty("from").GetString()}{about}", mask(text.ToString()), MaxEach);
    }
}
