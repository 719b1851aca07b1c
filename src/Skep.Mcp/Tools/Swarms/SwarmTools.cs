using System.Text.Json;
using Skep.Mcp.Catalogue;
using Skep.Mcp.Tools.Runs;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Swarms;

/// <summary><c>swarm_init</c>: makes a swarm and remembers it.</summary>
internal sealed class SwarmInitTool() : McpTool(
    "swarm_init",
    "Make a swarm",
    "Makes a swarm and remembers it durably; its id is for the other tools, which take the newest swarm unless told otherwise. Agents come with agent_spawn or agents_spawn_parallel, work with task_orchestrate.",
    ToolEffect.Adds,
    """
    {"type":"object","properties":{
      "topology":{"type":"string","enum":["hierarchical","mesh","ring","star","adaptive"]},
      "maxAgents":{"type":"integer","minimum":1,"maximum":100,"description":"Most agents. Default 8."},
      "strategy":{"type":"string","enum":["auto","balanced","specialized","adaptive","parallel","sequential","centralized","distributed"],"description":"How tasks are divided unless task_orchestrate says otherwise: parallel, sequential, or else in stages by what the agents are. Default auto."}},
     "required":["topology"],"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var swarm = await new SwarmBook(call.Desk).MakeAsync(call.Args.Need("topology"), call.Args.Whole("maxAgents") ?? 8, call.Args.Text("strategy") ?? "auto", cancel);
        return ToolReply.Of($"made {swarm.Id}: {swarm.Topology}, at most {swarm.MaxAgents} agents", json => SwarmFacts.Head(json, swarm));
    }
}

/// <summary><c>swarm_status</c>: a swarm, its agents and its runs.</summary>
internal sealed class SwarmStatusTool() : McpTool(
    "swarm_status",
    "State of a swarm",
    "Tells which agents a swarm has, what they do now, and how its runs stand.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "swarmId":{"type":"string","minLength":1,"maxLength":64,"description":"The newest swarm unless given."},
      "verbose":{"type":"boolean","description":"Also the tasks of its newest run."}},"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var book = new SwarmBook(call.Desk);
        if (await book.FindAsync(call.Args.Text("swarmId"), cancel) is not { } swarm) return await WithoutAsync(call, cancel);
        var view = await SwarmView.OfAsync(call.Desk, swarm, cancel);
        return ToolReply.Of($"{swarm.Id}: {Facts.Count(view.Agents.Count, "agent")}, {view.Agents.Count(view.IsBusy)} busy; {Facts.Count(view.Runs.Count, "run")}, {view.Runs.Count(r => view.IsLive(r))} at work", json =>
        {
            SwarmFacts.Head(json, swarm);
            json.Rows("agents", view.Agents, SwarmBook.MaxAgents, a => SwarmFacts.Agent(json, a, view.IsBusy(a)));
            json.Rows("runs", view.Runs, 20, r => RunJson.Head(json, r, view.Live, call.Desk.Now));
            if (call.Args.Flag("verbose") != true || view.Runs.Count == 0) return;
            json.WriteStartObject("newest_run");
            RunJson.Write(json, view.Runs[0], view.Live, call.Desk.Now);
            json.WriteEndObject();
        });
    }

    /// <summary>Runs of plans belong to no swarm of swarm_init; they are told all the same.</summary>
    private static async Task<ToolReply> WithoutAsync(ToolCall call, CancellationToken cancel)
    {
        var live = await RunLook.LiveAsync(call.Desk, cancel);
        return ToolReply.Of($"there is no swarm yet; swarm_init makes one. {Facts.Count(live.Count, "run")} at work", json =>
        {
            json.WriteBoolean("exists", false);
            json.Texts("live_runs", live.Take(Bounds.Rows));
        });
    }
}

/// <summary><c>swarm_monitor</c>: looks at what is at work for a while.</summary>
internal sealed class SwarmMonitorTool() : McpTool(
    "swarm_monitor",
    "Watch a swarm",
    "Watches what is at work for a while, with progress notifications, and returns the samples. Ends early when nothing is at work any more.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "swarmId":{"type":"string","minLength":1,"maxLength":64,"description":"The runs of this swarm only; all runs unless given."},
      "duration":{"type":"number","minimum":0,"maximum":600,"description":"Seconds. Default 10."},
      "interval":{"type":"number","minimum":0.1,"maximum":60,"description":"Seconds between samples. Default 1."}},"additionalProperties":false}
    """)
{
    /// <summary>Most samples that are returned: the last ones.</summary>
    private const int MaxSamples = 120;

    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var (duration, interval) = (TimeSpan.FromSeconds(call.Args.Number("duration") ?? 10), TimeSpan.FromSeconds(call.Args.Number("interval") ?? 1));
        var own = call.Args.Text("swarmId") is { } id ? (await new SwarmBook(call.Desk).RunsAsync((await new SwarmBook(call.Desk).FindAsync(id, cancel))!.Id, cancel)).Select(r => r.Run).ToHashSet(StringComparer.Ordinal) : null;
        var (samples, followers, since) = (new List<Sample>(), new Dictionary<string, RunFollower>(StringComparer.Ordinal), call.Desk.Time.GetTimestamp());
        while (true)
        {
            var live = (await RunLook.LiveAsync(call.Desk, cancel)).Where(r => own?.Contains(r) != false).ToList();
            var sample = Take(call, live, followers);
            samples.Add(sample);
            var passed = call.Desk.Time.GetElapsedTime(since);
            await call.Tell(passed.TotalSeconds, duration.TotalSeconds, $"{Facts.Count(live.Count, "run")} at work, {Facts.Count(sample.Running, "task")} running, {sample.Settled} of {sample.Total} settled");
            if (live.Count == 0 || passed + interval > duration) break;
            await Task.Delay(interval, call.Desk.Time, cancel);
        }

        var last = samples[^1];
        return ToolReply.Of(last.Runs == 0 ? "nothing is at work" : $"{Facts.Count(last.Runs, "run")} at work, {Facts.Count(last.Running, "task")} running, {last.Settled} of {last.Total} settled, {last.Failed} failed", json =>
        {
            json.WriteNumber("samples_taken", samples.Count);
            json.Rows("samples", [.. samples.TakeLast(MaxSamples)], MaxSamples, s => s.Write(json));
            json.Rows("runs", [.. followers.Values], Bounds.DefaultRows, f => RunJson.Head(json, f.State, f.State.Status.IsEnded() ? [] : [f.State.Info!.Run], call.Desk.Now));
        });
    }

    private static Sample Take(ToolCall call, List<string> live, Dictionary<string, RunFollower> followers)
    {
        foreach (var run in live.Where(r => !followers.ContainsKey(r)).Take(Bounds.DefaultRows)) followers[run] = new RunFollower(call.Desk, run);
        foreach (var follower in followers.Values) follower.Advance();
        var states = followers.Values.Select(f => f.State).ToList();
        return new Sample(call.Desk.Now, live.Count, states.Where(s => !s.Status.IsEnded()).Sum(s => s.RunningCount), states.Sum(s => s.WorkTotal), states.Sum(s => s.WorkSettled), states.Sum(s => s.WorkFailed));
    }

    private sealed record Sample(DateTimeOffset At, int Runs, int Running, int Total, int Settled, int Failed)
    {
        public void Write(Utf8JsonWriter json)
        {
            json.Time("at", At);
            json.WriteNumber("live_runs", Runs);
            json.WriteNumber("running", Running);
            json.WriteNumber("total", Total);
            json.WriteNumber("settled", Settled);
            json.WriteNumber("failed", Failed);
        }
    }
}

