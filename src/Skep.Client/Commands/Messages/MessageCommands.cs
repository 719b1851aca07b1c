using System.CommandLine;
using System.Text.Json;
using Skep.Client.Commands.Hooks;
using Skep.Client.Terminal;
using Skep.Orchestration.Coordination;

namespace Skep.Client.Commands.Messages;

/// <summary><c>skep inbox</c>: what was sent to an agent. What is shown counts as read.</summary>
internal sealed class InboxCommand : MessageVerb
{
    private readonly Option<bool> _peek = new("--peek") { Description = "Only look: the messages stay new." };
    private readonly Option<bool> _all = new("--all") { Description = "Also what was read already." };
    private readonly Option<string?> _wait = new("--wait") { Description = "Wait for a message for so long, such as 30s.", HelpName = "TIME" };

    public InboxCommand(CliContext cli) : base(cli, "inbox", "Shows what was sent to an agent. What is shown counts as read.", "skep inbox", "skep inbox --agent reviewer --wait 30s")
    {
        Add(_peek);
        Add(_all);
        Add(_wait);
        Complete(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_wait) is { } time)
        {
            var agent = Agent(parsed);
            await new Waiting(Cli, Folder(parsed)).UntilAsync(
                "messages.wait", json => json.WriteString("agent", agent), a => HookText.Get(a, "unread") is "" or "0" ? null : "some",
                store => MessageReads.Unread(store, agent) > 0 ? "some" : null, Duration(time, "--wait"), cancel);
        }

        var (peek, all) = (parsed.GetValue(_peek), parsed.GetValue(_all));
        var answer = await AskAsync(parsed, "inbox", json =>
        {
            json.WriteBoolean("peek", peek);
            json.WriteBoolean("all", all);
        }, cancel);
        return Show(parsed, answer, Lines);
    }

    private static string Lines(JsonElement answer)
    {
        var lines = answer.GetProperty("messages").EnumerateArray().Select(m => $"{HookText.Get(m, "at")}  {MessageText.Lines(m)}\n").ToList();
        if (lines.Count == 0) return "no messages\n";
        var unread = HookText.Get(answer, "unread");
        return string.Concat(lines) + (unread is "0" or "" || lines.Count < MessagesFamily.MaxPage ? "" : $"{unread} more wait\n");
    }
}

/// <summary><c>skep send</c>: a message to agents.</summary>
internal sealed class SendCommand : MessageVerb
{
    private readonly Argument<string> _to = new("TO") { Description = "Names, separated by commas; 'all' for everybody who was heard of." };
    private readonly Argument<string> _text = new("TEXT") { Description = "The message." };
    private readonly Option<string?> _level = new("--level") { Description = "How urgent: info unless given.", HelpName = "LEVEL" };
    private readonly Option<string?> _channel = new("--channel") { Description = "What it is about.", HelpName = "NAME" };

    public SendCommand(CliContext cli) : base(cli, "send", "Sends a message to agents; 'skep inbox' shows it to them.", "skep send reviewer \"API is ready\"", "skep send all \"the build is broken\" --level warning")
    {
        Add(_to);
        Add(_text);
        Add(_level);
        Add(_channel);
        Complete(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var answer = await AskAsync(parsed, "send", json =>
        {
            json.WriteString("to", parsed.GetValue(_to));
            json.WriteString("text", Masked(parsed.GetValue(_text)!));
            json.Maybe("level", parsed.GetValue(_level));
            json.Maybe("channel", parsed.GetValue(_channel));
            json.Maybe("task", Identity.Task(Cli));
            json.Maybe("run", Identity.Run(Cli));
        }, cancel);
        return Show(parsed, answer, MessageText.Sent);
    }
}

/// <summary><c>skep ask</c>: a question, and the wait for its answer.</summary>
internal sealed class AskCommand : MessageVerb
{
    private readonly Argument<string> _to = new("AGENT") { Description = "Who is asked." };
    private readonly Argument<string> _text = new("QUESTION") { Description = "The question." };
    private readonly Option<string> _timeout = new("--timeout") { Description = "How long to wait for the answer.", HelpName = "TIME", DefaultValueFactory = _ => "60s" };

