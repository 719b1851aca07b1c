namespace Skep.Plans;

/// <summary>What a node of a <see cref="PlanGraph"/> stands for.</summary>
public enum NodeKind
{
    /// <summary>A task.</summary>
    Task,

    /// <summary>A gate.</summary>
    Gate,

    /// <summary>The moment when a phase's needs are met. Costs nothing.</summary>
    PhaseStart,

    /// <summary>The moment when a phase's tasks and gates are settled. Costs nothing.</summary>
    PhaseEnd,
}

/// <summary>One edge: the target waits for the source.</summary>
/// <param name="Node">Index of the other node.</param>
/// <param name="On">Which outcome satisfies it.</param>
public readonly record struct Edge(int Node, NeedOn On);

/// <summary>A node of a <see cref="PlanGraph"/>.</summary>
public sealed class GraphNode
{
    internal GraphNode(int index, NodeKind kind, string id, int phase, PlanTask? task, GateSpec? gate)
    {
        (Index, Kind, Id, Phase, Task, Gate) = (index, kind, id, phase, task, gate);
    }

    /// <summary>Position in <see cref="PlanGraph.Nodes"/>.</summary>
    public int Index { get; }

    /// <summary>What it stands for.</summary>
    public NodeKind Kind { get; }

    /// <summary>Id of the task, gate or phase.</summary>
    public string Id { get; }

    /// <summary>Index of its phase in <see cref="Plan.Phases"/>.</summary>
    public int Phase { get; }

    /// <summary>The task, for <see cref="NodeKind.Task"/>.</summary>
    public PlanTask? Task { get; }

    /// <summary>The gate, for <see cref="NodeKind.Gate"/>.</summary>
    public GateSpec? Gate { get; }

    /// <summary>Whether it is a task or gate that is only planned.</summary>
    public bool IsPlanned => Task?.Planned ?? Gate?.Planned ?? false;

    /// <summary>What it waits for.</summary>
    public IReadOnlyList<Edge> Needs => NeedList;

    /// <summary>What waits for it.</summary>
    public IReadOnlyList<Edge> Dependants => DependantList;

    internal List<Edge> NeedList { get; } = [];

    internal List<Edge> DependantList { get; } = [];
}

/// <summary>
/// The DAG of a plan. Every phase has a start and an end node, so that a dependency between phases costs one edge and not
/// tasks × tasks: phase start → tasks → gates → phase end → starts of the phases (and tasks) that need it.
/// </summary>
public sealed class PlanGraph
{
    private readonly Dictionary<string, int> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _gates = new(StringComparer.Ordinal);
    private readonly List<GraphNode> _nodes = [];
    private readonly int[] _starts;
    private readonly int[] _ends;

    private PlanGraph(Plan plan)
    {
        Plan = plan;
        _starts = new int[plan.Phases.Count];
        _ends = new int[plan.Phases.Count];
    }

    /// <summary>The plan.</summary>
    public Plan Plan { get; }

    /// <summary>The nodes: per phase, in file order: start, tasks, gates, end. Tasks that came later (<see cref="With"/>) stand behind them all.</summary>
    public IReadOnlyList<GraphNode> Nodes => _nodes;

    /// <summary>The start node of a phase.</summary>
    public GraphNode PhaseStart(int phase) => _nodes[_starts[phase]];

    /// <summary>The end node of a phase.</summary>
    public GraphNode PhaseEnd(int phase) => _nodes[_ends[phase]];

    /// <summary>Finds the node of a task, or null.</summary>
    public GraphNode? FindTask(string id) => _tasks.TryGetValue(id, out var i) ? _nodes[i] : null;

    /// <summary>Finds the node of a gate, or null.</summary>
    public GraphNode? FindGate(string id) => _gates.TryGetValue(id, out var i) ? _nodes[i] : null;

    /// <summary>Builds the graph. Needs that name nothing are left out; the reader has reported them.</summary>
    public static PlanGraph Build(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var graph = new PlanGraph(plan);
        graph.AddNodes();
        graph.AddEdges();
        return graph;
    }

    /// <summary>
    /// The graph with further tasks. Nodes keep their indices, so that whoever counts by them need not count anew; the tasks stand behind. The end
    /// of their phase, and its gates that follow every task, wait for them, too.
    /// </summary>
    /// <param name="merged">This graph's plan with the tasks in their phase.</param>
    /// <param name="tasks">The tasks, all of one phase.</param>
    public PlanGraph With(Plan merged, IReadOnlyList<PlanTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(merged);
        ArgumentNullException.ThrowIfNull(tasks);
        var graph = new PlanGraph(merged);
        graph.CopyFrom(this);
        var phases = PhaseIndex(merged);
        var added = new List<GraphNode>(tasks.Count);
        foreach (var task in tasks)
        {
            var node = graph.Add(NodeKind.Task, task.Id, phases[task.Phase], task);
            graph._tasks[task.Id] = node.Index;
            added.Add(node);
        }

        foreach (var node in added) graph.Join(node, phases);
        return graph;
    }

