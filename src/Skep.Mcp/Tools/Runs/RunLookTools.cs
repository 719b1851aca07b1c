using System.Text;
using System.Text.Json;
using Skep.Mcp.Catalogue;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;

namespace Skep.Mcp.Tools.Runs;

/// <summary><c>run_list</c>: the runs of the folder.</summary>
internal sealed class RunListTool() : McpTool(
    "run_list",
    "List runs",
    "Lists the runs of this folder, newest first.",
    ToolEffect.Looks,
    """{"type":"object","properties":{"limit":{"type":"integer","minimum":1,"maximum":200,"description":"Most runs. Default 20."}},"additionalProperties":false}""")
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var live = await RunLook.LiveAsync(call.Desk, cancel);
        var runs = RunReader.List(call.Desk.Store, call.Args.Whole("limit") ?? 20);
        return ToolReply.Of($"{Facts.Count(runs.Count, "run")}{(live.Count > 0 ? $", {live.Count} at work" : "")}", json => json.Rows("runs", runs, Bounds.Rows, r => Row(json, call, r, live)));
    }

    /// <summary>The stored summary of a run that is not over may lag behind; the log knows.</summary>
    private static void Row(Utf8JsonWriter json, ToolCall call, RunSummary summary, IReadOnlyList<string> live)
    {
        if (!summary.Status.IsEnded())
        {
            RunJson.Head(json, RunReader.Load(call.Desk.Store, call.Desk.Blobs, summary.Run), live, call.Desk.Now);
            return;
        }

        json.WriteString("run", summary.Run);
        json.WriteString("plan", summary.Plan);
        json.WriteString("status", summary.Status.Name());
        json.Time("started_at", summary.StartedAt);
        json.Time("ended_at", summary.EndedAt);
        json.Seconds("seconds", summary.EndedAt - summary.StartedAt);
        json.WriteNumber("total", summary.Total);
        json.WriteNumber("settled", summary.Settled);
        json.WriteNumber("failed", summary.Failed);
    }
}

/// <summary><c>run_status</c>: how a run stands.</summary>
internal sealed class RunStatusTool() : McpTool(
    "run_status",
    "State of a run",
    "Tells how a run stands: tasks, failures with their reasons, and what waits for votes or answers. With wait: as soon as it is over or needs somebody.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "run":{"type":"string","minLength":1,"maxLength":64,"description":"Id, a unique beginning of one, or last (the default)."},
      "task":{"type":"string","minLength":1,"maxLength":200,"description":"One task or gate, in detail."},
      "wait":{"type":"number","minimum":0,"maximum":3600,"description":"Seconds to wait. Default 0."},
      "limit":{"type":"integer","minimum":1,"maximum":200,"description":"Most tasks that are listed. Default 50."}},"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var run = RunLook.Find(call.Desk, call.Args.Text("run") ?? RunLook.Last);
        var follower = new RunFollower(call.Desk, run);
        if (call.Args.Number("wait") is > 0 and var wait) await follower.FollowAsync(TimeSpan.FromSeconds(wait), call.Tell, cancel);
        return await TellAsync(call, follower.State, call.Args.Text("task"), call.Args.Whole("limit") ?? Bounds.DefaultRows, cancel);
    }

    /// <summary>Tells of a run, or of one of its tasks.</summary>
    public static async Task<ToolReply> TellAsync(ToolCall call, RunState state, string? task, int limit, CancellationToken cancel)
    {
        var live = await RunLook.LiveAsync(call.Desk, cancel);
        var word = RunLook.Word(state, live);
        if (task is null) return ToolReply.Of($"{state.Info!.Run} is {word}: {state.WorkSettled} of {state.WorkTotal} settled, {state.WorkFailed} failed", json => RunJson.Write(json, state, live, call.Desk.Now, limit));
        var node = RunLook.Node(state, task);
        return ToolReply.Of($"{node.Gate?.Id ?? node.Key} of {state.Info!.Run} is {node.StateName()}", json =>
        {
            json.WriteString("run", state.Info.Run);
            json.WriteString("run_status", word);
            RunJson.Detail(json, state, node, values: true);
        });
    }
}

