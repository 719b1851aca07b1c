namespace Skep.Plans.Drawing;

/// <summary>One end of a drawn edge: a task or gate, or a whole phase when <see cref="Node"/> is null.</summary>
/// <param name="Phase">Index of the phase.</param>
/// <param name="Node">The task or gate.</param>
internal readonly record struct EdgeEnd(int Phase, GraphNode? Node)
{
    public static EdgeEnd Of(GraphNode node) => new(node.Phase, node.Kind is NodeKind.Task or NodeKind.Gate ? node : null);
}

/// <summary>An edge as people drew it in the plan: between tasks, gates and phases, without the starts and ends of phases.</summary>
/// <param name="From">What comes first.</param>
/// <param name="To">What waits.</param>
/// <param name="On">Which outcome it waits for.</param>
/// <param name="Implied">True for a gate that follows its phase's tasks without saying so.</param>
internal readonly record struct DrawnEdge(EdgeEnd From, EdgeEnd To, NeedOn On, bool Implied)
{
    /// <summary>
    /// The edges worth drawing. A gate without needs of its own follows all tasks of its phase; only those that no other task of the
    /// phase waits for are kept, the rest follows.
    /// </summary>
    public static IReadOnlyList<DrawnEdge> Of(PlanGraph graph)
    {
        var edges = new List<DrawnEdge>();
        foreach (var node in graph.Nodes)
        {
            if (node.Kind == NodeKind.PhaseEnd) continue;
            foreach (var need in node.NeedList)
            {
                var source = graph.Nodes[need.Node];
                if (source.Kind == NodeKind.PhaseStart) continue;
                var implied = node.Gate is { Needs.Count: 0 };
                if (!implied || IsLast(graph, source)) edges.Add(new DrawnEdge(EdgeEnd.Of(source), EdgeEnd.Of(node), need.On, implied));
            }
        }

        return edges;
    }

    private static bool IsLast(PlanGraph graph, GraphNode task) =>
        !task.DependantList.Exists(e => graph.Nodes[e.Node] is { Kind: NodeKind.Task } next && next.Phase == task.Phase);
}
