using System.Text.Json;
using Skep.Mcp.Arguments;
using Skep.Mcp.Catalogue;
using Skep.Mcp.Folder;
using Skep.Mcp.Tools.Goals;
using Skep.Mcp.Tools.Runs;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;
using Skep.Plans;

namespace Skep.Mcp.Tools.Swarms;

/// <summary><c>task_orchestrate</c>: has a model take a task apart, or divides it among the agents of a swarm, and starts a run of the plan.</summary>
internal sealed class TaskOrchestrateTool() : McpTool(
    "task_orchestrate",
    "Work on a task",
    "Makes a plan of a task and runs it: models work on it, and the taskId is the run. Where the newest swarm has agents, each does the part of its type and one gathers, at once; or divide the task yourself with tasks. Without agents, or with decompose, a model takes the task apart: you get its plan, price and planId, and the call with planId runs it (yes: true runs it unseen). Without a configured model nothing is started, and you get a template.",
    ToolEffect.Adds,
    """
    {"type":"object","properties":{
      "task":{"type":"string","minLength":1,"maxLength":20000,"description":"What is to be done. Needed unless planId is given."},
      "planId":{"type":"string","minLength":1,"maxLength":64,"description":"A plan that an earlier call has shown: runs it. Your user must have agreed."},
      "decompose":{"type":"boolean","description":"Whether a model takes the task apart. Default: when there are no agents and no tasks, or the strategy is a kind of work."},
      "mode":{"type":"string","enum":["centralized","hierarchical","mesh"],"description":"For decompose: one plan for all (default), teams whose leads add tasks, or peers who all do."},
      "yes":{"type":"boolean","description":"For decompose: run the plan without showing it first. Only if your user said so."},
      "budgetTokens":{"type":"integer","minimum":1,"maximum":1000000000,"description":"For decompose: most tokens of the run. Default 500000."},
      "budgetUsd":{"type":"number","minimum":0.01,"maximum":1000000,"description":"For decompose: most US dollars of the run."},
      "strategy":{"type":"string","enum":["parallel","sequential","adaptive","balanced","auto","research","development","testing","optimization"],"description":"parallel: all agents at once; sequential: one after the other; adaptive and balanced: in stages, those who find out before those who make before those who check. Default: the swarm's. The others are kinds of work, for a model that takes the task apart."},
      "priority":{"type":"string","enum":["low","medium","high","critical"],"description":"Default medium."},
      "dependencies":{"type":"array","maxItems":50,"items":{"type":"string","minLength":1,"maxLength":64},"description":"taskIds that must have succeeded; if not, nothing is started."},
      "maxAgents":{"type":"integer","minimum":1,"maximum":100,"description":"Most agents that take part: the first ones."},
      "tasks":{"type":"array","minItems":1,"maxItems":100,"description":"How you divide the task.","items":{"type":"object","properties":{
        "id":{"type":"string","minLength":1,"maxLength":48},
        "task":{"type":"string","minLength":1,"maxLength":20000},
        "agent":{"type":"string","minLength":1,"maxLength":100,"description":"agentId or type; taken in turn unless given."},
        "needs":{"type":"array","maxItems":50,"items":{"type":"string","minLength":1,"maxLength":48},"description":"ids before it; it gets their results."}},
        "required":["id","task"],"additionalProperties":false}},
      "swarmId":{"type":"string","minLength":1,"maxLength":64,"description":"The newest swarm unless given; without any a single agent works."},
      "model":{"type":"string","minLength":1,"maxLength":200,"description":"provider/model of the agents; with decompose, of the planner. The configured one unless given."},
      "wait":{"type":"number","minimum":0,"maximum":3600,"description":"Seconds to wait for the end. Default 0; giving up does not stop the run."}},
     "additionalProperties":false}
    """)
{
    /// <summary>Arguments that say how a task is planned.</summary>
    private static readonly string[] Planning = ["task", "strategy", "priority", "dependencies", "maxAgents", "tasks", "swarmId", "model", "decompose", "mode", "budgetTokens", "budgetUsd"];

    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        if (call.Args.Text("planId") is { } shown) return await GoalTask.RunAsync(call, OnlyThat(call.Args, shown), cancel);
        call.Args.NeedFor("task", "task_orchestrate without a planId");
        RequireDone(call);
        var (swarm, agents) = await SwarmAsync(call, cancel);
        if (GoalOrder.IsAskedFor(call.Args, agents.Count > 0)) return await GoalTask.PlanAsync(call, GoalOrder.Of(call.Args, swarm, agents), cancel);
        return await DivideAsync(call, OrderOf(call, swarm, agents), cancel);
    }

    /// <summary>What was shown is what runs: nothing about it can be asked for anew.</summary>
    private static string OnlyThat(ToolArguments args, string planId) => Planning.FirstOrDefault(args.Has) is { } other
        ? throw new ToolFault($"'{other}' changes nothing about a plan that was shown: give 'planId' alone (with 'wait', if you like), or leave out 'planId' to have the task planned again")
        : planId;

    /// <summary>Gives the agents of a swarm their parts of the task, and starts a run.</summary>
    private static async Task<ToolReply> DivideAsync(ToolCall call, SwarmOrder order, CancellationToken cancel)
    {
        var yaml = SwarmPlan.Write(order);
        var read = PlanReader.Read(yaml);
        var plan = read.Plan ?? throw new ToolFault($"this cannot be planned; nothing was started: {string.Join("; ", read.Diagnostics.Take(5).Select(d => d.Message))}") { Details = Template(yaml) };
        if (call.Desk.Settings.ModelProblem(order.Model ?? "default") is { } problem)
        {
            throw new ToolFault($"nothing was started, because no model can be asked: {problem}. plan_template is the plan that would run; configure a model and call again, or edit it (other executors, your own tasks) and give it to run_start")
            {
                Details = Template(yaml),
            };
        }

        var run = call.Desk.Settings.RunId(plan.Name);
        var workspace = call.Desk.Settings.Workspace;
        await RunStarts.StartAsync(call.Desk, new StartMessage(run, true, yaml, null, workspace, workspace, null, null));
        if (order.Swarm is { } of) await new SwarmBook(call.Desk).NoteRunAsync(of.Id, new SwarmRunRecord(run, Text.Shorten(order.Task, Bounds.Line), order.Strategy, order.Priority, [.. order.Agents.Select(a => a.Id)], call.Desk.Now), CancellationToken.None);
        return await RunStartTool.AnswerAsync(call, run, "started", call.Desk.Settings.Idle(plan), cancel, json =>
        {
            json.WriteString("taskId", run);
            json.Maybe("swarmId", order.Swarm?.Id);
            json.WriteString("strategy", order.Strategy);
            json.Cut("plan_text", yaml, 8 * 1024);
        });
    }

    private static async Task<(SwarmRecord? Swarm, IReadOnlyList<AgentRecord> Agents)> SwarmAsync(ToolCall call, CancellationToken cancel)
    {
        var book = new SwarmBook(call.Desk);
        var swarm = await book.FindAsync(call.Args.Text("swarmId"), cancel);
        var agents = swarm is null ? [] : await book.AgentsAsync(swarm.Id, cancel);
        return (swarm, call.Args.Whole("maxAgents") is { } most ? [.. agents.Take(most)] : agents);
    }

    private static SwarmOrder OrderOf(ToolCall call, SwarmRecord? swarm, IReadOnlyList<AgentRecord> agents)
    {
        if (agents.Count == 0) agents = [new AgentRecord("worker", "specialist", "worker", [], "medium", call.Desk.Now)];
        var task = call.Args.Need("task");
        var strategy = call.Args.Text("strategy") ?? (swarm?.Strategy is "parallel" or "sequential" ? swarm.Strategy : "adaptive");
        return new SwarmOrder(NameOf(task), task, swarm, agents, strategy, call.Args.Text("priority") ?? "medium", call.Args.Text("model"), Parts(call.Args.Objects("tasks"), agents));
    }

    private static IReadOnlyList<SwarmPart> Parts(IReadOnlyList<ToolArguments> given, IReadOnlyList<AgentRecord> agents)
    {
        var ids = given.Select(g => g.Need("id")).ToHashSet(StringComparer.Ordinal);
        foreach (var id in ids)
            if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || !char.IsAsciiLetterOrDigit(id[0])) throw new ToolFault($"'{Text.Shorten(id, 48)}' cannot be the id of a task: use letters, digits, '-' and '_'");
        return
        [
            .. given.Select((g, i) => new SwarmPart(
                g.Need("id"),
                g.Need("task"),
                g.Text("agent") is { } who ? AgentOf(who, agents) : agents[i % agents.Count].Id,
                [.. g.Texts("needs").Select(n => ids.Contains(n) ? n : throw new ToolFault($"task '{g.Need("id")}' needs '{Text.Shorten(n, 48)}', which is no task of this call; there are: {string.Join(", ", ids)}"))])),
        ];
    }

    private static string AgentOf(string who, IReadOnlyList<AgentRecord> agents) =>
        (agents.FirstOrDefault(a => a.Id == who) ?? agents.FirstOrDefault(a => a.Name == who) ?? agents.FirstOrDefault(a => a.Type == who))?.Id
        ?? throw new ToolFault($"there is no agent '{Text.Shorten(who, 60)}'; there are: {string.Join(", ", agents.Take(20).Select(a => a.Id))}");

    private static void RequireDone(ToolCall call)
    {
        foreach (var word in call.Args.Texts("dependencies"))
        {
            var (run, task) = RunLook.FindTask(call.Desk, word);
            var state = RunReader.Load(call.Desk.Store, call.Desk.Blobs, run);
            var (done, now) = task is null ? (state.Status == RunStatus.Succeeded, state.Status.Name()) : (RunLook.Node(state, task).Status == Orchestration.TaskStatus.Succeeded, RunLook.Node(state, task).StateName());
            if (!done) throw new ToolFault($"'{word}' has not succeeded, it is {now}; nothing was started. task_status with wait tells when it is done");
        }
    }

    /// <summary>A plan's name: the first words of the task.</summary>
    private static string NameOf(string task)
    {
        var words = string.Concat(task.Take(200).Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var name = string.Join('-', words.Take(5));
        return "task" + (name.Length == 0 ? "" : "-" + name[..Math.Min(32, name.Length)].TrimEnd('-'));
    }

    private static JsonElement Template(string yaml) => JsonBuild.Object(json =>
    {
        json.WriteBoolean("started", false);
        json.Cut("plan_template", yaml, Bounds.Value);
    });
}

