namespace Skep.Plans.Drawing;

/// <summary>Draws a layout: bands first, then edges, then boxes over them, then the legend.</summary>
internal sealed class DagPicture
{
    private const double Margin = 24;
    private const double MinWidth = 420;

    private readonly PlanGraph _graph;
    private readonly DagLayout _layout;
    private readonly DagSvgOptions _options;
    private readonly string? _note;
    private readonly HashSet<int> _critical;
    private readonly HashSet<(int, int)> _steps;
    private readonly double _left;
    private readonly double _top;
    private readonly double _width;

    public DagPicture(PlanGraph graph, DagLayout layout, DagSvgOptions options, string? note)
    {
        (_graph, _layout, _options, _note) = (graph, layout, options, note);
        _critical = [.. options.CriticalPath.Select(n => n.Index)];
        _steps = [.. options.CriticalPath.Zip(options.CriticalPath.Skip(1), (a, b) => (a.Index, b.Index))];
        var text = Math.Max(TextMetrics.Pixels(Title, 16), note is null ? 0 : TextMetrics.Pixels(note, 11));
        _width = Math.Max(Math.Max(layout.Width, Math.Min(text, 1_100)) + (2 * Margin), MinWidth);
        _left = (_width - layout.Width) / 2;
        _top = note is null ? 70 : 88;
    }

    private string Title => PlainText.Clean(_options.Title ?? _graph.Plan.Name);

    /// <summary>Beside the colours of states the critical path is drawn in ink, so that it looks like none of them.</summary>
    private string Ink => _options.StateOf is null ? "" : "-ink";

    private string Counts =>
        $"{Count(_graph.Plan.Phases.Count, "phase")} · {Count(_graph.Plan.Tasks.Count(), "task")} · {Count(_graph.Plan.Gates.Count(), "gate")}";

    public string Draw()
    {
        var legend = new SvgLegend(Entries(), _width - (2 * Margin));
        var height = _top + _layout.Height + 24 + legend.Height + (legend.Height > 0 ? 12 : 0);
        var svg = new SvgWriter(_options.Prefix, _width, height, Title, $"{Counts}. {_note ?? _graph.Plan.Goal}".TrimEnd(), _options.Theme);
        svg.Text("title", Margin, 34, TextMetrics.FitPixels(Title, _width - (2 * Margin), 16));
        svg.Text("small muted", Margin, 52, Counts);
        if (_note is not null) svg.Text("small strong", Margin, 70, TextMetrics.FitPixels(_note, _width - (2 * Margin), 11));
        foreach (var block in _layout.Blocks)
            if (_layout.ShowsTasks) DrawBand(svg, block);
        var ports = new DagPorts(_layout, _left, _top);
        foreach (var line in _layout.Lines.OrderBy(IsCritical)) DrawLine(svg, line, ports);
        foreach (var (index, at) in _layout.Nodes) DrawNode(svg, _graph.Nodes[index], at);
        foreach (var block in _layout.Blocks)
            if (!_layout.ShowsTasks) DrawPhaseBox(svg, block);
        legend.Draw(svg, Margin, _top + _layout.Height + 24);
        return svg.Finish();
    }

    private void DrawBand(SvgWriter svg, DagBlock block)
    {
        var phase = _graph.Plan.Phases[block.Phase];
        var (x, y) = (block.At.X + _left, block.At.Y + _top);
        var flag = phase.Checkpoint ? "checkpoint" : "";
        svg.Group(null, phase.Title is null ? phase.Id : $"{phase.Id} · {phase.Title}");
        svg.Rect("band", x, y, block.Width, block.Height, 10);
        var room = block.Width - 28 - (flag.Length > 0 ? TextMetrics.Pixels(flag, 11) + 12 : 0);
        svg.Text("strong", x + 14, y + 21, TextMetrics.FitPixels(NodeLabel.Of(phase), room, 13));
        if (flag.Length > 0) svg.Text("small muted end", x + block.Width - 14, y + 21, flag);
        if (block.RuleY is { } rule) svg.Line("rule", x + 14, rule + _top, x + block.Width - 14, rule + _top);
        svg.End();
    }

