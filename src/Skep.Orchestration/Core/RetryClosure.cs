using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>What has to run again when some tasks do: themselves, and whatever ended differently because of them.</summary>
internal static class RetryClosure
{
    /// <summary>The keys of what is to be reset; or null, and the node in the way: work that hangs on it has begun.</summary>
    public static IReadOnlyList<string>? Of(RunState state, IReadOnlyList<NodeState> roots, out NodeState? busy)
    {
        var seen = new HashSet<NodeState>();
        var queue = new Queue<NodeState>();
        NodeState? inTheWay = null;
        void Add(NodeState node)
        {
            // What is only planned does not run the next time either.
            if (node.Node.IsPlanned) return;
            if (node.Status.IsSettled() && seen.Add(node)) queue.Enqueue(node);
            else if (HasBegun(node)) inTheWay ??= node;
        }

        foreach (var root in roots) Add(root);
        while (queue.TryDequeue(out var node))
        {
            foreach (var item in node.Items ?? [])
                if (item.Status != TaskStatus.Succeeded) Add(item);
            // A fan-out that is still at work takes its item back without being reset itself.
            if (node.Parent is { Status: var status } parent)
            {
                if (status.IsSettled()) Add(parent);
            }
            else AddDownstream(state, node, Add);
            if (node.SkipCause == SkipCause.Upstream) AddBlockers(state, node, Add);
        }

        busy = inTheWay;
        return busy is null ? [.. seen.OrderBy(n => n.Index).Select(n => n.Key)] : null;
    }

    private static bool HasBegun(NodeState node) =>
        node.Status.IsInFlight() || (node.Status == TaskStatus.Ready && node.Attempts.Count > 0);

    private static void AddDownstream(RunState state, NodeState node, Action<NodeState> add)
    {
        foreach (var edge in node.Node.Dependants)
        {
            var dependant = state.Of(edge);
            // Work that is done stays done; gates and the ends of phases are judged anew, for what they judged has changed.
            if (dependant.Status != TaskStatus.Succeeded || dependant.Node.Kind is NodeKind.PhaseEnd or NodeKind.Gate) add(dependant);
        }
    }

    /// <summary>A skipped task cannot run before what it needs has: that runs again, too.</summary>
    private static void AddBlockers(RunState state, NodeState node, Action<NodeState> add)
    {
        foreach (var edge in node.Node.Needs)
            if (state.Of(edge).Status != TaskStatus.Succeeded && !Needs.Satisfied(state.Of(edge), edge.On, node)) add(state.Of(edge));
    }
}
