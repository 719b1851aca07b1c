namespace Skep.Plans;

/// <summary>
/// Working time: with it the days and weeks of an <c>estimate</c> are working days and weeks, so that <c>2d</c> and <c>16h</c> are the
/// same work. Timeouts and other durations stay durations of the clock.
/// </summary>
/// <param name="HoursPerDay">Hours in a working day, 1 to 24.</param>
/// <param name="DaysPerWeek">Days in a working week, 1 to 7.</param>
public sealed record WorkCalendar(int HoursPerDay, int DaysPerWeek)
{
    /// <summary>Eight hours a day, five days a week.</summary>
    public static WorkCalendar Office { get; } = new(8, 5);

    /// <summary>The clock: 24 hours a day, 7 days a week.</summary>
    public static WorkCalendar Clock { get; } = new(24, 7);

    /// <summary>A working day.</summary>
    public TimeSpan Day => TimeSpan.FromHours(HoursPerDay);

    /// <summary>A working week.</summary>
    public TimeSpan Week => Day * DaysPerWeek;
}
