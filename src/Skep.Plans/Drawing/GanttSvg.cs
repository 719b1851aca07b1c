namespace Skep.Plans.Drawing;

/// <summary>How a Gantt chart is drawn as SVG.</summary>
public sealed record GanttSvgOptions
{
    /// <summary>Title of the picture.</summary>
    public string Title { get; init; } = "Schedule";

    /// <summary>Colours.</summary>
    public SvgTheme Theme { get; init; } = SvgTheme.Auto;

    /// <summary>Prefix of classes and ids; give each picture of a page its own.</summary>
    public string Prefix { get; init; } = "skep-gantt";

    /// <summary>Width in pixels at natural size, at least 480.</summary>
    public int Width { get; init; } = 960;

    /// <summary>Most rows; beyond it the longest are shown.</summary>
    public int MaxRows { get; init; } = 200;
}

/// <summary>Draws bars over time as SVG: of a schedule, or of what really happened.</summary>
public static class GanttSvg
{
    /// <summary>Draws the chart.</summary>
    /// <exception cref="ArgumentException">A bar starts before zero or finishes before it starts.</exception>
    public static string Draw(IReadOnlyList<GanttBar> bars, GanttSvgOptions? options = null)
    {
        options ??= new GanttSvgOptions();
        return new GanttPicture(GanttRows.Of(bars, options.MaxRows), options).Draw();
    }
}

/// <summary>The geometry of one chart.</summary>
internal sealed class GanttPicture
{
    private const double Margin = 20;
    private const double Top = 84;
    private const double RowHeight = 26;
    private const double LaneHeight = 15;
    private const double GroupHeight = 28;
    private const double BusyWidth = 64;

    private readonly GanttRows _rows;
    private readonly GanttSvgOptions _options;
    private readonly double _width;
    private readonly double _left;
    private readonly double _right;
    private readonly double _height;
    private readonly (GanttRow Row, IReadOnlyList<(GanttBar Bar, int Lane)> Bars, double Y, double Height)[] _places;
    private readonly SvgLegend _legend;

    public GanttPicture(GanttRows rows, GanttSvgOptions options)
    {
        (_rows, _options) = (rows, options);
        _width = Math.Max(480, options.Width);
        var labels = rows.Rows.Select(r => TextMetrics.Pixels(r.Label, 12)).DefaultIfEmpty(0).Max();
        _left = Margin + Math.Clamp(labels, 60, _width * 0.28) + 12;
        _right = _width - Margin - BusyWidth;
        _places = new (GanttRow, IReadOnlyList<(GanttBar, int)>, double, double)[rows.Rows.Count];
        _height = Place();
        _legend = new SvgLegend(Entries(), _width - (2 * Margin));
        _height += _legend.Height + 30 + (rows.Hidden > 0 ? 20 : 0);
    }

    public string Draw()
    {
        var description = $"{_rows.Rows.Count} rows over {DurationText.Format(_rows.Total)}. {_rows.HiddenNote}".TrimEnd();
        var svg = new SvgWriter(_options.Prefix, _width, _height, _options.Title, description, _options.Theme);
        svg.Text("title", Margin, 32, TextMetrics.FitPixels(PlainText.Clean(_options.Title), _width - (2 * Margin), 16));
        svg.Text("small muted", Margin, 50, $"{_rows.Rows.Count} rows · {DurationText.Format(_rows.Total)} in all");
        var bottom = _places.Length == 0 ? Top : _places[^1].Y + _places[^1].Height;
        DrawAxis(svg, bottom);
        DrawRows(svg);
        if (_rows.HiddenNote is { } note) svg.Text("small muted", Margin, bottom + 24, note);
        _legend.Draw(svg, Margin, bottom + 26 + (_rows.Hidden > 0 ? 20 : 0));
        return svg.Finish();
    }

    private double Place()
    {
        var y = Top + 4;
        var group = "";
        for (var i = 0; i < _places.Length; i++)
        {
            var row = _rows.Rows[i];
            if (row.Group != group && row.Group.Length > 0) y += GroupHeight;
            group = row.Group;
            var (bars, lanes) = row.InLanes();
            var height = RowHeight + ((lanes - 1) * LaneHeight);
            _places[i] = (row, bars, y, height);
            y += height;
        }

        return y;
    }

