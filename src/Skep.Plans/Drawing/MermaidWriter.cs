using System.Globalization;
using System.Text;

namespace Skep.Plans.Drawing;

/// <summary>Writes a plan as a Mermaid flowchart: phases as subgraphs, gates as hexagons, what is only planned dashed, the critical path thicker.</summary>
public static class MermaidWriter
{
    /// <summary>Writes the flowchart.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="critical">Nodes to mark, such as <see cref="Schedule.CriticalPath"/>; none when null.</param>
    public static string Write(PlanGraph graph, IEnumerable<GraphNode>? critical = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var text = new StringBuilder("flowchart TD\n");
        for (var p = 0; p < graph.Plan.Phases.Count; p++) WritePhase(text, graph, p);
        foreach (var edge in DrawnEdge.Of(graph))
            text.Append("  ").Append(Name(edge.From)).Append(Arrow(edge.On)).Append(Name(edge.To)).Append('\n');
        var planned = graph.Nodes.Where(n => n.IsPlanned).Select(n => $"n{n.Index}").ToList();
        if (planned.Count > 0)
            text.Append("  classDef planned stroke-dasharray:5 4\n  class ").AppendJoin(',', planned).Append(" planned\n");
        var marked = (critical ?? []).Select(n => $"n{n.Index}").ToList();
        if (marked.Count > 0)
            text.Append("  classDef critical stroke-width:3px\n  class ").AppendJoin(',', marked).Append(" critical\n");
        return text.ToString();
    }

    private static void WritePhase(StringBuilder text, PlanGraph graph, int phase)
    {
        var (first, last) = (graph.PhaseStart(phase).Index + 1, graph.PhaseEnd(phase).Index);
        var label = Quote(NodeLabel.Of(graph.Plan.Phases[phase]));
        if (first == last)
        {
            text.Append("  p").Append(phase).Append('[').Append(label).Append("]\n");
            return;
        }

        text.Append("  subgraph p").Append(phase).Append('[').Append(label).Append("]\n");
        for (var i = first; i < last; i++)
        {
            var (open, close) = graph.Nodes[i].Kind == NodeKind.Gate ? ("{{", "}}") : ("[", "]");
            text.Append("    n").Append(i).Append(open).Append(Quote(NodeLabel.Of(graph.Nodes[i]))).Append(close).Append('\n');
        }

        text.Append("  end\n");
    }

    private static string Name(EdgeEnd end) => end.Node is { } node ? $"n{node.Index}" : $"p{end.Phase}";

    private static string Arrow(NeedOn on) => on switch
    {
        NeedOn.Failure => " -. on failure .-> ",
        NeedOn.Settled => " -. always .-> ",
        _ => " --> ",
    };

    /// <summary>
    /// Mermaid has no escape for quotes but reads <c>#34;</c> as a character by number. Whatever could mean something to Mermaid,
    /// to Markdown or to HTML is written that way, also a full stop or dash that would begin a Markdown list.
    /// </summary>
    private static string Quote(string label)
    {
        var text = new StringBuilder("\"");
        var start = true;
        foreach (var c in label)
        {
            if ("\"#&<>`\\%*_~[]{}|$;".Contains(c, StringComparison.Ordinal) || (start && c is '.' or ')' or '-' or '+' or '=' && start))
                text.Append('#').Append(((int)c).ToString(CultureInfo.InvariantCulture)).Append(';');
            else text.Append(c);
            start &= char.IsAsciiDigit(c);
        }

        return text.Append('"').ToString();
    }
}