    private void DrawNode(SvgWriter svg, GraphNode node, Point at)
    {
        var name = _options.StateOf?.Invoke(node);
        var state = StateStyle.Of(name);
        var (x, y) = (at.X + _left, at.Y + _top);
        svg.Group(null, NodeLabel.Tooltip(node, name, _graph.Plan.Calendar));
        var shape = node.Kind == NodeKind.Gate ? Hexagon(x, y) : RoundedBox(x, y);
        svg.Path("node" + (node.IsPlanned ? " planned" : "") + (state is null ? "" : $" s-{state.Name}"), shape);
        if (state is not null) svg.Path($"tint s-{state.Name}", shape);
        if (_critical.Contains(node.Index)) svg.Path("critical" + Ink + (node.IsPlanned ? " planned" : ""), shape);
        state?.Draw(svg, x + 14, y + 10);
        DrawLabel(svg, node, x, y, state is not null);
        svg.End();
    }

    private void DrawLabel(SvgWriter svg, GraphNode node, double x, double y, bool hasIcon)
    {
        var left = x + (hasIcon ? 30 : 14);
        var detail = Detail(node);
        svg.Text("label", left, y + (detail.Length == 0 && !hasIcon ? 26 : 19), TextMetrics.FitPixels(NodeLabel.Of(node), x + DagLayout.NodeWidth - 12 - left, 12));
        svg.Text("small muted", x + 14, y + 35, TextMetrics.FitPixels(detail, DagLayout.NodeWidth - 28, 11));
    }

    private string Detail(GraphNode node)
    {
        var parts = new List<string>();
        var estimate = node.Task?.Estimate is { } work ? DurationText.FormatWork(work, _graph.Plan.Calendar) : null;
        // Long names of agents are cut off; of what is planned, how long it will take matters more.
        if (node.IsPlanned) parts.Add(estimate is null ? "planned" : $"planned · {estimate}");
        if (node.Gate is { } gate && gate.Kind != GateKinds.Planned) parts.Add(gate.Metric?.ToString() ?? gate.Run?.Display ?? "gate");
        if (node.Task?.Agent is { } agent) parts.Add(agent);
        if (node.Task is { } task && (task.Foreach is not null || task.ForeachItems is not null))
            parts.Add(task.ForeachItems is { } items ? $"× {items.Count}" : "× n");
        if (estimate is not null && !node.IsPlanned) parts.Add(estimate);
        return PlainText.Clean(string.Join(" · ", parts));
    }

    private void DrawPhaseBox(SvgWriter svg, DagBlock block)
    {
        var phase = _graph.Plan.Phases[block.Phase];
        var state = StateStyle.Of(PhaseState(block.Phase));
        var (x, y) = (block.At.X + _left, block.At.Y + _top);
        svg.Group(null, $"{phase.Id} · {Count(phase.Tasks.Count, "task")}{(state is null ? "" : " · " + state.Name)}");
        svg.Rect(state is null ? "node" : $"node s-{state.Name}", x, y, block.Width, block.Height, 8);
        if (state is not null) svg.Rect($"tint s-{state.Name}", x, y, block.Width, block.Height, 8);
        if (IsCriticalPhase(block.Phase)) svg.Rect("critical" + Ink, x, y, block.Width, block.Height, 8);
        state?.Draw(svg, x + 14, y + 12);
        var left = x + (state is null ? 14 : 30);
        svg.Text("strong", left, y + 21, TextMetrics.FitPixels(NodeLabel.Of(phase), x + block.Width - 12 - left, 12.5));
        svg.Text("small muted", x + 14, y + 39, $"{Count(phase.Tasks.Count, "task")}{(phase.Gates.Count == 0 ? "" : " · " + Count(phase.Gates.Count, "gate"))}");
        svg.End();
    }