    public AskCommand(CliContext cli) : base(cli, "ask", "Asks an agent, and waits for its answer. An answer that comes too late goes into the inbox.", "skep ask reviewer \"may I merge?\" --timeout 5m")
    {
        Add(_to);
        Add(_text);
        Add(_timeout);
        Complete(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var limit = Duration(parsed.GetValue(_timeout)!, "--timeout");
        var asked = await AskAsync(parsed, "ask", json =>
        {
            json.WriteString("to", parsed.GetValue(_to));
            json.WriteString("text", Masked(parsed.GetValue(_text)!));
            json.WriteNumber("timeoutMs", (long)limit.TotalMilliseconds);
            json.Maybe("task", Identity.Task(Cli));
            json.Maybe("run", Identity.Run(Cli));
        }, cancel);
        var question = asked.GetProperty("message").GetInt64();
        var reply = await new Waiting(Cli, Folder(parsed)).UntilAsync(
            "messages.await", json => json.WriteNumber("message", question), a => a.TryGetProperty("reply", out var r) ? new ReplyText(r.GetProperty("id").GetInt64(), r) : null,
            store => MessageReads.ReplyTo(store, question) is { } r ? new ReplyText(r.GetProperty("id").GetInt64(), r) : null, limit, cancel);
        if (reply is null) throw new CliException(ExitCodes.Refused, $"{parsed.GetValue(_to)} did not answer question #{question} within {parsed.GetValue(_timeout)}; a later answer goes into your inbox");
        await AskAsync(parsed, "read", json =>
        {
            json.WriteStartArray("messages");
            json.WriteNumberValue(reply.Id);
            json.WriteEndArray();
        }, cancel);
        return Show(parsed, reply.Message, m => MessageText.Clean(HookText.Get(m, "text")) + "\n");
    }

    private sealed record ReplyText(long Id, JsonElement Message);
}

/// <summary><c>skep reply</c>: the answer to a question or a message.</summary>
internal sealed class ReplyCommand : MessageVerb
{
    private readonly Argument<long> _message = new("MESSAGE") { Description = "Number of the message, as 'skep inbox' shows it." };
    private readonly Argument<string> _text = new("TEXT") { Description = "The answer." };

    public ReplyCommand(CliContext cli) : base(cli, "reply", "Answers a message. Whoever asked and still waits gets it at once.", "skep reply 12 \"yes, after the tests\"")
    {
        Add(_message);
        Add(_text);
        Complete(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var answer = await AskAsync(parsed, "reply", json =>
        {
            json.WriteNumber("message", parsed.GetValue(_message));
            json.WriteString("text", Masked(parsed.GetValue(_text)!));
        }, cancel);
        if (HookText.Get(answer, "late") == "true") Cli.Error.WriteLine("note: the asker no longer waits; the answer is in the inbox, marked as late");
        return Show(parsed, answer, MessageText.Sent);
    }
}

/// <summary><c>skep handover</c>: gives a task to another agent with what it needs.</summary>
internal sealed class HandoverCommand : MessageVerb
{
    private readonly Argument<string> _task = new("TASK") { Description = "The task." };
    private readonly Option<string> _to = new("--to") { Description = "Who takes it.", HelpName = "AGENT", Required = true };
    private readonly Option<string?> _note = new("--note") { Description = "What to know.", HelpName = "TEXT" };
    private readonly Option<string?> _run = new("--run") { Description = "The run; SKEP_RUN_ID unless given.", HelpName = "RUN" };

    public HandoverCommand(CliContext cli) : base(cli, "handover", "Gives a task to another agent: a message with its edits and memory; its claims move along.", "skep handover login --to ann --note \"the form is done, the tests are not\"")
    {
        Add(_task);
        Add(_to);
        Add(_note);
        Add(_run);
        Complete(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var answer = await AskAsync(parsed, "handover", json =>
        {
            json.WriteString("task", parsed.GetValue(_task));
            json.WriteString("to", parsed.GetValue(_to));
            json.Maybe("note", parsed.GetValue(_note) is { } note ? Masked(note) : null);
            json.Maybe("run", parsed.GetValue(_run) ?? Identity.Run(Cli));
        }, cancel);
        return Show(parsed, answer, a => MessageText.Sent(a) + HookText.Of(a));
    }
}

/// <summary>Messages as text.</summary>
internal static class MessageText
{
    /// <summary>Most that is shown of one message on a terminal; JSON has all.</summary>
    private const int MaxCells = 2000;

    public static string Lines(JsonElement message) => PlainLine.Fit(PlainLine.Clean(HookText.MessageLine(message)), MaxCells);

    public static string Clean(string text) => string.Join('\n', text.Split('\n').Select(PlainLine.Clean));

    public static string Sent(JsonElement answer)
    {
        var to = answer.GetProperty("delivered").EnumerateArray().Select(d => d.GetString()).ToList();
        return to.Count == 0 ? "" : PlainLine.Clean($"#{HookText.Get(answer, "message")} to {string.Join(", ", to)}") + "\n";
    }
}
