namespace Skep.Plans;

/// <summary>
/// The critical path method (Kelley and Walker 1959) over a plan: a forward pass gives the earliest times, a backward pass the
/// latest, their difference the slack. It assumes that nothing fails and that any number of tasks run at once; for a limited
/// number see <see cref="ResourceSchedule"/>. O(V + E) besides the sorting of the width profile.
/// </summary>
public sealed class Schedule
{
    private readonly ScheduledNode[] _nodes;

    private Schedule(PlanGraph graph, ScheduledNode[] nodes)
    {
        (Graph, _nodes) = (graph, nodes);
        foreach (var node in nodes)
        {
            if (node.EarliestFinish > Span) Span = node.EarliestFinish;
            TotalWork = Saturating.Add(TotalWork, node.Work);
        }

        Layers = ScheduleShape.Layers(nodes);
        CriticalPath = ScheduleShape.CriticalPath(nodes);
        Width = ScheduleShape.Width(nodes);
        MaxParallelism = Width.Count == 0 ? 0 : Width.Max(s => s.Width);
    }

    /// <summary>The graph.</summary>
    public PlanGraph Graph { get; }

    /// <summary>The nodes, in the order of <see cref="PlanGraph.Nodes"/>.</summary>
    public IReadOnlyList<ScheduledNode> Nodes => _nodes;

    /// <summary>Tasks and gates by depth; layer 0 can start at once.</summary>
    public IReadOnlyList<IReadOnlyList<GraphNode>> Layers { get; }

    /// <summary>
    /// The tasks and gates of one longest path, from first to last; their durations add up to <see cref="Span"/>. Where
    /// several paths are equally long, the one through the deepest needs, then the first in file order.
    /// </summary>
    public IReadOnlyList<GraphNode> CriticalPath { get; }

    /// <summary>The shortest time in which the plan can finish: the length of its critical path.</summary>
    public TimeSpan Span { get; }

    /// <summary>The time that one worker alone would need.</summary>
    public TimeSpan TotalWork { get; }

    /// <summary>How many executions run over time, when everything starts as early as it can.</summary>
    public IReadOnlyList<WidthStep> Width { get; }

    /// <summary>The peak of <see cref="Width"/>: more workers than this cannot make the plan faster.</summary>
    public int MaxParallelism { get; }

    /// <summary>Work divided by span: no number of workers gives a larger speed-up over one worker. 1 for an empty plan.</summary>
    public double SpeedUpBound => Span == TimeSpan.Zero ? 1 : TotalWork / Span;

    /// <summary>Tasks and gates whose duration is a guess, in file order: what to estimate or measure for a better forecast.</summary>
    public IEnumerable<GraphNode> Assumed => _nodes.Where(n => n.Origin == DurationOrigin.Assumed).Select(n => n.Node);

    /// <summary>Tasks whose <c>foreach</c> is known only at run time; they count as one execution unless <see cref="Durations"/> says more.</summary>
    public IEnumerable<GraphNode> DynamicFanOuts => _nodes.Where(n => n.Node.Task is { Foreach: not null, ForeachItems: null }).Select(n => n.Node);

    /// <summary>The node of the schedule for a node of the graph.</summary>
    public ScheduledNode this[GraphNode node] => _nodes[(node ?? throw new ArgumentNullException(nameof(node))).Index];

    /// <summary>Computes the schedule.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="durations">How long nodes take; estimates, or one minute, when null.</param>
    /// <exception cref="ArgumentException">The graph has a cycle.</exception>
    public static Schedule Compute(PlanGraph graph, Durations? durations = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var order = graph.TopologicalOrder() ?? throw new ArgumentException(
            $"the tasks of plan '{graph.Plan.Name}' wait for each other in a cycle, so there is no schedule; validate the plan to see the cycle and remove one of its needs",
            nameof(graph));
        var nodes = Forward(graph, order, durations ?? new Durations());
        Backward(nodes, order);
        return new Schedule(graph, nodes);
    }

    private static ScheduledNode[] Forward(PlanGraph graph, IReadOnlyList<GraphNode> order, Durations durations)
    {
        var nodes = new ScheduledNode[graph.Nodes.Count];
        foreach (var node in order)
        {
            var (start, layer) = (TimeSpan.Zero, 0);
            foreach (var need in node.NeedList)
            {
                ref readonly var before = ref nodes[need.Node];
                if (before.EarliestFinish > start) start = before.EarliestFinish;
                layer = Math.Max(layer, before.Layer + (before.IsWork ? 1 : 0));
            }

            var (duration, origin) = IsContingent(graph, node, nodes) ? (TimeSpan.Zero, DurationOrigin.Contingent) : durations.Of(node);
            nodes[node.Index] = new ScheduledNode(
                node, duration, origin, durations.Items(node), layer, start, Saturating.Add(start, duration), default, default);
        }

        return nodes;
    }

    /// <summary>
    /// What needs a failure is not expected to run, nor what needs the success of such a node. The end of a phase and a gate
    /// without needs of its own look at the tasks that do run, so they follow the start of their phase.
    /// </summary>
    private static bool IsContingent(PlanGraph graph, GraphNode node, ScheduledNode[] nodes)
    {
        if (node.Kind == NodeKind.PhaseEnd || node.Gate is { Needs.Count: 0 })
            return nodes[graph.PhaseStart(node.Phase).Index].Origin == DurationOrigin.Contingent;
        foreach (var need in node.NeedList)
        {
            if (need.On == NeedOn.Failure) return true;
            if (need.On == NeedOn.Success && nodes[need.Node].Origin == DurationOrigin.Contingent) return true;
        }

        return false;
    }

    private static void Backward(ScheduledNode[] nodes, IReadOnlyList<GraphNode> order)
    {
        var span = nodes.Length == 0 ? TimeSpan.Zero : nodes.Max(n => n.EarliestFinish);
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var finish = span;
            foreach (var next in order[i].DependantList)
                if (nodes[next.Node].LatestStart < finish) finish = nodes[next.Node].LatestStart;
            ref var node = ref nodes[order[i].Index];
            node = node with { LatestFinish = finish, LatestStart = finish - node.Duration };
        }
    }
}
