using Skep.Mcp.Catalogue;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Runs;

/// <summary><c>run_control</c>: pauses, continues, cancels or retries.</summary>
internal sealed class RunControlTool() : McpTool(
    "run_control",
    "Control a run",
    "Pauses, continues, cancels or retries a run, or one of its tasks. continue also takes up a run that was interrupted; retry runs again what failed, and all that hangs on it.",
    ToolEffect.Removes,
    """
    {"type":"object","properties":{
      "run":{"type":"string","minLength":1,"maxLength":64,"description":"Id, a unique beginning of one, or last."},
      "action":{"type":"string","enum":["pause","continue","cancel","retry"]},
      "task":{"type":"string","minLength":1,"maxLength":200,"description":"A task; without it the whole run."},
      "reason":{"type":"string","maxLength":1000,"description":"Why; kept in the log."},
      "wait":{"type":"number","minimum":0,"maximum":3600,"description":"After continue or retry: seconds to wait for the end. Default 0."}},
     "required":["run","action"],"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var run = RunLook.Find(call.Desk, call.Args.Need("run"));
        var (action, task) = (call.Args.Need("action"), call.Args.Text("task"));
        var request = new ControlRequest { Run = run, Task = task, Text = call.Args.Text("reason") };
        switch (action)
        {
            case "continue": await ContinueAsync(call, run, request, cancel); break;
            case "retry":
                await call.Desk.AskAsync(request with { Op = ControlOps.Retry }, cancel);
                await RunStarts.ResumeAsync(call.Desk, run, cancel);
                break;
            default: await call.Desk.AskAsync(request with { Op = action == "pause" ? ControlOps.Pause : ControlOps.Cancel }, cancel); break;
        }

        var what = action switch { "pause" => "paused", "continue" => "continued", "cancel" => "cancelled", _ => "runs again:" };
        return await RunStartTool.AnswerAsync(call, run, $"{what}{(task is null ? "" : $" {task} of")}", [], cancel);
    }

    private static async Task ContinueAsync(ToolCall call, string run, ControlRequest request, CancellationToken cancel)
    {
        var state = RunLook.Load(call.Desk, run);
        if (state.Status.IsEnded()) throw new ToolFault($"run {run} has {state.Status.Name()}; action retry runs again what failed");
        var live = (await RunLook.LiveAsync(call.Desk, cancel)).Contains(run);
        if (live && request.Task is null && state.Status != RunStatus.Paused) throw new ToolFault($"run {run} is being worked on already");
        await RunStarts.ResumeAsync(call.Desk, run, cancel);
        if (request.Task is not null || state.Status == RunStatus.Paused) await call.Desk.AskAsync(request with { Op = ControlOps.Continue }, cancel);
    }
}

/// <summary><c>run_approve</c>: a role's vote on a gate.</summary>
internal sealed class RunApproveTool() : McpTool(
    "run_approve",
    "Vote on a gate",
    "Votes for a role on an approval gate of a run. run_status tells which gates wait for whom. Ask your user before you vote for a person.",
    ToolEffect.Sets,
    """
    {"type":"object","properties":{
      "run":{"type":"string","minLength":1,"maxLength":64,"description":"Id, a unique beginning of one, or last."},
      "gate":{"type":"string","minLength":1,"maxLength":200},
      "role":{"type":"string","minLength":1,"maxLength":100,"description":"The role that votes."},
      "approved":{"type":"boolean","description":"false rejects."},
      "by":{"type":"string","minLength":1,"maxLength":100,"description":"Who votes; the user who started the server unless given."},
      "text":{"type":"string","maxLength":4000,"description":"What to say with it."}},
     "required":["run","gate","role","approved"],"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        Refuse(call, "vote");
        var run = RunLook.Find(call.Desk, call.Args.Need("run"));
        var gate = RunLook.Node(RunLook.Load(call.Desk, run), call.Args.Need("gate"));
        if (gate.Gate is null) throw new ToolFault($"'{gate.Key}' is a task, not a gate; run_answer answers a task that asks a person");
        var (role, approved) = (call.Args.Need("role"), call.Args.Flag("approved")!.Value);
        await call.Desk.AskAsync(new ControlRequest { Op = ControlOps.Approve, Run = run, Task = gate.Gate.Id, Role = role, By = call.Args.Text("by"), Approved = approved, Text = call.Args.Text("text") }, cancel);
        var told = await RunStatusTool.TellAsync(call, RunLook.Load(call.Desk, run), gate.Key, Bounds.DefaultRows, cancel);
        return told with { Said = $"{role} {(approved ? "approved" : "rejected")} {gate.Gate.Id} of {run}; {told.Said}" };
    }

    /// <summary>Agents of a run must not decide over it.</summary>
    public static void Refuse(ToolCall call, string what)
    {
        if (call.Desk.Settings.Agent is { } agent) throw new ToolFault($"this is the server of attempt {agent} of a run: agents do not {what}; a person does, with 'skep approve' or 'skep answer'");
    }
}

/// <summary><c>run_answer</c>: answers a task that asks a person.</summary>
internal sealed class RunAnswerTool() : McpTool(
    "run_answer",
    "Answer a question",
    "Answers a task of a run that asks a person. run_status tells what is asked. Ask your user before you answer for them.",
    ToolEffect.Sets,
    """
    {"type":"object","properties":{
      "run":{"type":"string","minLength":1,"maxLength":64,"description":"Id, a unique beginning of one, or last."},
      "task":{"type":"string","minLength":1,"maxLength":200},
      "approved":{"type":"boolean","description":"false says no, and fails the task. Default true."},
      "text":{"type":"string","maxLength":16000,"description":"The answer."}},
     "required":["run","task"],"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        RunApproveTool.Refuse(call, "answer for people");
        var run = RunLook.Find(call.Desk, call.Args.Need("run"));
        var node = RunLook.Node(RunLook.Load(call.Desk, run), call.Args.Need("task"));
        var approved = call.Args.Flag("approved") ?? true;
        await call.Desk.AskAsync(new ControlRequest { Op = ControlOps.Answer, Run = run, Task = node.Key, Approved = approved, Text = call.Args.Text("text") }, cancel);
        var told = await RunStatusTool.TellAsync(call, RunLook.Load(call.Desk, run), node.Key, Bounds.DefaultRows, cancel);
        return told with { Said = $"{(approved ? "answered" : "said no to")} {node.Key} of {run}; {told.Said}" };
    }
}
