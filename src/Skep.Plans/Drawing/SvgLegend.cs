namespace Skep.Plans.Drawing;

/// <summary>One line of a legend: a state with its symbol, or a swatch of a class.</summary>
internal sealed record LegendEntry(string Classes, string Label, StateStyle? State = null)
{
    public LegendEntry(StateStyle state)
        : this("", state.Name, state)
    {
    }
}

/// <summary>A legend that wraps to the width it is given.</summary>
internal sealed class SvgLegend
{
    private const double LineHeight = 20;
    private readonly List<(LegendEntry Entry, double X, double Y)> _places = [];

    public SvgLegend(IReadOnlyList<LegendEntry> entries, double width)
    {
        var (x, y) = (0.0, 0.0);
        foreach (var entry in entries)
        {
            var needed = 26 + TextMetrics.Pixels(entry.Label, 11) + 16;
            if (x > 0 && x + needed > width) (x, y) = (0, y + LineHeight);
            _places.Add((entry, x, y));
            x += needed;
        }

        Height = entries.Count == 0 ? 0 : y + LineHeight;
    }

    /// <summary>Height in pixels.</summary>
    public double Height { get; }

    public void Draw(SvgWriter svg, double x, double y)
    {
        foreach (var (entry, dx, dy) in _places)
        {
            if (entry.State is { } state) state.Draw(svg, x + dx + 5, y + dy);
            else if (entry.Classes.StartsWith("edge", StringComparison.Ordinal)) svg.Line(entry.Classes, x + dx, y + dy + 5, x + dx + 20, y + dy + 5);
            else svg.Rect(entry.Classes, x + dx + 1, y + dy, 18, 10, 2);
            svg.Text("small muted", x + dx + 26, y + dy + 9, entry.Label);
        }
    }
}
