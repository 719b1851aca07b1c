using System.Text;
using Skep.Plans.Drawing;

namespace Skep.Cli.Plans;

/// <summary>The numbers below a schedule.</summary>
internal static class ScheduleText
{
    /// <summary>Most names that are listed.</summary>
    public const int MaxNames = 12;

    /// <summary>Totals, the critical path, and what was assumed.</summary>
    public static string Of(Schedule schedule, ResourceSchedule limited)
    {
        var text = new StringBuilder("\n");
        text.Append($"with {limited.Slots} {(limited.Slots == 1 ? "slot" : "slots")}: {DurationText.Format(limited.Makespan)}, slots used {limited.Utilisation:P0}; without limit: {DurationText.Format(schedule.Span)}; one after the other: {DurationText.Format(schedule.TotalWork)}\n");
        if (schedule.Graph.Plan.Calendar is { } calendar)
            text.Append($"in working time, {calendar.HoursPerDay}h a day and {calendar.DaysPerWeek}d a week: {Weeks(limited.Makespan, calendar)} with {limited.Slots} slots, {Weeks(schedule.Span, calendar)} without limit, {Weeks(schedule.TotalWork, calendar)} one after the other\n");
        text.Append($"at most {schedule.SpeedUpBound:0.0} times as fast as one after the other; up to {schedule.MaxParallelism} {(schedule.MaxParallelism == 1 ? "task" : "tasks")} at once\n");
        text.Append($"critical path: {Names(schedule.CriticalPath.Where(n => n.Kind is NodeKind.Task or NodeKind.Gate), " → ")}\n");
        if (schedule.Assumed.Any()) text.Append($"assumed to take {DurationText.Format(Durations.DefaultAssumed)}, give an estimate or --run: {Names(schedule.Assumed, ", ")}\n");
        if (schedule.DynamicFanOuts.Any()) text.Append($"lists known only at run time, counted as measured or as one item: {Names(schedule.DynamicFanOuts, ", ")}\n");
        return text.ToString();
    }

    /// <summary>Working weeks, with days where there is less than one.</summary>
    private static string Weeks(TimeSpan work, WorkCalendar calendar) => work < calendar.Week
        ? FormattableString.Invariant($"{work / calendar.Day:0.##}d")
        : FormattableString.Invariant($"{work / calendar.Week:0.##}w");

    private static string Names(IEnumerable<GraphNode> nodes, string separator)
    {
        var ids = nodes.Select(n => n.Id).ToList();
        return PlainLine.Clean(string.Join(separator, ids.Take(MaxNames)) + (ids.Count > MaxNames ? $" and {ids.Count - MaxNames} more" : ""));
    }
}
