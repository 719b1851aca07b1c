using System.Text;

namespace Skep.Plans.Drawing;

/// <summary>How a Gantt chart is drawn as text.</summary>
public sealed record GanttTextOptions
{
    /// <summary>Narrowest width that is honoured.</summary>
    public const int MinWidth = 40;

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Draw with ASCII only, for terminals and logs that know nothing else.</summary>
    public bool Ascii { get; init; }

    /// <summary>Most rows; beyond it the longest are shown.</summary>
    public int MaxRows { get; init; } = 60;
}

/// <summary>Draws bars over time as text. Critical bars are solid, others shaded; how an attempt ended badly stands after its bar.</summary>
public static class GanttText
{
    /// <summary>Draws the chart.</summary>
    /// <exception cref="ArgumentException">A bar starts before zero or finishes before it starts.</exception>
    public static string Draw(IReadOnlyList<GanttBar> bars, GanttTextOptions? options = null)
    {
        options ??= new GanttTextOptions();
        var rows = GanttRows.Of(bars, options.MaxRows);
        if (rows.Rows.Count == 0) return "Nothing to show.\n";
        var width = Math.Max(options.Width, GanttTextOptions.MinWidth);
        var labels = Math.Clamp(rows.Rows.Max(r => TextMetrics.Cells(r.Label) + (r.Group.Length > 0 ? 2 : 0)), 6, width * 3 / 10);
        var chart = width - labels - 11;
        var text = new StringBuilder();
        Axis(text, rows.Total, labels, chart, options.Ascii);
        var group = "";
        foreach (var row in rows.Rows)
        {
            if (row.Group != group && row.Group.Length > 0) Line(text, Label(row.Group, width, options.Ascii));
            group = row.Group;
            var label = (row.Group.Length > 0 ? "  " : "") + row.Label;
            Line(text, $"{Label(label, labels, options.Ascii)} {Side(options.Ascii)}{Cells(row, rows.Total, chart, options.Ascii)}{Side(options.Ascii)}{DurationText.Format(row.Busy),7}");
        }

        Legend(text, rows, options.Ascii);
        return text.ToString();
    }

    private static void Axis(StringBuilder text, TimeSpan total, int labels, int chart, bool ascii)
    {
        var line = new char[chart];
        Array.Fill(line, ' ');
        var free = 0;
        foreach (var tick in TimeAxis.Ticks(total, Math.Max(1, chart / 10)))
        {
            var label = DurationText.Format(tick);
            var at = Column(tick, total, chart);
            if (at < free || at + label.Length > chart) continue;
            label.CopyTo(line.AsSpan(at));
            free = at + label.Length + 1;
        }

        Line(text, $"{new string(' ', labels)} {Side(ascii)}{new string(line)}{Side(ascii)}");
    }

    private static string Cells(GanttRow row, TimeSpan total, int chart, bool ascii)
    {
        var line = new char[chart];
        Array.Fill(line, ' ');
        foreach (var bar in row.Bars.OrderBy(b => b.Start))
        {
            var from = Math.Min(Column(bar.Start, total, chart), chart - 1);
            var to = Math.Clamp(Column(bar.Finish, total, chart), from + 1, chart);
            line.AsSpan(from, to - from).Fill(bar.Start == bar.Finish ? Instant(ascii) : Block(bar.IsCritical, ascii));
            if (StateStyle.Of(bar.State) is { Name: not "succeeded" } state) line[to - 1] = Mark(state);
        }

        return new string(line);
    }

    /// <summary>Marks are ASCII in both modes, so that they stand out from the blocks.</summary>
    private static char Mark(StateStyle state) => state.Mark == '·' ? '.' : state.Mark;

    private static int Column(TimeSpan at, TimeSpan total, int chart) =>
        total == TimeSpan.Zero ? 0 : (int)Math.Round(at / total * chart);

    private static char Block(bool critical, bool ascii) => (critical, ascii) switch
    {
        (true, true) => '#',
        (true, false) => '█',
        (false, true) => '=',
        (false, false) => '▒',
    };

    private static char Instant(bool ascii) => ascii ? '|' : '◆';

    private static char Side(bool ascii) => ascii ? '|' : '│';

    private static string Label(string label, int cells, bool ascii)
    {
        if (!ascii) return TextMetrics.Pad(label, cells);
        var plain = string.Concat(label.Select(c => c < 128 ? c : '?'));
        return TextMetrics.Pad(plain, cells).Replace('…', '~');
    }

    private static void Legend(StringBuilder text, GanttRows rows, bool ascii)
    {
        var bars = rows.Rows.SelectMany(r => r.Bars).ToList();
        var parts = new List<string>();
        if (bars.Exists(b => b.IsCritical))
            parts.AddRange([$"{Block(true, ascii)} critical", $"{Block(false, ascii)} other"]);
        parts.AddRange(StateStyle.All.Append(StateStyle.Unknown)
            .Where(s => s.Name != "succeeded" && bars.Exists(b => StateStyle.Of(b.State) == s))
            .Select(s => $"{Mark(s)} {s.Name}"));
        if (parts.Count > 0) Line(text, string.Join("   ", parts));
        if (rows.HiddenNote is { } note) Line(text, note);
    }

    private static void Line(StringBuilder text, string line) => text.Append(line.TrimEnd()).Append('\n');
}
