using System.Text;

namespace Skep.Plans.Drawing;

/// <summary>Writes a plan in the DOT language of Graphviz: a cluster per phase, gates as hexagons, what is only planned dashed, the critical path bold.</summary>
public static class DotWriter
{
    /// <summary>Writes the graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="critical">Nodes to mark, such as <see cref="Schedule.CriticalPath"/>; none when null.</param>
    public static string Write(PlanGraph graph, IEnumerable<GraphNode>? critical = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var marked = new HashSet<int>((critical ?? []).Select(n => n.Index));
        var text = new StringBuilder("digraph ").Append(Quote(PlainText.Clean(graph.Plan.Name))).Append(" {\n");
        text.Append("  graph [rankdir=TB, compound=true, fontname=\"Helvetica\"]\n");
        text.Append("  node [shape=box, style=rounded, fontname=\"Helvetica\"]\n");
        for (var p = 0; p < graph.Plan.Phases.Count; p++) WritePhase(text, graph, p, marked);
        foreach (var edge in DrawnEdge.Of(graph))
            text.Append("  ").Append(Name(edge.From, "e")).Append(" -> ").Append(Name(edge.To, "s")).Append(Attributes(edge)).Append('\n');
        return text.Append("}\n").ToString();
    }

    /// <summary>Edges of Graphviz join nodes only; two invisible points stand for the phase, and ltail and lhead cut the edge at its border.</summary>
    private static void WritePhase(StringBuilder text, PlanGraph graph, int phase, HashSet<int> marked)
    {
        text.Append("  subgraph cluster_p").Append(phase).Append(" {\n");
        text.Append("    label=").Append(Quote(NodeLabel.Of(graph.Plan.Phases[phase]))).Append('\n');
        text.Append("    s").Append(phase).Append(" [shape=point, style=invis]\n");
        for (var i = graph.PhaseStart(phase).Index + 1; i < graph.PhaseEnd(phase).Index; i++)
        {
            var node = graph.Nodes[i];
            text.Append("    n").Append(i).Append(" [label=").Append(Quote(NodeLabel.Of(node)));
            if (node.Kind == NodeKind.Gate) text.Append(node.IsPlanned ? ", shape=hexagon, style=dashed" : ", shape=hexagon, style=solid");
            else if (node.IsPlanned) text.Append(", style=\"rounded,dashed\"");
            if (marked.Contains(i)) text.Append(", penwidth=3");
            text.Append("]\n");
            text.Append("    s").Append(phase).Append(" -> n").Append(i).Append(" -> e").Append(phase).Append(" [style=invis]\n");
        }

        text.Append("    e").Append(phase).Append(" [shape=point, style=invis]\n  }\n");
    }

    private static string Name(EdgeEnd end, string side) => end.Node is { } node ? $"n{node.Index}" : $"{side}{end.Phase}";

    private static string Attributes(DrawnEdge edge)
    {
        var parts = new List<string>();
        if (edge.From.Node is null) parts.Add($"ltail=cluster_p{edge.From.Phase}");
        if (edge.To.Node is null) parts.Add($"lhead=cluster_p{edge.To.Phase}");
        if (edge.On == NeedOn.Failure) parts.Add("style=dashed, label=\"on failure\"");
        if (edge.On == NeedOn.Settled) parts.Add("style=dotted, label=\"always\"");
        return parts.Count == 0 ? "" : $" [{string.Join(", ", parts)}]";
    }

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
