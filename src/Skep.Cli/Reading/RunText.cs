using System.Text;
using Skep.Cli.Running;
using Skep.Plans.Drawing;

namespace Skep.Cli.Reading;

/// <summary>A run's state as text for people.</summary>
internal sealed class RunText(RunState state, Palette colours, TimeZoneInfo zone)
{
    /// <summary>Most items of one fan-out that are listed; failed ones come first.</summary>
    public const int MaxItems = 20;

    /// <summary>Most hooks that are listed; those that failed come first.</summary>
    public const int MaxHooks = 20;

    /// <summary>Longest output value that is shown.</summary>
    public const int MaxValue = 120;

    private readonly StringBuilder _text = new();

    public static string Of(RunState state, Palette colours, TimeZoneInfo zone) => new RunText(state, colours, zone).Write();

    private string Write()
    {
        var info = state.Info!;
        _text.Append(RunSummaryText.LastLine(state, colours));
        Line($"  plan {info.Plan}{(info.PlanFile is null ? "" : $" ({info.PlanFile})")}, started {TimeZoneInfo.ConvertTime(state.StartedAt, zone):yyyy-MM-dd HH:mm:ss}, up to {state.MaxConcurrency} at once");
        Line($"  workspace {info.Workspace}, run folder {info.RunDirectory}");
        if (info.Vars.Count > 0) Line($"  vars {string.Join(", ", info.Vars.Select(v => $"{v.Key}={v.Value}"))}");
        foreach (var waits in StrandedTasks.Of(state)) Line("  " + Agents.RunAgentsText.Waiting(state, waits));
        for (var i = 0; i < state.Plan.Phases.Count; i++) Phase(i);
        Metrics();
        Hooks();
        return _text.ToString();
    }

    private void Phase(int index)
    {
        var (phase, end) = (state.Plan.Phases[index], state.Phase(index, end: true));
        _text.Append('\n').Append($"{Mark(end.Status)} {colours.Bold(PlainLine.Clean(phase.Title ?? phase.Id))}  {end.StateName()}{Reason(end)}\n");
        foreach (var node in state.Nodes.Where(n => n.Node.Phase == index && n.Parent is null && n.Node.Kind is (NodeKind.Task or NodeKind.Gate))) Node(node, "  ");
    }

    private void Node(NodeState node, string indent)
    {
        var name = node.Gate is { } gate ? $"gate {gate.Id}" : node.Key;
        _text.Append($"{indent}{Mark(node.Status)} {PlainLine.Clean(name)}  {PlainLines.Word(node)}{(node.Paused ? " (paused)" : "")}{Took(node)}{Reason(node)}\n");
        var result = LastAttempt.Of(node)?.Result;
        if (result?.Evidence is { } evidence) Line($"{indent}    {evidence}");
        if (WaitingVotes.Of(state, node) is { } votes) Line($"{indent}    {votes.Words}; vote with: {votes.HowTo(state)}");
        foreach (var vote in node.Votes) Line($"{indent}    {vote.Role} {(vote.Approved ? "approved" : "rejected")} by {vote.By}, {TimeZoneInfo.ConvertTime(vote.At, zone):yyyy-MM-dd HH:mm:ss}{(vote.Text.Length > 0 ? ": " + vote.Text : "")}");
        if (node.Waiver is { } waiver) Line($"{indent}    {waiver} ({TimeZoneInfo.ConvertTime(waiver.At, zone):yyyy-MM-dd HH:mm:ss})");
        foreach (var earlier in node.Attempts.SkipLast(1)) Line($"{indent}    attempt {earlier.Number}: {earlier.Result?.Error ?? "no answer"}");
        foreach (var attempt in node.Attempts.Where(a => a.Hooks.Failures > 0)) Line($"{indent}    attempt {attempt.Number}: {attempt.Hooks.Failures} of {attempt.Hooks.Calls} hook calls failed, the first: {attempt.Hooks.Trouble}");
        foreach (var (key, value) in node.Outputs) Line($"{indent}    {key} = {PlainLine.Fit(PlainLine.Clean(value), MaxValue)}");
        foreach (var artifact in result?.Artifacts ?? []) Line($"{indent}    file {artifact.Name}, {artifact.Bytes} bytes, {artifact.Sha256[..12]}");
        Items(node, indent);
    }

    private void Items(NodeState node, string indent)
    {
        if (node.Items is not { Count: > 0 } items) return;
        foreach (var item in items.OrderByDescending(n => n.Status.IsFailure()).ThenBy(n => n.ItemIndex).Take(MaxItems)) Node(item, indent + "  ");
        if (items.Count > MaxItems) Line($"{indent}  … and {items.Count - MaxItems} more items; --json lists all");
    }

    private void Metrics()
    {
        if (state.Metrics.Count == 0) return;
        _text.Append('\n').Append(colours.Bold("metrics")).Append('\n');
        foreach (var metric in state.Metrics.Values.OrderBy(m => m.Name, StringComparer.Ordinal))
            Line($"  {metric.Name} = {metric.Value:R}{(metric.Task is null ? "" : $"  ({metric.Task})")}");
    }

    private void Hooks()
    {
        if (state.Hooks.Count == 0) return;
        _text.Append('\n').Append(colours.Bold("hooks")).Append('\n');
        foreach (var hook in state.Hooks.OrderByDescending(h => h.Failures).ThenBy(h => h.On, StringComparer.Ordinal).Take(MaxHooks))
            Line($"  {hook.On}  {PlainLine.Fit(PlainLine.Clean(hook.Command), MaxValue)}  {hook.Calls} {(hook.Calls == 1 ? "call" : "calls")}{(hook.Failures > 0 ? $", {hook.Failures} failed" : "")}{(hook.Blocks > 0 ? $", {hook.Blocks} blocked" : "")}, {DurationText.Format(TimeSpan.FromMilliseconds(hook.ElapsedMs))}{(hook.Trouble is { Length: > 0 } trouble ? $"  {trouble}" : "")}");
        if (state.Hooks.Count > MaxHooks) Line($"  … and {state.Hooks.Count - MaxHooks} more; --json lists all");
    }

    private string Took(NodeState node) =>
        LastAttempt.Of(node) is { StartedAt: not null } attempt ? $"  {DurationText.Format(attempt.Duration(state.LastAt))}" : "";

    private static string Reason(NodeState node) => string.IsNullOrEmpty(node.Reason) ? "" : "  " + PlainLine.Clean(ReadableText.Of(node.Reason));

    private string Mark(TaskStatus status) => status switch
    {
        TaskStatus.Succeeded => colours.Good("✓"),
        TaskStatus.Waived => colours.Warn("!"),
        TaskStatus.Skipped => colours.Dim("-"),
        TaskStatus.Failed or TaskStatus.TimedOut or TaskStatus.Cancelled => colours.Bad("✗"),
        TaskStatus.Running or TaskStatus.Assigned => colours.Info("▸"),
        _ => colours.Dim("·"),
    };

    private void Line(string line) => _text.Append(PlainLine.Clean(line)).Append('\n');
}
