using Skep.Plans.Drawing;

namespace Skep.Plans;

/// <summary>Draws tasks on the map of impact and effort as SVG. Tasks with the same impact and effort share one point.</summary>
public static class QuadrantSvg
{
    /// <summary>Most labels; points beyond it keep their tooltip only.</summary>
    public const int MaxLabels = 40;

    /// <summary>Draws the map.</summary>
    /// <param name="priorities">The priorities.</param>
    /// <param name="theme">Colours.</param>
    /// <param name="prefix">Prefix of classes and ids; give each picture of a page its own.</param>
    public static string Draw(PlanPriorities priorities, SvgTheme theme = SvgTheme.Auto, string prefix = "skep-quadrants")
    {
        ArgumentNullException.ThrowIfNull(priorities);
        return new QuadrantPicture(priorities, theme, prefix).Draw();
    }
}

/// <summary>The geometry of one map.</summary>
internal sealed class QuadrantPicture(PlanPriorities priorities, SvgTheme theme, string prefix)
{
    private const double Width = 880;
    private const double Height = 660;
    private const double Left = 64;
    private const double Top = 92;
    private const double Right = 856;
    private const double Bottom = 604;

    private readonly List<(double X, double Y, double Width, double Height)> _taken = [];

    public string Draw()
    {
        var description = $"{priorities.Scored.Count} tasks by impact and effort; {priorities.Unscored.Count} tasks have no score.";
        var svg = new SvgWriter(prefix, Width, Height, "Impact and effort", description, theme);
        svg.Text("title", 24, 34, TextMetrics.FitPixels($"Impact and effort: {PlainText.Clean(priorities.Plan)}", Width - 48, 16));
        svg.Text("small muted", 24, 54, "Score = impact × 2 − effort"
            + (priorities.Unscored.Count == 0 ? "" : $" · not shown, because not scored: {priorities.Unscored.Count:N0}"));
        DrawQuadrants(svg);
        DrawAxes(svg);
        var points = priorities.Scored.GroupBy(s => (s.Impact, s.Effort)).ToList();
        foreach (var point in points) _taken.Add((X(point.Key.Effort) - 9, Y(point.Key.Impact) - 9, 18, 18));
        for (var i = 0; i < points.Count; i++) DrawPoint(svg, [.. points[i]], i < QuadrantSvg.MaxLabels);
        return svg.Finish();
    }

    private void DrawQuadrants(SvgWriter svg)
    {
        var (x, y) = (X(ScoredTask.Split), Y(ScoredTask.Split));
        Area(svg, Quadrant.QuickWins, Left, Top, x, y, "s-succeeded");
        Area(svg, Quadrant.Strategic, x, Top, Right, y, "s-running");
        Area(svg, Quadrant.FillIn, Left, y, x, Bottom, "s-pending");
        Area(svg, Quadrant.AvoidOrDefer, x, y, Right, Bottom, "s-failed");
    }

    private void Area(SvgWriter svg, Quadrant quadrant, double x1, double y1, double x2, double y2, string colour)
    {
        svg.Rect($"tint {colour}", x1 + 1, y1 + 1, x2 - x1 - 2, y2 - y1 - 2, 6);
        var name = Prioritizer.NameOf(quadrant);
        svg.Text("strong muted", x1 + 12, y1 + 21, name);
        _taken.Add((x1 + 10, y1 + 8, TextMetrics.Pixels(name, 13) + 6, 18));
    }

    private static void DrawAxes(SvgWriter svg)
    {
        for (var i = Prioritizer.Least; i <= Prioritizer.Greatest; i++)
        {
            svg.Text("small muted middle", X(i), Bottom + 18, $"{i}");
            svg.Text("small muted end", Left - 8, Y(i) + 4, $"{i}");
        }

        svg.Text("strong middle", (Left + Right) / 2, Bottom + 40, "Effort →");
        svg.Shape("path", "axis", null, "d", $"M{Left} {Top}V{Bottom}H{Right}", "fill", "none");
        svg.Text("strong", 24, Top - 6, "Impact ↑");
    }

    private void DrawPoint(SvgWriter svg, IReadOnlyList<ScoredTask> tasks, bool labelled)
    {
        var (x, y) = (X(tasks[0].Effort), Y(tasks[0].Impact));
        var names = string.Join(", ", tasks.Select(t => t.Task.Title ?? t.Task.Id));
        svg.Group("point", $"{names} · impact {tasks[0].Impact}, effort {tasks[0].Effort}, score {tasks[0].Score} ({tasks[0].Class})");
        svg.Shape("circle", "dot", null, "cx", SvgWriter.N(x), "cy", SvgWriter.N(y), "r", tasks.Count > 1 ? "8" : "6");
        if (tasks.Count > 1) svg.Text("small strong on-bar middle", x, y + 4, tasks.Count > 9 ? "+" : $"{tasks.Count}");
        if (labelled) Label(svg, tasks, x, y);
        svg.End();
    }

    /// <summary>One line per task, at most three; tried right, left, below and above the point, nearest first, and left out where nothing is free.</summary>
    private void Label(SvgWriter svg, IReadOnlyList<ScoredTask> tasks, double x, double y)
    {
        var lines = tasks.Take(tasks.Count > 3 ? 2 : 3).Select(t => TextMetrics.FitPixels(PlainText.Clean(t.Task.Title ?? t.Task.Id), 150, 11)).ToList();
        if (tasks.Count > lines.Count) lines.Add($"and {tasks.Count - lines.Count} more");
        var (width, height) = (lines.Max(l => TextMetrics.Pixels(l, 11)) + 4, lines.Count * 13.0);
        (double X, double Y)[] places =
        [
            (x + 12, y - (height / 2)), (x - 12 - width, y - (height / 2)), (x - (width / 2), y + 12), (x - (width / 2), y - 12 - height),
            (x + 8, y + 8), (x + 8, y - 8 - height), (x - 8 - width, y + 8), (x - 8 - width, y - 8 - height),
            (x - (width / 2), y + 26), (x - (width / 2), y - 26 - height),
        ];
        // A label inside its own quadrant reads best; one across the border is better than none.
        foreach (var place in places.Where(p => IsWithin(p, width, height, x, y)).Concat(places))
        {
            if (!IsFree(place.X, place.Y, width, height)) continue;
            _taken.Add((place.X, place.Y, width, height));
            for (var i = 0; i < lines.Count; i++) svg.Text("small", place.X + 2, place.Y + 10 + (i * 13), lines[i]);
            return;
        }
    }

    private static bool IsWithin((double X, double Y) place, double width, double height, double x, double y)
    {
        var (splitX, splitY) = (X(ScoredTask.Split), Y(ScoredTask.Split));
        return (x < splitX ? place.X + width < splitX : place.X > splitX) && (y < splitY ? place.Y + height < splitY : place.Y > splitY);
    }

    private bool IsFree(double x, double y, double width, double height) =>
        x >= Left + 4 && x + width <= Right - 2 && y >= Top + 2 && y + height <= Bottom - 2
        && !_taken.Exists(t => x < t.X + t.Width && t.X < x + width && y < t.Y + t.Height && t.Y < y + height);

    private static double X(double effort) => Left + ((effort - 0.5) / 10 * (Right - Left));

    private static double Y(double impact) => Bottom - ((impact - 0.5) / 10 * (Bottom - Top));
}
