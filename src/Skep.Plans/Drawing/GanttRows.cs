namespace Skep.Plans.Drawing;

/// <summary>The rows of a Gantt chart: bars by row in the order of first appearance, cut to the longest when there are too many.</summary>
/// <param name="Rows">The rows that are shown.</param>
/// <param name="Hidden">How many rows are not shown.</param>
/// <param name="Total">Length of the time axis.</param>
internal sealed record GanttRows(IReadOnlyList<GanttRow> Rows, int Hidden, TimeSpan Total)
{
    public static GanttRows Of(IReadOnlyList<GanttBar> bars, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(bars);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        var rows = new List<GanttRow>();
        var byLabel = new Dictionary<(string?, string), GanttRow>();
        var total = TimeSpan.Zero;
        foreach (var bar in bars)
        {
            if (bar.Start < TimeSpan.Zero || bar.Finish < bar.Start)
                throw new ArgumentException($"the bar of row '{bar.Row}' runs from {bar.Start} to {bar.Finish}; a bar starts at zero or later and does not finish before it starts", nameof(bars));
            if (!byLabel.TryGetValue((bar.Group, bar.Row), out var row))
                rows.Add(row = byLabel[(bar.Group, bar.Row)] = new GanttRow(rows.Count, PlainText.Clean(bar.Row), PlainText.Clean(bar.Group)));
            row.Bars.Add(bar);
            if (bar.Finish > total) total = bar.Finish;
        }

        var shown = rows.OrderByDescending(r => r.Busy).ThenBy(r => r.Order).Take(maxRows).OrderBy(r => r.Order).ToList();
        return new GanttRows(shown, rows.Count - shown.Count, total);
    }

    /// <summary>The sentence about rows that are not shown, or null.</summary>
    public string? HiddenNote => Hidden == 0 ? null : $"{Hidden:N0} more rows are not shown; these are the {Rows.Count:N0} that take longest.";
}

/// <summary>A row and its bars.</summary>
internal sealed class GanttRow(int order, string label, string group)
{
    /// <summary>Most bars drawn side by side in one row; further ones share the last lane.</summary>
    public const int MaxLanes = 6;

    public int Order { get; } = order;

    public string Label { get; } = label;

    public string Group { get; } = group;

    public List<GanttBar> Bars { get; } = [];

    public TimeSpan Busy => Bars.Aggregate(TimeSpan.Zero, (sum, bar) => Saturating.Add(sum, bar.Finish - bar.Start));

    /// <summary>Gives every bar a lane such that bars of one lane do not overlap, as far as there are lanes.</summary>
    public (IReadOnlyList<(GanttBar Bar, int Lane)> Bars, int Lanes) InLanes()
    {
        var ends = new List<TimeSpan>();
        var placed = new List<(GanttBar, int)>();
        foreach (var bar in Bars.OrderBy(b => b.Start))
        {
            var lane = ends.FindIndex(end => end <= bar.Start);
            if (lane < 0 && ends.Count < MaxLanes)
            {
                lane = ends.Count;
                ends.Add(default);
            }

            if (lane < 0) lane = MaxLanes - 1;
            if (bar.Finish > ends[lane]) ends[lane] = bar.Finish;
            placed.Add((bar, lane));
        }

        return (placed, Math.Max(1, ends.Count));
    }
}
