using Skep.Mcp.Catalogue;
using Skep.Orchestration.Hooks;
using Skep.Plans;

namespace Skep.Mcp.Tools.Runs;

/// <summary><c>plan_check</c>: tells what is wrong with a plan.</summary>
internal sealed class PlanCheckTool() : McpTool(
    "plan_check",
    "Check a plan",
    "Checks a YAML plan and reports every error at once, with line, column and what would be right. Nothing is started.",
    ToolEffect.Looks,
    $$"""{"type":"object","properties":{ {{PlanText.Arguments}} },"additionalProperties":false}""")
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var text = PlanText.Of(call.Desk, call.Args);
        var findings = text.Findings;
        var plan = text.Read.Plan;
        var idle = plan is null ? [] : call.Desk.Settings.Idle(plan);
        return Task.FromResult(ToolReply.Of(plan is null ? $"the plan is not valid: {Facts.Count(findings.Count, "finding")}" : $"plan {plan.Name} is valid: {Facts.Count(plan.Tasks.Count(), "task")}, {Facts.Count(plan.Agents.Count, "agent")}, {Facts.Count(plan.Gates.Count(), "gate")}", json =>
        {
            json.WriteBoolean("valid", plan is not null);
            json.Texts("findings", findings.Take(Bounds.Rows));
            json.Texts("not_acted_on", idle);
            if (plan is null) return;
            json.WriteString("plan", plan.Name);
            json.WriteNumber("phases", plan.Phases.Count);
            json.WriteNumber("tasks", plan.Tasks.Count());
            json.WriteNumber("gates", plan.Gates.Count());
            json.Texts("agents", plan.Agents.Select(a => a.Id).Take(Bounds.Rows));
        }));
    }
}

/// <summary><c>plan_schedule</c>: forecasts how long a plan takes.</summary>
internal sealed class PlanScheduleTool() : McpTool(
    "plan_schedule",
    "Forecast a plan",
    "Forecasts how long a plan takes and what holds it up: schedule with limited slots, critical path, what was assumed. Nothing is started.",
    ToolEffect.Looks,
    $$"""
    {"type":"object","properties":{ {{PlanText.Arguments}},
      "max_concurrency":{"type":"integer","minimum":1,"maximum":4096,"description":"Most tasks at once, over the plan's own setting."} },"additionalProperties":false}
    """)
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var schedule = Schedule.Compute(PlanGraph.Build(PlanText.Of(call.Desk, call.Args).Require()));
        var limited = ResourceSchedule.Compute(schedule, call.Args.Whole("max_concurrency"));
        var path = schedule.CriticalPath.Where(n => n.Kind is NodeKind.Task or NodeKind.Gate).Select(n => n.Id).ToList();
        return Task.FromResult(ToolReply.Of($"{Seconds(limited.Makespan)} s with {Facts.Count(limited.Slots, "slot")}; critical path: {string.Join(" → ", path.Take(12))}{(path.Count > 12 ? " …" : "")}", json =>
        {
            json.WriteNumber("slots", limited.Slots);
            json.Seconds("seconds", limited.Makespan);
            json.Seconds("seconds_without_limit", schedule.Span);
            json.Seconds("seconds_one_after_the_other", schedule.TotalWork);
            json.WriteNumber("tasks_at_once_at_most", schedule.MaxParallelism);
            json.Texts("critical_path", path.Take(Bounds.Rows));
            json.Texts("assumed", schedule.Assumed.Select(n => n.Id).Take(Bounds.Rows));
            json.Texts("lists_known_at_run_time", schedule.DynamicFanOuts.Select(n => n.Id).Take(Bounds.Rows));
            json.Maybe("note", path.Count > Bounds.Rows ? "lists are cut" : null);
        }));
    }

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 1);
}
