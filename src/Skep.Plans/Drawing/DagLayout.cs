namespace Skep.Plans.Drawing;

/// <summary>A phase in the picture.</summary>
/// <param name="Phase">Index of the phase.</param>
/// <param name="At">Top left corner.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
/// <param name="RuleY">Where the line above the gates is, or null when there are none.</param>
internal sealed record DagBlock(int Phase, Point At, double Width, double Height, double? RuleY);

/// <summary>An edge with the points it passes.</summary>
internal sealed record DagLine(DrawnEdge Edge, IReadOnlyList<Point> Bends);

/// <summary>
/// Places in two steps: every phase is laid out on its own, then the phases are laid out as boxes. So no phase overlaps another,
/// however tasks depend on each other across phases.
/// </summary>
internal sealed class DagLayout
{
    public const double NodeWidth = 176;
    public const double NodeHeight = 44;
    private const double GapX = 22;
    private const double GapY = 38;
    private const double Padding = 16;
    private const double HeaderHeight = 32;
    private const double GateGap = 14;
    private const double PhaseGap = 36;
    private const double PhaseRowGap = 64;
    private const int MaxBeside = 4;

    private DagLayout(IReadOnlyList<DagBlock> blocks, Dictionary<int, Point> nodes, IReadOnlyList<DagLine> lines, LayoutResult whole, bool showsTasks)
    {
        (Blocks, Nodes, Lines, ShowsTasks) = (blocks, nodes, lines, showsTasks);
        (Width, Height) = (whole.Width, whole.Height);
    }

    public IReadOnlyList<DagBlock> Blocks { get; }

    /// <summary>Top left corners of tasks and gates by index of the node.</summary>
    public Dictionary<int, Point> Nodes { get; }

    public IReadOnlyList<DagLine> Lines { get; }

    public bool ShowsTasks { get; }

    public double Width { get; }

    public double Height { get; }

    /// <summary>Draws every task and gate.</summary>
    public static DagLayout OfTasks(PlanGraph graph, IReadOnlyList<DrawnEdge> edges)
    {
        var phases = graph.Plan.Phases.Count;
        var links = PhaseLinks(edges, phases);
        var inner = edges.Where(e => e.From is { Node: not null } && e.To is { Node: not null } && e.From.Phase == e.To.Phase).ToLookup(e => e.From.Phase);
        var beside = Beside(phases, links);
        var blocks = Enumerable.Range(0, phases).Select(p => PhaseLayout.Of(graph, p, [.. inner[p]], PerRow(graph.Plan.Phases[p], beside[p]))).ToArray();
        var whole = LayeredLayout.Arrange([.. blocks.Select(b => (b.Width, b.Height))], links, MaxBeside, PhaseGap, PhaseRowGap);

        var nodes = new Dictionary<int, Point>();
        var lines = new List<DagLine>();
        for (var p = 0; p < phases; p++)
        {
            var at = whole.Boxes[p];
            foreach (var (index, place) in blocks[p].Nodes) nodes[index] = Shift(place, at);
            lines.AddRange(blocks[p].Lines.Select(l => l with { Bends = [.. l.Bends.Select(b => Shift(b, at))] }));
        }

        lines.AddRange(Across(edges, links, whole));
        var drawn = blocks.Select((b, p) => new DagBlock(p, whole.Boxes[p], b.Width, b.Height, b.RuleY + whole.Boxes[p].Y)).ToList();
        return new DagLayout(drawn, nodes, lines, whole, showsTasks: true);
    }

    /// <summary>Draws phases only, each as one box.</summary>
    public static DagLayout OfPhases(PlanGraph graph, IReadOnlyList<DrawnEdge> edges, int maxPhases)
    {
        var shown = Math.Min(graph.Plan.Phases.Count, maxPhases);
        var visible = edges.Where(e => e.From.Phase < shown && e.To.Phase < shown)
            .Select(e => e with { From = new EdgeEnd(e.From.Phase, null), To = new EdgeEnd(e.To.Phase, null) }).Distinct().ToList();
        var links = PhaseLinks(visible, shown);
        var whole = LayeredLayout.Arrange([.. Enumerable.Repeat((NodeWidth + 40, NodeHeight + 8), shown)], links, 6, GapX, GapY);
        var blocks = whole.Boxes.Select((at, p) => new DagBlock(p, at, NodeWidth + 40, NodeHeight + 8, null)).ToList();
        return new DagLayout(blocks, [], [.. Across(visible, links, whole)], whole, showsTasks: false);
    }

