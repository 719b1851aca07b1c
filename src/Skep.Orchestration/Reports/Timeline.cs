using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>The bars of what really happened: a row per task in the order of starting, grouped by phase; a bar per attempt.</summary>
/// <param name="Bars">The bars.</param>
/// <param name="Hidden">How many attempts are not drawn.</param>
internal sealed record Timeline(IReadOnlyList<GanttBar> Bars, int Hidden)
{
    public static Timeline Of(RunFacts facts)
    {
        var critical = facts.Path.Steps.Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        var rows = facts.Tasks.Concat(facts.Gates).Where(t => t.Start is not null)
            .SelectMany(t => t.Items is { Count: <= ReportBounds.OpenItems } items ? items.Where(i => i.Start is not null) : [t]).ToList();
        var phases = rows.GroupBy(t => t.Node.Phase).OrderBy(g => g.Min(t => t.Start)).ThenBy(g => g.Key);
        var bars = new List<GanttBar>();
        var hidden = 0;
        foreach (var task in phases.SelectMany(g => g.OrderBy(t => t.Start).ThenBy(t => t.Node.Index)))
            hidden += Add(bars, facts, task, critical);
        return new Timeline(bars, hidden);
    }

    private static int Add(List<GanttBar> bars, RunFacts facts, TaskFacts task, HashSet<string> critical)
    {
        var all = (task.Items ?? [task]).SelectMany(t => t.Attempts.Where(a => a.Start is not null).Select(a => (t.Key, Attempt: a))).ToList();
        var room = Math.Clamp(ReportBounds.TimelineBars - bars.Count, 0, ReportBounds.BarsPerRow);
        var shown = all.OrderByDescending(p => critical.Contains(p.Key)).ThenByDescending(p => p.Attempt.Work).Take(room)
            .OrderBy(p => p.Attempt.Start).ThenBy(p => p.Key, StringComparer.Ordinal).ThenBy(p => p.Attempt.Number);
        var label = task.Items is { } items ? $"{task.Key} × {items.Count}" : task.Key;
        var phase = facts.Graph.Plan.Phases[task.Node.Phase];
        bars.AddRange(shown.Select(p => Bar(facts, label, p.Key, p.Attempt, critical.Contains(p.Key), phase.Title ?? phase.Id)));
        return Math.Max(0, all.Count - room);
    }

    private static GanttBar Bar(RunFacts facts, string label, string key, AttemptFacts attempt, bool critical, string group)
    {
        var (start, end) = (attempt.Start!.Value - facts.Times.Start, (attempt.End ?? facts.Times.Until) - facts.Times.Start);
        var tip = $"{ReportText.Line(key)} · attempt {attempt.Number} · {attempt.State} · {ReportText.Offset(start)} · {DurationText.Format(end - start)}"
            + (attempt.Agent.Length > 0 ? $" · {ReportText.Line(attempt.Agent)}" : "");
        return new GanttBar(ReportText.Line(label), start, end < start ? start : end, attempt.State, critical, tip, ReportText.Line(group));
    }
}
