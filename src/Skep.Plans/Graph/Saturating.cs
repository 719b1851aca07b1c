namespace Skep.Plans;

/// <summary>Arithmetic on durations that stops at the largest value: a silly estimate must not make a forecast fail.</summary>
internal static class Saturating
{
    public static TimeSpan Add(TimeSpan a, TimeSpan b) =>
        a.Ticks > long.MaxValue - b.Ticks ? TimeSpan.MaxValue : new TimeSpan(a.Ticks + b.Ticks);

    public static TimeSpan Multiply(TimeSpan a, int factor) =>
        factor > 0 && a.Ticks > long.MaxValue / factor ? TimeSpan.MaxValue : new TimeSpan(a.Ticks * factor);
}