    private void DrawAxis(SvgWriter svg, double bottom)
    {
        foreach (var tick in TimeAxis.Ticks(_rows.Total, (int)((_right - _left) / 80)))
        {
            svg.Line("grid", X(tick), Top, X(tick), bottom + 4);
            svg.Text("small muted middle", X(tick), Top - 8, DurationText.Format(tick));
        }

        svg.Line("axis", _left, Top, _right, Top);
        svg.Text("small muted end", _width - Margin, Top - 8, "busy");
    }

    private void DrawRows(SvgWriter svg)
    {
        var group = "";
        foreach (var (row, bars, y, height) in _places)
        {
            if (row.Group != group && row.Group.Length > 0)
                svg.Text("strong", Margin, y - 9, TextMetrics.FitPixels(row.Group, _right - Margin, 13));
            group = row.Group;
            svg.Line("grid", Margin, y + height, _width - Margin, y + height);
            svg.Group(null, row.Label);
            svg.Text("label", Margin, y + (height / 2) + 4, TextMetrics.FitPixels(row.Label, _left - Margin - 10, 12));
            svg.End();
            foreach (var (bar, lane) in bars) DrawBar(svg, bar, y + 5 + (lane * LaneHeight), bars.Count == 1 || height <= RowHeight ? 16 : 13);
            svg.Text("small muted end", _width - Margin, y + (height / 2) + 4, DurationText.Format(row.Busy));
        }
    }

    private void DrawBar(SvgWriter svg, GanttBar bar, double y, double height)
    {
        var state = StateStyle.Of(bar.State);
        var (x, width) = (X(bar.Start), Math.Max(3, X(bar.Finish) - X(bar.Start)));
        x = Math.Min(x, _right - 3);
        svg.Group("mark", bar.Tooltip ?? $"{bar.Row} · {DurationText.Format(bar.Start)} – {DurationText.Format(bar.Finish)}{(bar.State is null ? "" : " · " + bar.State)}");
        var classes = state is null ? bar.IsCritical ? "bar bar-critical" : "bar" : $"bar s-{state.Name}";
        if (bar.Start == bar.Finish) svg.Path(classes, Diamond(X(bar.Start), y + (height / 2)));
        else svg.Rect(classes, x, y, width, height, 3);
        if (state is not null && bar.IsCritical && bar.Finish > bar.Start) svg.Rect("critical-ink", x - 1.5, y - 1.5, width + 3, height + 3, 4);
        if (state is not null && width >= 20)
            svg.Shape("path", state.Solid ? "icon-solid on-mark" : "icon on-mark", null, "d", state.Icon, "transform", $"translate({SvgWriter.N(x + 5)} {SvgWriter.N(y + (height / 2) - 5)})");
        svg.End();
    }

    /// <summary>What takes no time is a milestone.</summary>
    private static string Diamond(double x, double y) => $"M{SvgWriter.N(x)} {SvgWriter.N(y - 7)}l6 7l-6 7l-6 -7z";

    private double X(TimeSpan at) => _rows.Total == TimeSpan.Zero ? _left : _left + (at / _rows.Total * (_right - _left));

    private List<LegendEntry> Entries()
    {
        var bars = _rows.Rows.SelectMany(r => r.Bars).ToList();
        var entries = new List<LegendEntry>();
        if (bars.Exists(b => b.State is null && !b.IsCritical)) entries.Add(new LegendEntry("bar", "task"));
        if (bars.Exists(b => b.State is null && b.IsCritical)) entries.Add(new LegendEntry("bar bar-critical", "critical path"));
        entries.AddRange(StateStyle.All.Append(StateStyle.Unknown).Where(s => bars.Exists(b => StateStyle.Of(b.State) == s)).Select(s => new LegendEntry(s)));
        if (bars.Exists(b => b.State is not null && b.IsCritical)) entries.Add(new LegendEntry("critical-ink", "critical path"));
        return entries;
    }
}