/// <summary><c>run_events</c>: the log of a run.</summary>
internal sealed class RunEventsTool() : McpTool(
    "run_events",
    "Log of a run",
    "Reads the event log of a run, page by page.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "run":{"type":"string","minLength":1,"maxLength":64,"description":"Id, a unique beginning of one, or last (the default)."},
      "from":{"type":"integer","minimum":1,"description":"Number of the first event. Default 1; an earlier answer gave next."},
      "limit":{"type":"integer","minimum":1,"maximum":200,"description":"Most events. Default 50."}},"additionalProperties":false}
    """)
{
    /// <summary>Most bytes of one event's facts; of longer ones the beginning is shown.</summary>
    private const int MaxEvent = 4 * 1024;

    /// <summary>Bytes after which a page takes no further event.</summary>
    private const int MaxPage = 64 * 1024;

    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var run = RunLook.Find(call.Desk, call.Args.Text("run") ?? RunLook.Last);
        var (from, most) = (call.Args.Whole("from") ?? 1, call.Args.Whole("limit") ?? Bounds.DefaultRows);
        var (rows, size, next) = (new List<(RecordedEvent Event, string Facts)>(), 0, (long?)null);
        foreach (var e in RunReader.Events(call.Desk.Store, run, from))
        {
            if (rows.Count == most || size > MaxPage)
            {
                next = e.Seq;
                break;
            }

            var facts = JsonBuild.Text(json =>
            {
                json.WritePropertyName("e");
                EventCodec.WritePayload(json, e.Event);
            });
            rows.Add((e, facts));
            size += Math.Min(Encoding.UTF8.GetByteCount(facts), MaxEvent);
        }

        return Task.FromResult(ToolReply.Of($"{Facts.Count(rows.Count, "event")} of {run}{(next is null ? "" : $"; more follow from {next}")}", json =>
        {
            json.WriteString("run", run);
            json.Rows("events", rows, Bounds.Rows, r => Row(json, r.Event, r.Facts));
            json.Maybe("next", next);
        }));
    }

    private static void Row(Utf8JsonWriter json, RecordedEvent e, string facts)
    {
        json.WriteNumber("seq", e.Seq);
        json.Time("at", e.At);
        json.WriteString("type", EventCodec.NameOf(e.Event));
        var inner = facts[5..^1]; // {"e":…}
        if (facts.Length > MaxEvent) json.WriteString("facts_cut", Text.Shorten(inner, MaxEvent));
        else
        {
            json.WritePropertyName("facts");
            json.WriteRawValue(inner);
        }
    }
}

/// <summary><c>run_report</c>: what came of a run.</summary>
internal sealed class RunReportTool() : McpTool(
    "run_report",
    "Report of a run",
    "Tells what came of a run: outcome, critical path, what took how long and why, gates with their evidence, costs. As Markdown.",
    ToolEffect.Looks,
    """{"type":"object","properties":{"run":{"type":"string","minLength":1,"maxLength":64,"description":"Id, a unique beginning of one, or last (the default)."}},"additionalProperties":false}""")
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var state = RunLook.Load(call.Desk, call.Args.Text("run") ?? RunLook.Last);
        var report = RunReport.Build(state, new RunReportOptions { Now = call.Desk.Now }).ToMarkdown();
        return Task.FromResult(ToolReply.Of($"report of {state.Info!.Run}", json =>
        {
            json.WriteString("run", state.Info.Run);
            json.WriteString("status", state.Status.Name());
            json.WriteString("markdown", Text.Shorten(report, Bounds.Value));
            if (report.Length > Bounds.Value) json.WriteNumber("characters", report.Length);
        }));
    }
}
