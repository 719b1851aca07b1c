using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// What may run, or is judged anew, once a failed gate counts as passed: phases that it spoilt and what was skipped because of that. Unlike
/// a retry it leaves alone what ran and failed by itself.
/// </summary>
internal static class WaiverClosure
{
    /// <summary>The keys of what is to be reset; or null, and the node in the way: work that hangs on it has begun.</summary>
    public static IReadOnlyList<string>? Of(RunState state, NodeState gate, out NodeState? busy)
    {
        var seen = new HashSet<NodeState>();
        var queue = new Queue<NodeState>();
        NodeState? inTheWay = null;
        void Add(NodeState node)
        {
            // What is only planned is not judged anew: it does not run then either.
            if (!node.Node.IsPlanned && seen.Add(node)) queue.Enqueue(node);
        }

        void AddDependants(NodeState node)
        {
            foreach (var edge in node.Node.Dependants)
            {
                var dependant = state.Of(edge);
                if (HasBegun(dependant)) inTheWay ??= dependant;
                else if (dependant.Status.IsSettled() && IsJudgedAnew(dependant)) Add(dependant);
            }
        }

        AddDependants(gate);
        foreach (var stopped in StoppedBy(state, gate)) Add(stopped);
        while (queue.TryDequeue(out var node))
        {
            foreach (var item in node.Items ?? [])
                if (item.Status is TaskStatus.Skipped or TaskStatus.Cancelled) Add(item);
            if (node.Parent is null) AddDependants(node);
            else if (node.Parent.Status.IsSettled()) Add(node.Parent);
        }

        busy = inTheWay;
        return busy is null ? [.. seen.OrderBy(n => n.Index).Select(n => n.Key)] : null;
    }

    private static bool IsJudgedAnew(NodeState node) => node.Status == TaskStatus.Skipped || node.Node.Kind is NodeKind.PhaseEnd or NodeKind.Gate;

    /// <summary>With <c>on_failure: stop</c> the gate's failure ended everything else.</summary>
    private static IEnumerable<NodeState> StoppedBy(RunState state, NodeState gate) =>
        state.Stopping != StopReason.OtherFailed || state.Reason != Decider.WhyStopped(gate) ? []
        : state.Nodes.Where(n => n.Node.Kind is NodeKind.Task or NodeKind.Gate && n.Items is null && n.Status == TaskStatus.Cancelled
            && (n.Reason == state.Reason || n.Attempts is [.., { Stop: StopReason.OtherFailed }]));

    private static bool HasBegun(NodeState node) =>
        node.Status.IsInFlight() || (node.Status == TaskStatus.Ready && node.Attempts.Count > 0);
}
