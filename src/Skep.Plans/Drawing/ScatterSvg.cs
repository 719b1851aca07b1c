namespace Skep.Plans.Drawing;

/// <summary>A point of a scatter plot.</summary>
/// <param name="X">Where it lies, to the right.</param>
/// <param name="Y">Where it lies, upwards.</param>
/// <param name="Group">Points of one group share colour and shape.</param>
/// <param name="Label">What is shown when it is pointed at.</param>
public readonly record struct ScatterPoint(double X, double Y, string Group, string Label);

/// <summary>How a scatter plot is drawn as SVG.</summary>
public sealed record ScatterSvgOptions
{
    /// <summary>Title of the picture.</summary>
    public string Title { get; init; } = "Map";

    /// <summary>A line below the title.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Colours of everything but the points, whose colours can be told apart on light and on dark.</summary>
    public SvgTheme Theme { get; init; } = SvgTheme.Auto;

    /// <summary>Prefix of classes and ids; give each picture of a page its own.</summary>
    public string Prefix { get; init; } = "skep-map";

    /// <summary>Width in pixels at natural size, at least 480.</summary>
    public int Width { get; init; } = 960;

    /// <summary>Height of the plot in pixels, at least 200.</summary>
    public int Height { get; init; } = 640;
}

/// <summary>Draws points on a plane as SVG, at one scale for both directions so that distances can be compared.</summary>
public static class ScatterSvg
{
    /// <summary>Most groups that have a colour of their own; the points of smaller ones are grey.</summary>
    public const int MaxGroups = 8;

    /// <summary>Draws the plot.</summary>
    /// <exception cref="ArgumentException">A coordinate is not a finite number.</exception>
    public static string Draw(IReadOnlyList<ScatterPoint> points, ScatterSvgOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.FirstOrDefault(static p => !double.IsFinite(p.X) || !double.IsFinite(p.Y)) is { Label: not null } bad) throw new ArgumentException($"'{bad.Label}' lies at {bad.X}, {bad.Y}, which cannot be drawn", nameof(points));
        return new ScatterPicture(points, options ?? new ScatterSvgOptions()).Draw();
    }
}

/// <summary>The geometry of one plot.</summary>
internal sealed class ScatterPicture
{
    private const double Margin = 20;
    private const double Inset = 16;
    private const double Top = 72;
    private const double LegendLine = 20;
    private const double LongestLabel = 280;

    /// <summary>Told apart by people who do not see all colours (after Okabe and Ito), on light and on dark; the shapes help further.</summary>
    private static readonly string[] s_colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7b61ff", "#8c6d31"];

    private const string Grey = "#8b98a9";

    private readonly IReadOnlyList<ScatterPoint> _points;
    private readonly ScatterSvgOptions _options;
    private readonly List<(string Name, int Count)> _groups;
    private readonly Dictionary<string, int> _places;
    private readonly double _width;
    private readonly double _height;
    private readonly double _scale;
    private readonly (double X, double Y) _centre;

    public ScatterPicture(IReadOnlyList<ScatterPoint> points, ScatterSvgOptions options)
    {
        (_points, _options, _width, _height) = (points, options, Math.Max(480, options.Width), Math.Max(200, options.Height));
        _groups = [.. points.GroupBy(static p => p.Group, StringComparer.Ordinal).Select(static g => (Name: g.Key, Count: g.Count())).OrderByDescending(static g => g.Count).ThenBy(static g => g.Name, StringComparer.Ordinal)];
        _places = _groups.Take(ScatterSvg.MaxGroups).Select(static (g, i) => (g.Name, i)).ToDictionary(static g => g.Name, static g => g.i, StringComparer.Ordinal);
        var (left, right) = (points.Select(static p => p.X).DefaultIfEmpty().Min(), points.Select(static p => p.X).DefaultIfEmpty().Max());
        var (low, high) = (points.Select(static p => p.Y).DefaultIfEmpty().Min(), points.Select(static p => p.Y).DefaultIfEmpty().Max());
        _centre = ((left + right) / 2, (low + high) / 2);
        _scale = Math.Min(Fit(_width - (2 * (Margin + Inset)), right - left), Fit(_height - (2 * Inset), high - low));
    }