/// <summary><c>task_status</c>: how an orchestrated task stands.</summary>
internal sealed class TaskStatusTool() : McpTool(
    "task_status",
    "State of a task",
    "Tells how a task stands. The taskId is what task_orchestrate gave, any run, or RUN/TASK for a part of it.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "taskId":{"type":"string","minLength":1,"maxLength":260,"description":"The newest run unless given."},
      "detailed":{"type":"boolean","description":"More of its tasks."},
      "wait":{"type":"number","minimum":0,"maximum":3600,"description":"Seconds to wait for the end. Default 0."}},"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var (run, task) = RunLook.FindTask(call.Desk, call.Args.Text("taskId") ?? RunLook.Last);
        var follower = new RunFollower(call.Desk, run);
        if (call.Args.Number("wait") is > 0 and var wait) await follower.FollowAsync(TimeSpan.FromSeconds(wait), call.Tell, cancel);
        return await RunStatusTool.TellAsync(call, follower.State, task, call.Args.Flag("detailed") == true ? Bounds.Rows : 20, cancel);
    }
}

/// <summary><c>task_results</c>: what an orchestrated task has brought.</summary>
internal sealed class TaskResultsTool() : McpTool(
    "task_results",
    "Results of a task",
    "Gives what a task has brought: the outputs of its parts, in the order in which they were done. The taskId is what task_orchestrate gave, any run, or RUN/TASK for a part of it.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "taskId":{"type":"string","minLength":1,"maxLength":260},
      "format":{"type":"string","enum":["summary","detailed","raw"],"description":"summary: what nothing else has used, such as the gathered result; detailed and raw: of all parts. Default summary."}},
     "required":["taskId"],"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var (run, task) = RunLook.FindTask(call.Desk, call.Args.Need("taskId"));
        var state = RunReader.Load(call.Desk.Store, call.Desk.Blobs, run);
        if (task is not null) return await RunStatusTool.TellAsync(call, state, task, Bounds.DefaultRows, cancel);
        var live = await RunLook.LiveAsync(call.Desk, cancel);
        var all = (call.Args.Text("format") ?? "summary") != "summary";
        var needed = state.Plan.Tasks.SelectMany(t => t.Needs).Select(n => n.Id).ToHashSet(StringComparer.Ordinal);
        var nodes = state.WorkNodes.Where(n => n.Task is not null && n.Status.IsSettled() && (all || !needed.Contains(n.Node.Id))).OrderBy(n => n.SettledAt).ToList();
        return ToolReply.Of($"{run} is {RunLook.Word(state, live)}: {Facts.Count(nodes.Count, "result")}{(state.Status.IsEnded() ? "" : " so far")}", json =>
        {
            var room = new OutputRoom();
            RunJson.Head(json, state, live, call.Desk.Now);
            json.Rows("results", nodes, Bounds.Rows, n =>
            {
                json.WriteString("task", n.Key);
                json.WriteString("status", n.StateName());
                json.Maybe("agent", n.Attempts.Count > 0 ? n.Attempts[^1].AgentName : null);
                json.Cut("reason", n.Reason, Bounds.ShortValue);
                RunJson.Outputs(json, n, room);
                json.Texts("artifacts", n.Attempts.Count > 0 ? (n.Attempts[^1].Result?.Artifacts ?? []).Select(a => a.Name).Take(Bounds.DefaultRows) : []);
            });
        });
    }
}
