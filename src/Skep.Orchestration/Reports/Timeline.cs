using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>
/// The bars of what really happened: a row per task in the order of starting, grouped by phase; a bar per attempt. A large fan-out is one bar
/// from its first start to its last end, with rows for the items that matter most to the time it took.
/// </summary>
/// <param name="Bars">The bars.</param>
/// <param name="Hidden">How many items and attempts are not drawn.</param>
internal sealed record Timeline(IReadOnlyList<GanttBar> Bars, int Hidden)
{
    public static Timeline Of(RunFacts facts)
    {
        var critical = facts.Path.Steps.Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        var phases = facts.Tasks.Concat(facts.Gates).Where(t => t.Start is not null)
            .GroupBy(t => t.Node.Phase).OrderBy(g => g.Min(t => t.Start)).ThenBy(g => g.Key);
        var bars = new List<GanttBar>();
        var hidden = 0;
        foreach (var task in phases.SelectMany(g => g.OrderBy(t => t.Start).ThenBy(t => t.Node.Index)))
        {
            var rows = Rows(task, critical);
            if (IsLarge(task)) bars.Add(Whole(facts, task));
            hidden += (task.Items?.Count(i => i.Start is not null) ?? 1) - rows.Count;
            foreach (var row in rows) hidden += Add(bars, facts, row, critical);
        }

        return new Timeline(bars, hidden);
    }

    private static bool IsLarge(TaskFacts task) => task.Items is { Count: > ReportBounds.OpenItems };

    private static IReadOnlyList<TaskFacts> Rows(TaskFacts task, HashSet<string> critical)
    {
        if (task.Items is not { } items) return [task];
        var started = items.Where(i => i.Start is not null);
        if (IsLarge(task)) started = started.OrderByDescending(i => critical.Contains(i.Key)).ThenByDescending(i => i.Work).Take(ReportBounds.TimelineItems);
        return [.. started.OrderBy(i => i.Start)];
    }

    private static int Add(List<GanttBar> bars, RunFacts facts, TaskFacts task, HashSet<string> critical)
    {
        var room = Math.Max(0, ReportBounds.TimelineBars - bars.Count);
        var begun = task.Attempts.Where(a => a.Start is not null).ToList();
        bars.AddRange(begun.TakeLast(room).Select(a => Bar(facts, task, a, critical.Contains(task.Key))));
        return Math.Max(0, begun.Count - room);
    }

    private static GanttBar Whole(RunFacts facts, TaskFacts task)
    {
        var label = $"{ReportText.Line(task.Key)} × {ReportText.Count(task.Items!.Count)}";
        var (start, end) = Span(facts, task.Start!.Value, task.End);
        return new GanttBar(label, start, end, task.State, false, $"{label} · {HtmlTasks.ItemCounts(task.Items)} · {DurationText.Format(task.Work)} at work", Group(facts, task));
    }

    private static GanttBar Bar(RunFacts facts, TaskFacts task, AttemptFacts attempt, bool critical)
    {
        var (start, end) = Span(facts, attempt.Start!.Value, attempt.End);
        var tip = $"{ReportText.Line(task.Key)} · attempt {attempt.Number} · {attempt.State} · {ReportText.Offset(start)} · {DurationText.Format(end - start)}"
            + (attempt.Agent.Length > 0 ? $" · {ReportText.Line(attempt.Agent)}" : "");
        return new GanttBar(ReportText.Line(task.Key), start, end, attempt.State, critical, tip, Group(facts, task));
    }

    private static (TimeSpan Start, TimeSpan End) Span(RunFacts facts, DateTimeOffset from, DateTimeOffset? to)
    {
        var (start, end) = (from - facts.Times.Start, (to ?? facts.Times.Until) - facts.Times.Start);
        return (start, end < start ? start : end);
    }

    private static string Group(RunFacts facts, TaskFacts task)
    {
        var phase = facts.Graph.Plan.Phases[task.Node.Phase];
        return ReportText.Line(phase.Title ?? phase.Id);
    }
}
