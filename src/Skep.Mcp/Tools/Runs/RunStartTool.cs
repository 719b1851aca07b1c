using System.Text.Json;
using Skep.Mcp.Catalogue;
using Skep.Mcp.Folder;
using Skep.Orchestration.Hooks;

namespace Skep.Mcp.Tools.Runs;

/// <summary><c>run_start</c>: starts a run of a plan.</summary>
internal sealed class RunStartTool() : McpTool(
    "run_start",
    "Start a run",
    "Starts a run of a YAML plan: its tasks really run, and survive a crash. Answers when the run is durable; with wait, when it is over, needs a person, or the time is up. Giving up the call does not stop the run.",
    ToolEffect.Adds,
    $$"""
    {"type":"object","properties":{ {{PlanText.Arguments}},
      "vars":{"type":"object","description":"Values of the plan's variables, by name.","additionalProperties":true},
      "id":{"type":"string","minLength":1,"maxLength":64,"description":"Id of the run; made of the plan's name and the time unless given."},
      "max_concurrency":{"type":"integer","minimum":1,"maximum":4096,"description":"Most tasks at once, over the plan's own setting."},
      "wait":{"type":"number","minimum":0,"maximum":3600,"description":"Seconds to wait for the end. Default 0."} },"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var text = PlanText.Of(call.Desk, call.Args);
        var plan = text.Require();
        var id = call.Args.Text("id");
        var vars = call.Args.Members("vars").ToDictionary(v => v.Key, v => v.Value.ValueKind == JsonValueKind.String ? v.Value.GetString()! : v.Value.GetRawText(), StringComparer.Ordinal);
        var run = id ?? call.Desk.Settings.RunId(plan.Name);
        await RunStarts.StartAsync(call.Desk, new StartMessage(run, id is null, text.Read.Text, text.File, text.Folder, call.Desk.Settings.Workspace, vars, call.Args.Whole("max_concurrency")));
        return await AnswerAsync(call, run, "started", call.Desk.Settings.Idle(plan), cancel);
    }

    /// <summary>Follows a run for as long as the call asks for, and tells how it stands.</summary>
    public static async Task<ToolReply> AnswerAsync(ToolCall call, string run, string what, IReadOnlyList<string> notes, CancellationToken cancel, Action<Utf8JsonWriter>? also = null)
    {
        var follower = new RunFollower(call.Desk, run);
        if (call.Args.Number("wait") is > 0 and var wait) await follower.FollowAsync(TimeSpan.FromSeconds(wait), call.Tell, cancel);
        else follower.Advance();
        var live = await RunLook.LiveAsync(call.Desk, cancel);
        var state = follower.State;
        return ToolReply.Of($"{what} {run}: {RunLook.Word(state, live)}, {state.WorkSettled} of {state.WorkTotal} settled; run_status, run_report and task_results tell more", json =>
        {
            also?.Invoke(json);
            RunJson.Write(json, state, live, call.Desk.Now);
            if (notes.Count > 0) json.List("not_acted_on", notes);
        });
    }
}
