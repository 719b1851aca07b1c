namespace Skep.Cli.Reading;

/// <summary>Durations as a run measured them.</summary>
internal static class MeasuredDurations
{
    /// <summary>By task or gate id, for fan-outs the mean of the items, with the number of items. Only what succeeded counts.</summary>
    public static Durations Of(RunState state)
    {
        var measured = state.WorkNodes
            .Where(n => n.Status == TaskStatus.Succeeded && n.Attempts.Count > 0)
            .GroupBy(n => n.Node.Id, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => TimeSpan.FromTicks((long)g.Average(n => n.Attempts.Sum(a => Math.Max(0, a.Duration(state.LastAt).Ticks)))), StringComparer.Ordinal);
        var items = state.Nodes.Where(n => n.Items is not null).ToDictionary(n => n.Node.Id, n => n.Items!.Count, StringComparer.Ordinal);
        return new Durations(measured, items);
    }
}
