namespace Skep.Plans;

/// <summary>What can be read off the earliest and latest times: layers, one critical path, the width over time.</summary>
internal static class ScheduleShape
{
    public static IReadOnlyList<IReadOnlyList<GraphNode>> Layers(ScheduledNode[] nodes)
    {
        var layers = new List<List<GraphNode>>();
        foreach (var node in nodes)
        {
            if (!node.IsWork) continue;
            while (layers.Count <= node.Layer) layers.Add([]);
            layers[node.Layer].Add(node.Node);
        }

        return layers;
    }

    /// <summary>Walks back from a node that finishes last, always to a need that finishes exactly when the node starts.</summary>
    public static IReadOnlyList<GraphNode> CriticalPath(ScheduledNode[] nodes)
    {
        var path = new List<GraphNode>();
        for (var at = Last(nodes); at >= 0; at = Binding(nodes, at))
            if (nodes[at].IsWork && nodes[at].Origin != DurationOrigin.Contingent) path.Add(nodes[at].Node);
        path.Reverse();
        return path;
    }

    public static IReadOnlyList<WidthStep> Width(ScheduledNode[] nodes)
    {
        var changes = new SortedDictionary<TimeSpan, int>();
        foreach (var node in nodes)
        {
            if (!node.IsWork || node.Duration == TimeSpan.Zero) continue;
            changes[node.EarliestStart] = changes.GetValueOrDefault(node.EarliestStart) + node.Items;
            changes[node.EarliestFinish] = changes.GetValueOrDefault(node.EarliestFinish) - node.Items;
        }

        var steps = new List<WidthStep>(changes.Count);
        var width = 0;
        foreach (var (at, change) in changes)
            if (change != 0) steps.Add(new WidthStep(at, width += change));
        return steps;
    }

    private static int Last(ScheduledNode[] nodes)
    {
        var last = -1;
        foreach (var node in nodes)
            if (node.IsWork && (last < 0 || node.EarliestFinish > nodes[last].EarliestFinish)) last = node.Node.Index;
        return last;
    }

    private static int Binding(ScheduledNode[] nodes, int at)
    {
        // Of equally late needs the deepest, so that a gate that costs nothing still shows where it holds up the run.
        var binding = -1;
        foreach (var need in nodes[at].Node.NeedList)
            if (nodes[need.Node].EarliestFinish == nodes[at].EarliestStart && (binding < 0 || nodes[need.Node].Layer > nodes[binding].Layer))
                binding = need.Node;
        return binding;
    }
}
