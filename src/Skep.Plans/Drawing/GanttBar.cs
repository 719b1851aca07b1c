namespace Skep.Plans.Drawing;

/// <summary>One bar of a Gantt chart. Several bars may share a row: retries, or items that run side by side.</summary>
/// <param name="Row">Label of the row.</param>
/// <param name="Start">Start, counted from the chart's origin.</param>
/// <param name="Finish">Finish, counted from the chart's origin; not before <paramref name="Start"/>.</param>
/// <param name="State">State name for the colour, such as <c>failed</c>; null for a forecast.</param>
/// <param name="IsCritical">Whether it is on the critical path.</param>
/// <param name="Tooltip">What a reader sees on hovering; made from the bar when null.</param>
/// <param name="Group">Heading above the row, such as the phase; consecutive rows of one group share it.</param>
public sealed record GanttBar(
    string Row, TimeSpan Start, TimeSpan Finish, string? State = null, bool IsCritical = false, string? Tooltip = null, string? Group = null)
{
    /// <summary>The bars of a schedule with limited slots: a row per task or gate, in file order, grouped by phase.</summary>
    public static IReadOnlyList<GanttBar> From(ResourceSchedule limited)
    {
        ArgumentNullException.ThrowIfNull(limited);
        var phases = limited.Schedule.Graph.Plan.Phases;
        return [.. limited.Runs.OrderBy(r => r.Node.Index).ThenBy(r => r.Item).Select(r => Of(limited.Schedule, r, phases[r.Node.Phase]))];
    }

    private static GanttBar Of(Schedule schedule, ScheduledRun run, Phase phase) => new(
        NodeLabel.Of(run.Node), run.Start, run.Finish, null, schedule[run.Node].IsCritical,
        $"{run.Node.Id}{(schedule[run.Node].Items > 1 ? $"[{run.Item}]" : "")} · {DurationText.Format(run.Start)} – {DurationText.Format(run.Finish)}"
        + $"{(run.Agent is null ? "" : $" · {run.Agent}")} · slack {DurationText.Format(schedule[run.Node].Slack)}",
        NodeLabel.Of(phase));
}
