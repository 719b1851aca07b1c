using System.Text.Json;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;
using Skep.Plans;
using TaskStatus = Skep.Orchestration.TaskStatus;

namespace Skep.Mcp.Tools.Runs;

/// <summary>A run as JSON.</summary>
internal static class RunJson
{
    /// <summary>What is known of a run: its state, counts, tasks and gates, and what waits for somebody.</summary>
    public static void Write(Utf8JsonWriter json, RunState state, IReadOnlyList<string> live, DateTimeOffset now, int tasks = Bounds.DefaultRows)
    {
        Head(json, state, live, now);
        var nodes = state.Nodes.Where(n => n.Task is not null || n.Gate is not null).ToList();
        json.WriteStartObject("counts");
        foreach (var group in nodes.GroupBy(n => n.StateName())) json.WriteNumber(group.Key, group.Count());
        json.WriteEndObject();
        // What went wrong, then what is under way, then the rest: the first rows are those that matter.
        json.Rows("tasks", [.. nodes.OrderBy(n => n.Status.IsFailure() ? 0 : n.Status.IsInFlight() ? 1 : 2)], tasks, n => Node(json, state, n));
        Waiting(json, state);
    }

    /// <summary>The first facts of a run.</summary>
    public static void Head(Utf8JsonWriter json, RunState state, IReadOnlyList<string> live, DateTimeOffset now)
    {
        json.WriteString("run", state.Info!.Run);
        json.WriteString("plan", state.Info.Plan);
        json.WriteString("status", RunLook.Word(state, live));
        json.Cut("reason", state.Reason);
        json.Time("started_at", state.StartedAt);
        json.Time("ended_at", state.EndedAt);
        json.Seconds("seconds", (state.EndedAt ?? now) - state.StartedAt);
        json.WriteNumber("total", state.WorkTotal);
        json.WriteNumber("settled", state.WorkSettled);
        json.WriteNumber("failed", state.WorkFailed);
    }

    /// <summary>A task or gate.</summary>
    public static void Node(Utf8JsonWriter json, RunState state, NodeState node)
    {
        json.WriteString("id", node.Gate?.Id ?? node.Key);
        if (node.Gate is not null) json.WriteBoolean("gate", true);
        json.Cut("title", node.Task?.Title ?? node.Gate?.Title, 200);
        json.WriteString("status", node.Paused && !node.Status.IsSettled() ? "paused" : node.StateName());
        if (node.Task?.Agent is { } agent) json.WriteString("agent", agent);
        json.WriteNumber("attempts", node.Attempts.Count);
        if (node.Status is not (TaskStatus.Succeeded or TaskStatus.Pending)) json.Cut("reason", node.Reason ?? (node.Attempts.Count > 0 ? node.Attempts[^1].Result?.Error : null), Bounds.ShortValue);
        if (node.Attempts.Count > 0 && node.Attempts[^1] is { EndedAt: { } end } last) json.Seconds("seconds", last.Duration(end));
        if (node.Outputs.Count > 0) json.Texts("outputs", node.Outputs.Keys.Take(20));
    }

    /// <summary>Everything that one task has left.</summary>
    public static void Detail(Utf8JsonWriter json, RunState state, NodeState node, bool values)
    {
        Node(json, state, node);
        json.Time("ready_at", node.ReadyAt);
        json.Time("settled_at", node.SettledAt);
        if (node.Items is { } items) json.WriteNumber("items", items.Count);
        json.Rows("tries", node.Attempts, 20, a =>
        {
            json.WriteNumber("number", a.Number);
            json.Maybe("agent", a.AgentName ?? a.Agent);
            json.Time("started_at", a.StartedAt);
            json.Time("ended_at", a.EndedAt);
            json.Maybe("outcome", a.Result is { } result ? OutcomeOf(result.Outcome) : null);
            json.Cut("error", a.Result?.Error);
            json.Cut("evidence", a.Result?.Evidence);
            json.Maybe("log_file", a.Result?.LogFile);
        });
        if (values) Outputs(json, node, new OutputRoom());
    }

    /// <summary>What a task has put out, within what room there is.</summary>
    public static void Outputs(Utf8JsonWriter json, NodeState node, OutputRoom room)
    {
        json.WriteStartObject("output");
        foreach (var (name, value) in node.Outputs) json.WriteString(name, room.Take(value));
        json.WriteEndObject();
    }

    private static void Waiting(Utf8JsonWriter json, RunState state)
    {
        var votes = state.Nodes.Where(n => n.Gate?.Approval is not null && n.Current is not null).ToList();
        var questions = state.WorkNodes.Where(n => n.Gate is null && n.Current is { } a && state.Agent(a.Agent)?.Executor == ExecutorKinds.Human).ToList();
        if (votes.Count > 0) json.Rows("awaits_votes", votes, Bounds.DefaultRows, n =>
        {
            var rule = n.Gate!.Approval!;
            json.WriteString("gate", n.Gate.Id);
            json.Cut("asks", rule.Ask is null ? null : RunLook.Question(state, n, rule.Ask));
            json.WriteString("stands", Approvals.Waiting(rule, n.Votes));
            json.Texts("roles", Approvals.Awaited(rule, n.Votes));
            json.WriteString("how", "run_approve with run, gate, role and approved");
        });
        if (questions.Count > 0) json.Rows("awaits_answers", questions, Bounds.DefaultRows, n =>
        {
            json.WriteString("task", n.Key);
            json.Cut("question", RunLook.Question(state, n, n.Task?.Prompt));
            json.WriteString("how", "run_answer with run, task, approved and text");
        });
    }

    private static string OutcomeOf(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Succeeded => "succeeded",
        AttemptOutcome.Failed => "failed",
        AttemptOutcome.TimedOut => "timed-out",
        AttemptOutcome.Cancelled => "cancelled",
        _ => "lost",
    };
}

/// <summary>How many characters of outputs one answer still has room for.</summary>
internal sealed class OutputRoom
{
    private int _left = Bounds.Outputs;

    /// <summary>As much of a value as fits.</summary>
    public string Take(string value)
    {
        var most = Math.Min(Bounds.Value, _left);
        if (most < 2) return value.Length == 0 ? "" : "…";
        var shown = Text.Shorten(value, most);
        _left -= shown.Length;
        return shown;
    }
}