/// <summary><c>swarm_scale</c>: changes how many agents a swarm may have.</summary>
internal sealed class SwarmScaleTool() : McpTool(
    "swarm_scale",
    "Resize a swarm",
    "Changes how many agents a swarm may have. Agents that it has stay.",
    ToolEffect.Sets,
    """
    {"type":"object","properties":{
      "swarmId":{"type":"string","minLength":1,"maxLength":64,"description":"The newest swarm unless given."},
      "targetSize":{"type":"integer","minimum":1,"maximum":100}},"required":["targetSize"],"additionalProperties":false}
    """,
    ToolGroup.Extended)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var book = new SwarmBook(call.Desk);
        var swarm = await book.FindAsync(call.Args.Text("swarmId"), cancel) ?? throw new ToolFault("there is no swarm yet; swarm_init makes one");
        var (size, there) = (call.Args.Whole("targetSize")!.Value, (await book.AgentsAsync(swarm.Id, cancel)).Count);
        if (there > size) throw new ToolFault($"{swarm.Id} has {there} agents already; give {there} or more");
        await book.ResizeAsync(swarm, size, cancel);
        return ToolReply.Of($"{swarm.Id} may have {size} agents, and has {there}", json => SwarmFacts.Head(json, swarm with { MaxAgents = size }));
    }
}

/// <summary><c>swarm_destroy</c>: forgets a swarm.</summary>
internal sealed class SwarmDestroyTool() : McpTool(
    "swarm_destroy",
    "Forget a swarm",
    "Forgets a swarm and its agents. Refused while a run of it is at work; runs and their logs stay.",
    ToolEffect.Removes,
    """{"type":"object","properties":{"swarmId":{"type":"string","minLength":1,"maxLength":64}},"required":["swarmId"],"additionalProperties":false}""",
    ToolGroup.Extended)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var book = new SwarmBook(call.Desk);
        var swarm = (await book.FindAsync(call.Args.Need("swarmId"), cancel))!;
        var live = await RunLook.LiveAsync(call.Desk, cancel);
        if ((await book.RunsAsync(swarm.Id, cancel)).FirstOrDefault(r => live.Contains(r.Run)) is { } busy) throw new ToolFault($"run {busy.Run} of {swarm.Id} is at work; run_control with action cancel ends it");
        var agents = await book.ForgetAsync(swarm, cancel);
        return ToolReply.Of($"forgot {swarm.Id} and its {Facts.Count(agents, "agent")}", json =>
        {
            json.WriteString("swarmId", swarm.Id);
            json.WriteNumber("agents", agents);
        });
    }
}
