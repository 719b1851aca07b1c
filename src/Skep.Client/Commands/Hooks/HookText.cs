using System.Text;
using System.Text.Json;
using Skep.Client.Terminal;

namespace Skep.Client.Commands.Hooks;

/// <summary>A hook's answer as text for people and agents: one part per section, whichever hook it was.</summary>
internal static class HookText
{
    private const int MaxCells = 400;

    /// <summary>The text; empty when there is nothing to tell.</summary>
    public static string Of(JsonElement answer)
    {
        var text = new StringBuilder();
        if (answer.ValueKind != JsonValueKind.Object) return "";
        Session(text, answer);
        List(text, answer, "unfinished", "Unfinished tasks", t => $"{Get(t, "task")}{Part(t, "subject", ": ")}{Part(t, "agent", " — ")}{Part(t, "run", ", run ")}");
        List(text, answer, "edits", "Last edits", e => $"{Get(e, "subject")}  {Short(Get(e, "sha256"))}{Part(e, "since", "  ")}{Part(e, "agent", "  by ")}  {Get(e, "at")}");
        List(text, answer, "messages", "Messages", MessageLine);
        Names(text, answer, "memory", "Memory");
        List(text, answer, "claims", "Claims", ClaimLine);
        List(text, answer, "released", "Claims given back", ClaimLine);
        List(text, answer, "agents", "Agents", a => $"{Get(a, "name")}  last heard of {Get(a, "last")}");
        Numbers(text, answer, "performance", "Performance");
        Numbers(text, answer, "kinds", "Facts by kind");
        List(text, answer, "sessions", "Sessions", s => $"{Get(s, "id")}{Part(s, "agent", "  ")}  {Get(s, "edits")} edits, {Get(s, "commands")} commands, {Get(s, "tasks")} tasks{(s.TryGetProperty("ended", out _) ? ", ended" : "")}");
        if (Get(answer, "unread") is { Length: > 0 } unread && unread != "0") text.Append($"{unread} messages wait: skep inbox\n");
        if (Get(answer, "summary") is { Length: > 0 } summary) Line(text, summary);
        return text.ToString();
    }

    /// <summary>One message as a line.</summary>
    public static string MessageLine(JsonElement m) =>
        $"#{Get(m, "id")} {Get(m, "from")}{(Get(m, "kind") is "note" ? "" : $" ({Get(m, "kind")}{Part(m, "replyTo", " to #")})")}{(Get(m, "late") == "true" ? " late" : "")}{(Get(m, "level") is "" or "info" ? "" : $" [{Get(m, "level")}]")}: {Get(m, "text")}";

    /// <summary>One claim as a line.</summary>
    public static string ClaimLine(JsonElement c) =>
        $"{Get(c, "glob")}  {Get(c, "holder")}{(Get(c, "exclusive") == "true" ? "  exclusive" : "")}{Part(c, "task", "  for ")}{Part(c, "expires", "  until ")}{Part(c, "note", "  ")}";

    /// <summary>A member as text; empty when it is not there.</summary>
    public static string Get(JsonElement value, string member) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(member, out var found) ? found.ValueKind switch { JsonValueKind.String => found.GetString()!, JsonValueKind.True => "true", JsonValueKind.False => "false", JsonValueKind.Number => found.GetRawText(), _ => "" } : "";

    private static void Session(StringBuilder text, JsonElement answer)
    {
        if (!answer.TryGetProperty("session", out var session) || session.ValueKind != JsonValueKind.Object) return;
        Line(text, $"Session {Get(session, "id")}{Part(session, "agent", " of ")}, since {Get(session, "started")}{Part(session, "ended", ", ended ")}: {Get(session, "edits")} edits, {Get(session, "commands")} commands, {Get(session, "tasks")} tasks, {Get(session, "failed")} failed");
    }

    private static void List(StringBuilder text, JsonElement answer, string member, string title, Func<JsonElement, string> line)
    {
        if (!answer.TryGetProperty(member, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) return;
        text.Append(title).Append(":\n");
        foreach (var item in list.EnumerateArray()) Line(text, "  " + line(item));
    }

    private static void Names(StringBuilder text, JsonElement answer, string member, string title)
    {
        if (!answer.TryGetProperty(member, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) return;
        text.Append(title).Append(":\n");
        foreach (var item in list.EnumerateArray()) Line(text, "  " + item.GetString());
    }

    private static void Numbers(StringBuilder text, JsonElement answer, string member, string title)
    {
        if (!answer.TryGetProperty(member, out var numbers) || numbers.ValueKind != JsonValueKind.Object) return;
        text.Append(title).Append(":\n");
        foreach (var item in numbers.EnumerateObject()) Line(text, $"  {item.Name} {item.Value.GetRawText()}");
    }

    private static string Part(JsonElement value, string member, string before) => Get(value, member) is { Length: > 0 } text ? before + text : "";

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;

    private static void Line(StringBuilder text, string line) => text.Append(PlainLine.Fit(PlainLine.Clean(line), MaxCells)).Append('\n');
}
