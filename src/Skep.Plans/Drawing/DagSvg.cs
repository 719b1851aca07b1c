namespace Skep.Plans.Drawing;

/// <summary>How a plan's graph is drawn as SVG.</summary>
public sealed record DagSvgOptions
{
    /// <summary>Title of the picture; the plan's name when null.</summary>
    public string? Title { get; init; }

    /// <summary>State name of a task or gate, such as <c>running</c>; null, or a null answer, draws it without a state.</summary>
    public Func<GraphNode, string?>? StateOf { get; init; }

    /// <summary>The critical path in order, such as <see cref="Schedule.CriticalPath"/>.</summary>
    public IReadOnlyList<GraphNode> CriticalPath { get; init; } = [];

    /// <summary>Colours.</summary>
    public SvgTheme Theme { get; init; } = SvgTheme.Auto;

    /// <summary>Prefix of classes and ids; give each picture of a page its own.</summary>
    public string Prefix { get; init; } = "skep-dag";

    /// <summary>Most tasks and gates that are drawn one by one; with more, the picture shows phases and says so.</summary>
    public int MaxNodes { get; init; } = 400;

    /// <summary>Most edges between tasks that are drawn; with more, the picture shows phases and says so.</summary>
    public int MaxEdges { get; init; } = 2_000;
}

/// <summary>Draws a plan's graph as SVG: phases as bands, tasks as boxes from top to bottom, gates at the foot of their phase.</summary>
public static class DagSvg
{
    /// <summary>Draws the graph.</summary>
    public static string Draw(PlanGraph graph, DagSvgOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new DagSvgOptions();
        var nodes = graph.Nodes.Count(n => n.Kind is NodeKind.Task or NodeKind.Gate);
        var edges = DrawnEdge.Of(graph).Where(e => !e.Implied).ToList();
        var full = nodes <= options.MaxNodes && edges.Count <= options.MaxEdges;
        var layout = full ? DagLayout.OfTasks(graph, edges) : DagLayout.OfPhases(graph, edges, options.MaxNodes);
        var note = full ? null : Note(graph, nodes, edges.Count, layout.Blocks.Count);
        return new DagPicture(graph, layout, options, note).Draw();
    }

    private static string Note(PlanGraph graph, int nodes, int edges, int shown)
    {
        var hidden = graph.Plan.Phases.Count - shown;
        return $"{nodes:N0} tasks and gates with {edges:N0} dependencies are too many to draw one by one: the picture shows phases"
            + (hidden > 0 ? $", the first {shown:N0} of {graph.Plan.Phases.Count:N0}." : ".");
    }
}
