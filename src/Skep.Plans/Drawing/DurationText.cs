namespace Skep.Plans.Drawing;

/// <summary>Durations as people read them.</summary>
public static class DurationText
{
    /// <summary>Formats with the two largest units that matter: <c>1d 4h</c>, <c>2h 05m</c>, <c>3m 20s</c>, <c>4.5s</c>, <c>12ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value < TimeSpan.Zero) return "-" + Format(value == TimeSpan.MinValue ? TimeSpan.MaxValue : -value);
        if (value == TimeSpan.Zero) return "0s";
        if (value < TimeSpan.FromMilliseconds(1)) return "<1ms";
        if (value < TimeSpan.FromSeconds(1)) return $"{value.TotalMilliseconds:0}ms";
        if (value < TimeSpan.FromSeconds(59.95)) return $"{value.TotalSeconds:0.#}s";
        var seconds = (long)Math.Round(value.TotalSeconds);
        return seconds switch
        {
            < 3_600 => Pair(seconds / 60, "m", seconds % 60, "s", 2),
            < 86_400 => Pair(seconds / 3_600, "h", seconds % 3_600 / 60, "m", 2),
            _ => Pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h", 1),
        };
    }

    /// <summary>Formats work in the days and weeks of a calendar, with the two largest units that matter: <c>2w 3d</c>, <c>1d 4h</c>; by the clock without a calendar or below a day.</summary>
    public static string FormatWork(TimeSpan work, WorkCalendar? calendar)
    {
        if (calendar is null || work < calendar.Day) return Format(work);
        var minutes = (long)Math.Round(work.TotalMinutes);
        var (day, week) = ((long)calendar.Day.TotalMinutes, (long)calendar.Week.TotalMinutes);
        return minutes >= week
            ? Pair(minutes / week, "w", minutes % week / day, "d", 1)
            : Pair(minutes / day, "d", minutes % day / 60, "h", 1);
    }

    private static string Pair(long large, string largeUnit, long small, string smallUnit, int digits) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit} {small.ToString("D" + digits)}{smallUnit}";
}