    /// <summary>
    /// A topological order by Kahn's algorithm (1962), stable in file order, or null when there is a cycle.
    /// </summary>
    public IReadOnlyList<GraphNode>? TopologicalOrder()
    {
        var waiting = new int[_nodes.Count];
        var order = new List<GraphNode>(_nodes.Count);
        var queue = new Queue<int>();
        foreach (var node in _nodes)
        {
            waiting[node.Index] = node.NeedList.Count;
            if (node.NeedList.Count == 0) queue.Enqueue(node.Index);
        }

        while (queue.TryDequeue(out var index))
        {
            order.Add(_nodes[index]);
            foreach (var edge in _nodes[index].DependantList)
                if (--waiting[edge.Node] == 0) queue.Enqueue(edge.Node);
        }

        return order.Count == _nodes.Count ? order : null;
    }

    private void AddNodes()
    {
        for (var p = 0; p < Plan.Phases.Count; p++)
        {
            var phase = Plan.Phases[p];
            _starts[p] = Add(NodeKind.PhaseStart, phase.Id, p).Index;
            foreach (var task in phase.Tasks)
                _tasks[task.Id] = Add(NodeKind.Task, task.Id, p, task).Index;
            foreach (var gate in phase.Gates)
                _gates[gate.Id] = Add(NodeKind.Gate, gate.Id, p, null, gate).Index;
            _ends[p] = Add(NodeKind.PhaseEnd, phase.Id, p).Index;
        }
    }

    private void CopyFrom(PlanGraph other)
    {
        foreach (var node in other._nodes)
        {
            var copy = Add(node.Kind, node.Id, node.Phase, node.Task, node.Gate);
            copy.NeedList.AddRange(node.NeedList);
            copy.DependantList.AddRange(node.DependantList);
        }

        foreach (var (id, index) in other._tasks) _tasks[id] = index;
        foreach (var (id, index) in other._gates) _gates[id] = index;
        other._starts.CopyTo(_starts, 0);
        other._ends.CopyTo(_ends, 0);
    }

    /// <summary>Connects a task that came later.</summary>
    private void Join(GraphNode node, Dictionary<string, int> phases)
    {
        var (start, end) = (_starts[node.Phase], _ends[node.Phase]);
        foreach (var need in node.Task!.Needs) Connect(need, node.Index, phases);
        Connect(start, node.Index, NeedOn.Success);
        for (var i = start + 1; i < end; i++)
            if (_nodes[i].Gate is { Needs.Count: 0 }) Connect(node.Index, i, NeedOn.Success);
        Connect(node.Index, end, NeedOn.Settled);
    }

    private GraphNode Add(NodeKind kind, string id, int phase, PlanTask? task = null, GateSpec? gate = null)
    {
        var node = new GraphNode(_nodes.Count, kind, id, phase, task, gate);
        _nodes.Add(node);
        return node;
    }

    private void AddEdges()
    {
        var phases = PhaseIndex(Plan);
        for (var p = 0; p < Plan.Phases.Count; p++)
        {
            var (start, end) = (_starts[p], _ends[p]);
            foreach (var need in Plan.Phases[p].Needs)
                Connect(need, start, phases);
            for (var i = start + 1; i < end; i++)
            {
                var node = _nodes[i];
                foreach (var need in node.Task?.Needs ?? node.Gate!.Needs)
                    Connect(need, i, phases);
                if (node.Kind == NodeKind.Task || node.NeedList.Count > 0)
                    Connect(start, i, NeedOn.Success);
                else
                    ConnectGate(i, start);
                // The end looks at every outcome itself; it must not be skipped because one task failed.
                Connect(i, end, NeedOn.Settled);
            }

            Connect(start, end, NeedOn.Settled);
        }
    }

    private static Dictionary<string, int> PhaseIndex(Plan plan)
    {
        var phases = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var p = 0; p < plan.Phases.Count; p++) phases[plan.Phases[p].Id] = p;
        return phases;
    }

    /// <summary>A gate without needs of its own follows every task of its phase.</summary>
    private void ConnectGate(int gate, int start)
    {
        Connect(start, gate, NeedOn.Success);
        for (var i = start + 1; _nodes[i].Kind == NodeKind.Task; i++)
            Connect(i, gate, NeedOn.Success);
    }

    private void Connect(Need need, int target, Dictionary<string, int> phases)
    {
        if (_tasks.TryGetValue(need.Id, out var task)) Connect(task, target, need.On);
        else if (phases.TryGetValue(need.Id, out var phase)) Connect(_ends[phase], target, need.On);
    }

    private void Connect(int source, int target, NeedOn on)
    {
        _nodes[target].NeedList.Add(new Edge(source, on));
        _nodes[source].DependantList.Add(new Edge(target, on));
    }
}