    /// <summary>What a phase looks like from afar: what went wrong first, then what moves, then what is done.</summary>
    private string? PhaseState(int phase)
    {
        if (_options.StateOf is not { } stateOf) return null;
        var states = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = _graph.PhaseStart(phase).Index + 1; i < _graph.PhaseEnd(phase).Index; i++)
            if (stateOf(_graph.Nodes[i]) is { } state) states.Add(state);
        string[] telling = ["failed", "timed-out", "running", "assigned", "paused", "ready"];
        if (Array.Find(telling, states.Contains) is { } found) return found;
        if (states.Contains("pending")) return states.Contains("succeeded") ? "running" : "pending";
        return states.Contains("cancelled") ? "cancelled" : states.Contains("succeeded") ? "succeeded" : states.FirstOrDefault();
    }

    private void DrawLine(SvgWriter svg, DagLine line, DagPorts ports)
    {
        var points = ports.Points(line);
        var critical = IsCritical(line);
        var classes = "edge"
            + (line.Edge.From.Node is null && line.Edge.To.Node is null ? " edge-phase" : "")
            + (line.Edge.On switch { NeedOn.Failure => " edge-failure", NeedOn.Settled => " edge-settled", _ => "" })
            + (critical ? " edge-critical" + Ink : "");
        svg.Path(classes, DagPorts.Curve(points));
        var tip = points[^1];
        svg.Path(critical ? "arrow-critical" + Ink : "arrow", $"M{SvgWriter.N(tip.X)} {SvgWriter.N(tip.Y)}l-4.5 -8h9z");
    }

    private bool IsCritical(DagLine line)
    {
        var (from, to) = (line.Edge.From, line.Edge.To);
        foreach (var (a, b) in _steps)
        {
            var (first, second) = (_graph.Nodes[a], _graph.Nodes[b]);
            if (first.Phase == from.Phase && second.Phase == to.Phase
                && (from.Node is null ? from.Phase != to.Phase : from.Node == first)
                && (to.Node is null ? from.Phase != to.Phase : to.Node == second)) return true;
        }

        return false;
    }

    private bool IsCriticalPhase(int phase) => _options.CriticalPath.Any(n => n.Phase == phase);

    private List<LegendEntry> Entries()
    {
        var states = _options.StateOf is null ? [] : _layout.ShowsTasks
            ? _layout.Nodes.Keys.Select(i => StateStyle.Of(_options.StateOf(_graph.Nodes[i]))).ToHashSet()
            : _layout.Blocks.Select(b => StateStyle.Of(PhaseState(b.Phase))).ToHashSet();
        var entries = StateStyle.All.Append(StateStyle.Unknown).Where(states.Contains).Select(s => new LegendEntry(s)).ToList();
        if (_layout.Nodes.Keys.Any(i => _graph.Nodes[i].IsPlanned)) entries.Add(new LegendEntry("node planned", "planned: what it names does not exist yet"));
        if (_critical.Count > 0) entries.Add(new LegendEntry("critical" + Ink, "critical path"));
        if (_layout.Lines.Any(l => l.Edge.On == NeedOn.Failure)) entries.Add(new LegendEntry("edge edge-failure", "on failure"));
        if (_layout.Lines.Any(l => l.Edge.On == NeedOn.Settled)) entries.Add(new LegendEntry("edge edge-settled", "whatever the outcome"));
        if (_layout.Blocks.Any(b => b.RuleY is not null)) entries.Add(new LegendEntry("edge rule", "gates below follow the tasks above"));
        return entries;
    }

    private static string RoundedBox(double x, double y) => FormattableString.Invariant(
        $"M{x + 8:0.#} {y:0.#}h{DagLayout.NodeWidth - 16}a8 8 0 0 1 8 8v{DagLayout.NodeHeight - 16}a8 8 0 0 1 -8 8h-{DagLayout.NodeWidth - 16}a8 8 0 0 1 -8 -8v-{DagLayout.NodeHeight - 16}a8 8 0 0 1 8 -8z");

    private static string Hexagon(double x, double y) => FormattableString.Invariant(
        $"M{x + 10:0.#} {y:0.#}h{DagLayout.NodeWidth - 20}l10 {DagLayout.NodeHeight / 2}l-10 {DagLayout.NodeHeight / 2}h-{DagLayout.NodeWidth - 20}l-10 -{DagLayout.NodeHeight / 2}z");

    private static string Count(int count, string noun) => $"{count:N0} {noun}{(count == 1 ? "" : "s")}";
}
