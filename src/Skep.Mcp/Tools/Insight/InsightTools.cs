using System.Globalization;
using System.Text.Json;
using Skep.Agents.Budgets;
using Skep.Agents.Queries;
using Skep.Mcp.Catalogue;
using Skep.Mcp.Tools.Runs;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Insight;

/// <summary><c>bottleneck_analyze</c>: what held a run up.</summary>
internal sealed class BottleneckAnalyzeTool() : McpTool(
    "bottleneck_analyze",
    "Find what holds a run up",
    "Tells what held a run up, from its log: the critical path with its waits, work and retries, the longest waits, what was tried again, and what would help.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "component":{"type":"string","minLength":1,"maxLength":200,"description":"A run; or a task, agent or phase of the newest run, to which the lists are narrowed. The newest run unless given."},
      "metrics":{"type":"array","maxItems":4,"items":{"type":"string","enum":["path","waits","work","retries"]},"description":"Which lists; all unless given."}},"additionalProperties":false}
    """)
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var component = call.Args.Text("component");
        var isRun = component is not null && (component == RunLook.Last || (component.Length <= RunRequest.MaxRunIdLength && call.Desk.Store.Find(component) is not null));
        var state = RunLook.Load(call.Desk, isRun ? component! : RunLook.Last);
        var facts = RunReport.Build(state, new RunReportOptions { Now = call.Desk.Now }).Facts;
        var work = facts.Work.Where(t => component is null || isRun || Concerns(t, component)).ToList();
        if (work.Count == 0 && component is not null && !isRun) throw new ToolFault($"'{Text.Shorten(component, 80)}' is no run, and no task, agent or phase of {state.Info!.Run}");
        var lists = call.Args.Texts("metrics") is { Count: > 0 } named ? named : ["path", "waits", "work", "retries"];
        var advice = Advice.Of(facts);
        return Task.FromResult(ToolReply.Of(advice[0], json =>
        {
            json.WriteString("run", state.Info!.Run);
            json.WriteString("status", state.Status.Name());
            json.Seconds("wall_seconds", facts.Times.Wall);
            json.Seconds("work_seconds", facts.Totals.Work);
            json.Seconds("longest_chain_seconds", facts.Path.LongestChain);
            json.WriteNumber("max_concurrency", facts.MaxConcurrency);
            json.WriteNumber("retries", facts.Totals.Retries);
            json.WriteNumber("lost_attempts", facts.Totals.Losses);
            if (lists.Contains("path")) json.Rows("critical_path", [.. facts.Path.Steps.Where(s => component is null || isRun || work.Any(t => t.Key == s.Key))], Bounds.DefaultRows, s => Step(json, s));
            if (lists.Contains("waits")) json.Rows("longest_waits", [.. work.Where(t => t.Wait > TimeSpan.Zero).OrderByDescending(t => t.Wait).Take(10)], 10, t => Row(json, t, t.Wait));
            if (lists.Contains("work")) json.Rows("longest_work", [.. work.Where(t => t.Work > TimeSpan.Zero).OrderByDescending(t => t.Work).Take(10)], 10, t => Row(json, t, t.Work));
            if (lists.Contains("retries")) json.Rows("tried_again", [.. work.Where(t => t.Attempts.Count > 1).OrderByDescending(t => t.Attempts.Count)], 20, t =>
            {
                Row(json, t, t.Work);
                json.WriteNumber("attempts", t.Attempts.Count);
                json.Cut("error", t.Attempts.Select(a => a.Result?.Error).FirstOrDefault(e => e is not null), Bounds.ShortValue);
            });
            json.Texts("advice", advice);
        }));
    }

    private static bool Concerns(TaskFacts task, string component) =>
        task.Key == component || task.Node.Id == component || task.Agent == component || task.Node.Task?.Agent == component || task.Node.Task?.Phase == component || task.Gate?.Phase == component;

    private static void Step(Utf8JsonWriter json, PathStep step)
    {
        json.WriteString("task", step.Key);
        json.Seconds("wait_seconds", step.Wait);
        json.Seconds("work_seconds", step.Work);
        json.Seconds("retry_wait_seconds", step.RetryWait);
        json.Seconds("lost_seconds", step.Lost);
        json.Seconds("held_seconds", step.Held);
        json.Seconds("hook_seconds", step.Hooks);
    }

    private static void Row(Utf8JsonWriter json, TaskFacts task, TimeSpan? span)
    {
        json.WriteString("task", task.Key);
        json.WriteString("agent", task.Agent);
        json.WriteString("status", task.State);
        json.Seconds("seconds", span);
    }
}

/// <summary>What the facts of a run suggest. Every sentence has its number.</summary>
internal static class Advice
{
    /// <summary>Share of the critical path from which something is worth a word.</summary>
    private const double Notable = 0.15;

    /// <summary>The first sentence tells the most important.</summary>
    public static IReadOnlyList<string> Of(RunFacts facts)
    {
        var steps = facts.Path.Steps;
        var total = Sum(steps.Select(s => s.Total));
        if (steps.Count == 0 || total == TimeSpan.Zero) return ["nothing has been at work long enough to be a bottleneck"];
        var longest = steps.MaxBy(s => s.Work)!;
        var found = new List<(double Share, string Text)> { (longest.Work / total, $"{longest.Key} is the longest work on the critical path: {Seconds(longest.Work)} of {Seconds(total)} s; only a shorter or divided {longest.Key} makes the run shorter there") };
        void Say(TimeSpan span, string what, string help)
        {
            if (span / total >= Notable) found.Add((span / total, $"{what} took {Seconds(span)} of {Seconds(total)} s of the critical path; {help}"));
        }

        Say(Sum(steps.Select(s => s.Wait)), "waiting for a free agent", $"at most {facts.MaxConcurrency} ran at once: raise swarm.max_concurrency, or replicas of the agents");
        Say(Sum(steps.Select(s => s.RetryWait)), "waiting between attempts", "the errors under tried_again tell what failed; a shorter retry.backoff helps only if the cause is gone");
        Say(Sum(steps.Select(s => s.Lost)), "work that was lost with its process", "the run was resumed after a crash; shorter tasks lose less");
        Say(Sum(steps.Select(s => s.Held)), "standing still by request", "somebody paused it");
        Say(Sum(steps.Select(s => s.Hooks)), "hooks of the plan", "make them quicker, or narrow what they run for");
        return [.. found.OrderByDescending(f => f.Share).Select(f => f.Text)];
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> spans) => spans.Aggregate(TimeSpan.Zero, (a, b) => a + b);

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.0##", CultureInfo.InvariantCulture);
}

/// <summary><c>performance_report</c>: totals over the runs of a time.</summary>
internal sealed class PerformanceReportTool() : McpTool(
    "performance_report",
    "Report on performance",
    "Adds up the runs of a time frame: outcomes, tasks, attempts and retries, time at work, tokens and cost; detailed and json also run by run.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "timeframe":{"type":"string","minLength":2,"maxLength":10,"description":"24h, 7d, 30d, or any number with m, h or d. Default 24h."},
      "format":{"type":"string","enum":["summary","detailed","json"],"description":"Default summary."}},"additionalProperties":false}
    """)
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var frame = Timeframe.Of(call.Desk, call.Args.Text("timeframe") ?? "24h");
        var runs = frame.Runs.Select(s => (State: s, Facts: RunReport.Build(s, new RunReportOptions { Now = call.Desk.Now }).Facts, Cost: RunCosts.Of(s, call.Desk.Queries, call.Desk.Now))).ToList();
        var ended = runs.Where(r => r.State.Status.IsEnded()).ToList();
        var succeeded = ended.Count(r => r.State.Status == RunStatus.Succeeded);
        return Task.FromResult(ToolReply.Of($"{Facts.Count(runs.Count, "run")} in {call.Args.Text("timeframe") ?? "24h"}, {succeeded} of {ended.Count} ended ones succeeded", json =>
        {
            json.WriteNumber("runs", runs.Count);
            if (frame.LeftOut > 0) json.WriteNumber("runs_left_out", frame.LeftOut);
            json.WriteStartObject("by_status");
            foreach (var group in runs.GroupBy(r => r.State.Status)) json.WriteNumber(group.Key.Name(), group.Count());
            json.WriteEndObject();
            json.WriteNumber("tasks", runs.Sum(r => r.State.WorkTotal));
            json.WriteNumber("tasks_failed", runs.Sum(r => r.State.WorkFailed));
            json.WriteNumber("attempts", runs.Sum(r => r.Facts.Totals.Attempts));
            json.WriteNumber("retries", runs.Sum(r => r.Facts.Totals.Retries));
            json.WriteNumber("lost_attempts", runs.Sum(r => r.Facts.Totals.Losses));
            json.WriteNumber("recoveries", runs.Sum(r => r.State.Recoveries));
            json.Seconds("work_seconds", runs.Aggregate(TimeSpan.Zero, (sum, r) => sum + r.Facts.Totals.Work));
            json.Seconds("wall_seconds", runs.Aggregate(TimeSpan.Zero, (sum, r) => sum + r.Facts.Times.Wall));
            if (ended.Count > 0) json.Seconds("mean_wall_seconds", ended.Aggregate(TimeSpan.Zero, (sum, r) => sum + r.Facts.Times.Wall) / ended.Count);
            json.WriteNumber("model_calls", runs.Sum(r => r.Cost.Total.Calls));
            json.WriteNumber("tokens", runs.Sum(r => r.Facts.Totals.Tokens));
            json.WriteNumber("cost_usd", runs.Sum(r => r.Facts.Totals.CostUsd));
            if ((call.Args.Text("format") ?? "summary") == "summary") return;
            json.Rows("each", runs, Bounds.DefaultRows, r =>
            {
                RunJson.Head(json, r.State, [], call.Desk.Now);
                json.WriteNumber("attempts", r.Facts.Totals.Attempts);
                json.WriteNumber("retries", r.Facts.Totals.Retries);
                json.Seconds("work_seconds", r.Facts.Totals.Work);
                json.WriteNumber("tokens", r.Facts.Totals.Tokens);
                json.WriteNumber("cost_usd", r.Facts.Totals.CostUsd);
            });
        }));
    }
}