    private static List<(int From, int To)> PhaseLinks(IEnumerable<DrawnEdge> edges, int phases) =>
        [.. edges.Select(e => (e.From.Phase, e.To.Phase)).Where(l => l.Item1 != l.Item2 && l.Item1 < phases && l.Item2 < phases).Distinct()];

    private static IEnumerable<DagLine> Across(IEnumerable<DrawnEdge> edges, List<(int From, int To)> links, LayoutResult whole)
    {
        var route = new Dictionary<(int, int), IReadOnlyList<Point>>();
        for (var i = 0; i < links.Count; i++) route[links[i]] = whole.Bends[i];
        return edges.Where(e => e.From.Phase != e.To.Phase).Select(e => new DagLine(e, route[(e.From.Phase, e.To.Phase)]));
    }

    /// <summary>How many phases stand in the same row as each phase, itself included.</summary>
    private static int[] Beside(int phases, List<(int From, int To)> links)
    {
        var places = LayeredLayout.Arrange([.. Enumerable.Repeat((1.0, 1.0), phases)], links, MaxBeside, 0, 0).Boxes;
        var rows = places.CountBy(p => p.Y).ToDictionary();
        return [.. places.Select(p => rows[p.Y])];
    }

    /// <summary>Tasks in one row: many for a phase that has the row for itself, fewer for phases side by side.</summary>
    private static int PerRow(Phase phase, int beside) => beside switch
    {
        1 => Math.Clamp((int)Math.Ceiling(Math.Sqrt(phase.Tasks.Count)), 6, 10),
        2 => 4,
        _ => 3,
    };

    private static Point Shift(Point point, Point by) => new(point.X + by.X, point.Y + by.Y);

    /// <summary>One phase with its own corner at zero.</summary>
    private sealed record PhaseLayout(Dictionary<int, Point> Nodes, List<DagLine> Lines, double Width, double Height, double? RuleY)
    {
        public static PhaseLayout Of(PlanGraph graph, int phase, IReadOnlyList<DrawnEdge> edges, int perRow)
        {
            var first = graph.PhaseStart(phase).Index + 1;
            var (tasks, gates) = (graph.Plan.Phases[phase].Tasks.Count, graph.Plan.Phases[phase].Gates.Count);
            var inner = edges.Where(e => e.To.Node!.Kind == NodeKind.Task && e.From.Node!.Kind == NodeKind.Task).ToList();
            var layout = LayeredLayout.Arrange(
                [.. Enumerable.Repeat((NodeWidth, NodeHeight), tasks)],
                [.. inner.Select(e => (e.From.Node!.Index - first, e.To.Node!.Index - first))], perRow, GapX, GapY);

            var gatesPerRow = Math.Max(1, Math.Min(perRow, gates));
            var gatesWidth = gates == 0 ? 0 : (gatesPerRow * (NodeWidth + GapX)) - GapX;
            var header = TextMetrics.Pixels(NodeLabel.Of(graph.Plan.Phases[phase]), 13) + 40;
            var width = Math.Max(Math.Max(layout.Width, gatesWidth), Math.Clamp(header, NodeWidth, NodeWidth * 2));
            var nodes = new Dictionary<int, Point>();
            for (var i = 0; i < tasks; i++)
                nodes[first + i] = new Point(layout.Boxes[i].X + Padding + ((width - layout.Width) / 2), layout.Boxes[i].Y + HeaderHeight);
            var bottom = HeaderHeight + layout.Height;
            double? rule = gates == 0 ? null : bottom + (tasks == 0 ? 0 : GateGap);
            for (var i = 0; i < gates; i++)
                nodes[first + tasks + i] = new Point(
                    Padding + ((width - gatesWidth) / 2) + (i % gatesPerRow * (NodeWidth + GapX)),
                    rule!.Value + GateGap + (i / gatesPerRow * (NodeHeight + GateGap)));
            var gateRows = (gates + gatesPerRow - 1) / gatesPerRow;
            if (gates > 0) bottom = rule!.Value + GateGap + (gateRows * (NodeHeight + GateGap)) - GateGap;

            var shift = new Point(Padding + ((width - layout.Width) / 2), HeaderHeight);
            var lines = inner.Select((e, i) => new DagLine(e, [.. layout.Bends[i].Select(b => Shift(b, shift))])).ToList();
            lines.AddRange(edges.Except(inner).Select(e => new DagLine(e, [])));
            return new PhaseLayout(nodes, lines, width + (2 * Padding), bottom + Padding, tasks == 0 ? null : rule);
        }
    }
}