    public string Draw()
    {
        var rows = Legend().Select(static e => e.Row).DefaultIfEmpty(-1).Max() + 1;
        var bottom = Top + _height;
        var svg = new SvgWriter(_options.Prefix, _width, bottom + 16 + (rows * LegendLine) + Margin, _options.Title, $"{_points.Count} points in {_groups.Count} groups. {_options.Caption}", _options.Theme);
        svg.Text("title", Margin, 34, _options.Title);
        svg.Text("small muted", Margin, 54, _options.Caption);
        svg.Rect("band", Margin, Top, _width - (2 * Margin), _height, 8);
        foreach (var point in _points.OrderByDescending(Place)) Mark(svg, Place(point), X(point), Y(point), 3.2, point.Label);
        foreach (var (place, x, row, label) in Legend())
        {
            Mark(svg, place, Margin + x + 6, bottom + 22 + (row * LegendLine), 4.5, null);
            svg.Text("small muted", Margin + x + 16, bottom + 26 + (row * LegendLine), label);
        }

        return svg.Finish();
    }

    private static double Fit(double room, double extent) => extent > 0 ? room / extent : 1;

    private int Place(ScatterPoint point) => _places.GetValueOrDefault(point.Group, ScatterSvg.MaxGroups);

    private double X(ScatterPoint point) => (_width / 2) + ((point.X - _centre.X) * _scale);

    private double Y(ScatterPoint point) => Top + (_height / 2) - ((point.Y - _centre.Y) * _scale);

    /// <summary>Each group with its size, in lines that wrap; those without a colour together.</summary>
    private List<(int Place, double X, int Row, string Label)> Legend()
    {
        var entries = _groups.Take(ScatterSvg.MaxGroups).Select((g, i) => (Place: i, Label: $"{PlainText.Fit(PlainText.Clean(g.Name), LongestLabel, static s => TextMetrics.Pixels(s, 11))} ({g.Count})")).ToList();
        var others = _groups.Skip(ScatterSvg.MaxGroups).ToList();
        if (others.Count > 0) entries.Add((ScatterSvg.MaxGroups, $"{others.Count} others ({others.Sum(static g => g.Count)})"));
        var (laid, x, row) = (new List<(int, double, int, string)>(), 0.0, 0);
        foreach (var (place, label) in entries)
        {
            var needed = 36 + TextMetrics.Pixels(label, 11);
            if (x > 0 && x + needed > _width - (2 * Margin)) (x, row) = (0, row + 1);
            laid.Add((place, x, row, label));
            x += needed;
        }

        return laid;
    }

    private static void Mark(SvgWriter svg, int place, double x, double y, double size, string? tooltip)
    {
        var colour = place < s_colours.Length ? s_colours[place] : Grey;
        string[] look = ["fill", colour, "fill-opacity", "0.8"];
        string At(double dx, double dy) => $"{SvgWriter.N(x + dx)},{SvgWriter.N(y + dy)}";
        if (place >= s_colours.Length) svg.Shape("circle", "point", tooltip, ["cx", SvgWriter.N(x), "cy", SvgWriter.N(y), "r", SvgWriter.N(size * 0.7), .. look]);
        else if (place % 4 == 0) svg.Shape("circle", "point", tooltip, ["cx", SvgWriter.N(x), "cy", SvgWriter.N(y), "r", SvgWriter.N(size), .. look]);
        else if (place % 4 == 1) svg.Shape("rect", "point", tooltip, ["x", SvgWriter.N(x - (size * 0.9)), "y", SvgWriter.N(y - (size * 0.9)), "width", SvgWriter.N(size * 1.8), "height", SvgWriter.N(size * 1.8), .. look]);
        else if (place % 4 == 2) svg.Shape("polygon", "point", tooltip, ["points", $"{At(0, -size * 1.25)} {At(size * 1.15, size * 0.85)} {At(-size * 1.15, size * 0.85)}", .. look]);
        else svg.Shape("polygon", "point", tooltip, ["points", $"{At(0, -size * 1.3)} {At(size * 1.3, 0)} {At(0, size * 1.3)} {At(-size * 1.3, 0)}", .. look]);
    }
}