/// <summary><c>token_usage</c>: what models took.</summary>
internal sealed class TokenUsageTool() : McpTool(
    "token_usage",
    "Tokens and cost",
    "Adds up what calls of models took and cost in a time frame, by model and by agent.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "operation":{"type":"string","minLength":1,"maxLength":200,"description":"A run, task, agent or phase; all unless given."},
      "timeframe":{"type":"string","minLength":2,"maxLength":10,"description":"24h, 7d, 30d, or any number with m, h or d. Default 24h."}},"additionalProperties":false}
    """)
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var frame = Timeframe.Of(call.Desk, call.Args.Text("timeframe") ?? "24h");
        var only = call.Args.Text("operation");
        var since = call.Desk.Now - frame.Span;
        var calls = frame.Runs.SelectMany(r => call.Desk.Queries.Calls(r.Info!.Run).Select(c => (Run: r.Info.Run, Call: c)))
            .Where(c => c.Call.At >= since && (only is null || c.Run == only || c.Call.Task == only || c.Call.Spec == only || c.Call.Phase == only)).Select(c => c.Call).ToList();
        return Task.FromResult(ToolReply.Of($"{Facts.Count(calls.Count, "call")}, {calls.Sum(c => c.Tokens.Total)} tokens, {calls.Sum(c => c.Usd ?? 0).ToString("0.0000", CultureInfo.InvariantCulture)} USD", json =>
        {
            Sum(json, calls);
            json.Rows("by_model", [.. calls.GroupBy(c => c.Model)], Bounds.DefaultRows, g =>
            {
                json.WriteString("model", g.Key);
                Sum(json, [.. g]);
            });
            json.Rows("by_agent", [.. calls.GroupBy(c => c.Spec)], Bounds.DefaultRows, g =>
            {
                json.WriteString("agent", g.Key);
                Sum(json, [.. g]);
            });
            if (frame.LeftOut > 0) json.WriteNumber("runs_left_out", frame.LeftOut);
        }));
    }

    private static void Sum(Utf8JsonWriter json, List<CallRow> calls)
    {
        json.WriteNumber("calls", calls.Count);
        json.WriteNumber("input_tokens", calls.Sum(c => c.Tokens.Input));
        json.WriteNumber("output_tokens", calls.Sum(c => c.Tokens.Output));
        json.WriteNumber("cache_read_tokens", calls.Sum(c => c.Tokens.CacheRead));
        json.WriteNumber("unsure_tokens", calls.Sum(c => c.Unsure));
        json.WriteNumber("cost_usd", calls.Sum(c => c.Usd ?? 0));
        json.WriteNumber("calls_without_price", calls.Count(c => c.Usd is null));
    }
}

/// <summary><c>cost_analysis</c>: the cost report of a run.</summary>
internal sealed class CostAnalysisTool() : McpTool(
    "cost_analysis",
    "Cost of a run",
    "The cost report of a run: by agent, model and phase, its budgets, what is still to be expected.",
    ToolEffect.Looks,
    """{"type":"object","properties":{"run":{"type":"string","minLength":1,"maxLength":64,"description":"The newest run unless given."}},"additionalProperties":false}""",
    ToolGroup.Extended)
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var report = RunCosts.Of(RunLook.Load(call.Desk, call.Args.Text("run") ?? RunLook.Last), call.Desk.Queries, call.Desk.Now);
        return Task.FromResult(ToolReply.Of($"{report.Run}: {report.Total.CostUsd.ToString("0.0000", CultureInfo.InvariantCulture)} USD for {Facts.Count(report.Total.Calls, "call")}", json =>
        {
            json.WritePropertyName("costs");
            CostReportJson.Write(json, report);
        }));
    }
}
