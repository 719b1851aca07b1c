using System.Text;

namespace Skep.Plans.Drawing;

/// <summary>Where edges leave and enter boxes: spread along the side, in the order of where they come from or go to.</summary>
internal sealed class DagPorts
{
    private const double Spread = 18;

    private readonly DagLayout _layout;
    private readonly double _left;
    private readonly double _top;
    private readonly Dictionary<DagLine, (double Out, double In)> _offsets = new(ReferenceEqualityComparer.Instance);

    public DagPorts(DagLayout layout, double left, double top)
    {
        (_layout, _left, _top) = (layout, left, top);
        foreach (var line in layout.Lines) _offsets[line] = (0, 0);
        foreach (var group in layout.Lines.GroupBy(l => l.Edge.From))
            SpreadOut(group, Bottom(group.Key), l => l.Bends.Count > 0 ? l.Bends[0].X + _left : Top(l.Edge.To).At.X, (o, offset) => o with { Out = offset });
        foreach (var group in layout.Lines.GroupBy(l => l.Edge.To))
            SpreadOut(group, Top(group.Key), l => l.Bends.Count > 0 ? l.Bends[^1].X + _left : Bottom(l.Edge.From).At.X, (o, offset) => o with { In = offset });
    }

    /// <summary>The points of an edge from end to end.</summary>
    public IReadOnlyList<Point> Points(DagLine line)
    {
        var (source, target) = (Bottom(line.Edge.From).At, Top(line.Edge.To).At);
        var (leave, enter) = _offsets[line];
        (source, target) = (source with { X = source.X + leave }, target with { X = target.X + enter, Y = target.Y - 1 });
        var bends = line.Bends.Select(b => new Point(b.X + _left, b.Y + _top));
        return line.Edge.From.Phase == line.Edge.To.Phase
            ? [source, .. bends, target]
            : [source, source with { Y = Bottom(line.Edge.From with { Node = null }).At.Y }, .. bends, target with { Y = Top(line.Edge.To with { Node = null }).At.Y }, target];
    }

    /// <summary>
    /// A smooth line: between layers an S with upright ends; across a layer, and out of or into a phase, straight down. The last piece ends in the arrow.
    /// </summary>
    public static string Curve(IReadOnlyList<Point> points)
    {
        var path = new StringBuilder($"M{SvgWriter.N(points[0].X)} {SvgWriter.N(points[0].Y)}");
        for (var i = 1; i < points.Count; i++)
        {
            var (a, b) = (points[i - 1], i == points.Count - 1 ? points[i] with { Y = points[i].Y - 6 } : points[i]);
            var reach = b.Y > a.Y ? Math.Min((b.Y - a.Y) / 2, 60) : 40;
            if (Math.Abs(a.X - b.X) < 0.1) path.Append($"L{SvgWriter.N(b.X)} {SvgWriter.N(b.Y)}");
            else path.Append($"C{SvgWriter.N(a.X)} {SvgWriter.N(a.Y + reach)} {SvgWriter.N(b.X)} {SvgWriter.N(b.Y - reach)} {SvgWriter.N(b.X)} {SvgWriter.N(b.Y)}");
        }

        return path.ToString();
    }

    private void SpreadOut(
        IEnumerable<DagLine> lines, (Point At, double Width) side, Func<DagLine, double> place, Func<(double Out, double In), double, (double Out, double In)> set)
    {
        var sorted = lines.OrderBy(place).ToList();
        var step = Math.Min(Spread, (side.Width - 32) / Math.Max(1, sorted.Count - 1));
        for (var i = 0; i < sorted.Count; i++)
            _offsets[sorted[i]] = set(_offsets[sorted[i]], (i - ((sorted.Count - 1) / 2.0)) * step);
    }

    private (Point At, double Width) Bottom(EdgeEnd end) => Side(end, bottom: true);

    private (Point At, double Width) Top(EdgeEnd end) => Side(end, bottom: false);

    private (Point At, double Width) Side(EdgeEnd end, bool bottom)
    {
        var block = _layout.Blocks[end.Phase];
        var (at, width, height) = end.Node is { } node ? (_layout.Nodes[node.Index], DagLayout.NodeWidth, DagLayout.NodeHeight) : (block.At, block.Width, block.Height);
        return (new Point(at.X + _left + (width / 2), at.Y + _top + (bottom ? height : 0)), width);
    }
}
