using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of <c>calendar</c>.</summary>
internal static class CalendarKeys
{
    public static KeyTable<CalendarDraft> Table { get; } = new(
        "calendar",
        "'calendar'",
        "Working time: what a day and a week mean in estimates.",
        new("hours_per_day", "Hours in a working day; 8 unless stated.", Shapes.Int(1, 24), static (b, d, n) => d.Hours = b.Int32(n, "hours_per_day", 1, 24) ?? d.Hours),
        new("days_per_week", "Days in a working week; 5 unless stated.", Shapes.Int(1, 7), static (b, d, n) => d.Days = b.Int32(n, "days_per_week", 1, 7) ?? d.Days));

    public static WorkCalendar Read(Binder binder, YamlNode node)
    {
        var draft = new CalendarDraft();
        Table.Bind(binder, node, draft);
        return new WorkCalendar(draft.Hours, draft.Days);
    }
}

/// <summary>A calendar while it is read.</summary>
internal sealed class CalendarDraft
{
    public int Hours { get; set; } = WorkCalendar.Office.HoursPerDay;

    public int Days { get; set; } = WorkCalendar.Office.DaysPerWeek;
}
