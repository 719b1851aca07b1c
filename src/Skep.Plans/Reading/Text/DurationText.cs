using System.Globalization;

namespace Skep.Plans.Reading.Text;

/// <summary>Durations as people write them: <c>500ms</c>, <c>30s</c>, <c>1h30m</c>, <c>1.5h</c>, <c>2w</c>.</summary>
internal static class DurationText
{
    /// <summary>The form, as a regular expression for the schema.</summary>
    public const string Pattern = @"^([0-9]+(\.[0-9]+)?w)?([0-9]+(\.[0-9]+)?d)?([0-9]+(\.[0-9]+)?h)?([0-9]+(\.[0-9]+)?m)?([0-9]+(\.[0-9]+)?s)?([0-9]+(\.[0-9]+)?ms)?$";

    /// <summary>Longest duration: ten years.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(3650);

    /// <summary>What numbers consist of.</summary>
    internal static readonly System.Buffers.SearchValues<char> NumberCharacters = System.Buffers.SearchValues.Create("0123456789.");

    private static readonly (string Unit, double Seconds)[] Units = [("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 0.001)];

    /// <summary>Reads a duration by the clock; otherwise says what is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration, out string problem) => TryParse(text, WorkCalendar.Clock, out duration, out problem);

    /// <summary>Reads a duration whose days and weeks are those of a calendar; otherwise says what is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, WorkCalendar calendar, out TimeSpan duration, out string problem)
    {
        (duration, problem) = (default, "");
        var rest = text;
        double seconds = 0;
        var lastUnit = -1;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits == 0 || !double.TryParse(digits < 0 ? rest : rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return Fail("a duration is a number and a unit, such as 500ms, 30s, 5m, 2h, 1d or 1h30m", out problem);
            if (digits < 0) return Fail($"a unit is missing; write {rest}s for seconds or {rest}m for minutes", out problem);
            rest = rest[digits..];
            var unit = UnitAt(rest);
            if (unit < 0) return Fail($"unknown unit '{rest[..Math.Min(rest.Length, 8)]}'; units are ms, s, m, h, d and w", out problem);
            if (unit <= lastUnit) return Fail("larger units come first and each only once, as in 1h30m", out problem);
            lastUnit = unit;
            seconds += number * Seconds(unit, calendar);
            rest = rest[Units[unit].Unit.Length..];
        }

        if (lastUnit < 0) return Fail("a duration is a number and a unit, such as 30s", out problem);
        if (seconds > Max.TotalSeconds) return Fail($"at most {Max.TotalDays:0}d are allowed", out problem);
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>The duration in the same notation, for messages.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero) return "0s";
        var parts = new System.Text.StringBuilder();
        if (value.Days > 0) parts.Append(value.Days).Append('d');
        if (value.Hours > 0) parts.Append(value.Hours).Append('h');
        if (value.Minutes > 0) parts.Append(value.Minutes).Append('m');
        if (value.Seconds > 0) parts.Append(value.Seconds).Append('s');
        if (value.Milliseconds > 0) parts.Append(value.Milliseconds).Append("ms");
        return parts.ToString();
    }

    private static double Seconds(int unit, WorkCalendar calendar) => Units[unit].Unit switch
    {
        "w" => calendar.Week.TotalSeconds,
        "d" => calendar.Day.TotalSeconds,
        _ => Units[unit].Seconds,
    };

    private static int UnitAt(ReadOnlySpan<char> rest)
    {
        var length = rest.IndexOfAny(NumberCharacters);
        var unit = length < 0 ? rest : rest[..length];
        for (var i = 0; i < Units.Length; i++)
            if (unit.SequenceEqual(Units[i].Unit)) return i;
        return -1;
    }

    private static bool Fail(string message, out string problem)
    {
        problem = message;
        return false;
    }
}
