using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>A measured number and where it came from.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Latest value.</param>
/// <param name="Task">Node key of the reporter, or null.</param>
/// <param name="At">When.</param>
public sealed record Metric(string Name, double Value, string? Task, DateTimeOffset At);

/// <summary>
/// State of a run: the fold of its events. It is changed in place, by <see cref="Queen.Apply"/> only, because a copy per event
/// would make a run of n tasks cost n². Whoever shares it with another thread takes a copy by folding.
/// </summary>
public sealed class RunState
{
    private readonly Dictionary<string, NodeState> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AgentSpec> _agents;
    private readonly List<NodeState> _nodes;
    private readonly List<NodeState> _planNodes;
    private readonly bool _hasPreRun;

    private RunState(PlanGraph graph)
    {
        Graph = graph;
        _agents = graph.Plan.Agents.ToDictionary(a => a.Id, StringComparer.Ordinal);
        _nodes = new List<NodeState>(graph.Nodes.Count);
        _planNodes = new List<NodeState>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
            _planNodes.Add(AddNode(KeyOf(node), node, null, -1, null));
        _hasPreRun = graph.Plan.AllHooks.Any(h => h is { On: HookEvents.PreRun, Planned: false });
        OpenNodes = _nodes.Count;
        WorkTotal = _nodes.Count(n => n.Node.Kind is NodeKind.Task or NodeKind.Gate);
        Roster = new AgentRoster(this);
        Agenda = new Agenda(this);
        EffectiveTiers.Compute(this);
    }

    /// <summary>The plan.</summary>
    public Plan Plan => Graph.Plan;

    /// <summary>Its DAG, with what agents proposed.</summary>
    public PlanGraph Graph { get; private set; }

    /// <summary>The first event, or null before it.</summary>
    public RunStarted? Info { get; internal set; }

    /// <summary>Sequence number of the last durable event.</summary>
    public long Seq { get; internal set; }

    /// <summary>Where the run is in its life.</summary>
    public RunStatus Status { get; internal set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; internal set; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt { get; internal set; }

    /// <summary>Time between the last event of a process and the next process's first: nobody worked on the run.</summary>
    public TimeSpan Downtime { get; internal set; }

    /// <summary>When the last durable event happened.</summary>
    public DateTimeOffset LastAt { get; internal set; }

    /// <summary>Why it did not succeed.</summary>
    public string? Reason { get; internal set; }

    /// <summary>Whether it ended with work left out: tiers were dropped, or something is only planned.</summary>
    public bool Degraded { get; internal set; }

    /// <summary>Why it is being stopped.</summary>
    public StopReason Stopping { get; internal set; }

    /// <summary>Tiers that were given up, with the reason.</summary>
    public IReadOnlyList<TierDropped> Dropped => DroppedList;

    /// <summary>What agents proposed and the queen admitted, in order.</summary>
    public IReadOnlyList<TasksAdmitted> Proposals => ProposalList;

    /// <summary>How often a queen took over.</summary>
    public int Recoveries { get; internal set; }

    /// <summary>All nodes; those of the plan first, items of fan-outs and what agents proposed behind them, an item always behind its fan-out.</summary>
    public IReadOnlyList<NodeState> Nodes => _nodes;

    /// <summary>Nodes that are neither phases nor fan-outs: what is worked on.</summary>
    public IEnumerable<NodeState> WorkNodes => _nodes.Where(n => n.Node.Kind is NodeKind.Task or NodeKind.Gate && n.Items is null);

    /// <summary>Latest value of each metric.</summary>
    public IReadOnlyDictionary<string, Metric> Metrics => MetricMap;

    /// <summary>What each hook of the plan came to, one per event and command.</summary>
    public IReadOnlyCollection<HookTotal> Hooks => HookMap.Values;

    /// <summary>What the hooks that stand around no task came to.</summary>
    public HookSums RunHooks { get; internal set; } = HookSums.None;

    /// <summary>Whether hooks before the run have yet to let it begin.</summary>
    public bool AwaitsPreRun => _hasPreRun && !Admitted && Info is not null;

    /// <summary>Values that tasks wrote to memory in this run.</summary>
    public IReadOnlyDictionary<string, string> Memory => MemoryMap;

    /// <summary>Most attempts that run at once.</summary>
    public int MaxConcurrency => Math.Min(Info?.MaxConcurrency ?? Plan.Swarm.MaxConcurrency, MaxConcurrencyBound);

    /// <summary>Upper bound of <see cref="MaxConcurrency"/>.</summary>
    public const int MaxConcurrencyBound = 4096;

    /// <summary>Number of attempts that are assigned but not begun.</summary>
    public int AssignedCount { get; internal set; }

    /// <summary>Number of attempts that are being worked on.</summary>
    public int RunningCount { get; internal set; }

    /// <summary>Number of nodes of the plan that are not settled.</summary>
    public int OpenNodes { get; internal set; }

    /// <summary>Tasks, items and gates that are known; a fan-out counts as one until its list is.</summary>
    public int WorkTotal { get; internal set; }

    /// <summary>Of these, settled.</summary>
    public int WorkSettled { get; internal set; }

    /// <summary>Of these, failed, timed out or cancelled.</summary>
    public int WorkFailed { get; internal set; }

    /// <summary>Finds a node by key, or null.</summary>
    public NodeState? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>State of the start or end of a phase.</summary>
    public NodeState Phase(int phase, bool end) => Of(end ? Graph.PhaseEnd(phase) : Graph.PhaseStart(phase));

    /// <summary>State of a node of <see cref="Graph"/>; of a fan-out the whole of it.</summary>
    public NodeState Of(GraphNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _planNodes[node.Index];
    }

    /// <summary>State of the node at the other end of an edge of <see cref="Graph"/>.</summary>
    public NodeState Of(Edge edge) => _planNodes[edge.Node];

    /// <summary>Finds an agent spec, the implicit one included; null id means the implicit one.</summary>
    public AgentSpec? Agent(string? id) => id is null or AgentSpec.ImplicitId && !_agents.ContainsKey(AgentSpec.ImplicitId)
        ? AgentSpec.Implicit
        : _agents.GetValueOrDefault(id ?? AgentSpec.ImplicitId);

    /// <summary>The state before the first event.</summary>
    public static RunState For(Plan plan) => new(PlanGraph.Build(plan));

    /// <summary>
    /// Whether agents are at hand. False while a process only records a control request for a run that nobody works on. Not part of the log.
    /// </summary>
    internal bool HasWorkers { get; set; } = true;

    /// <summary>Index over what is to be done next. Not part of the state's meaning.</summary>
    internal Agenda Agenda { get; }

    /// <summary>The agents.</summary>
    internal AgentRoster Roster { get; }

    internal Dictionary<string, Metric> MetricMap { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, string> MemoryMap { get; } = new(StringComparer.Ordinal);

    internal Dictionary<(string On, string Command), HookTotal> HookMap { get; } = [];

    /// <summary>Whether the hooks before the run have let it begin.</summary>
    internal bool Admitted { get; set; }

    /// <summary>Tasks whose values are not yet known to be in the folder's memory.</summary>
    internal int MemoryPending { get; set; }

    internal List<TierDropped> DroppedList { get; } = [];

    internal List<TasksAdmitted> ProposalList { get; } = [];

    /// <summary>Executions that agents proposed; a fan-out counts with its items.</summary>
    internal int ProposedExecutions { get; set; }

    internal Usage Usage { get; } = new();

    /// <summary>Nodes whose needs are settled and that wait for a decision (condition, list, skip, phase).</summary>
    internal Queue<NodeState> Undecided { get; } = new();

    /// <summary>Nodes that changed since the last snapshot.</summary>
    internal HashSet<NodeState> Changed { get; } = [];

    /// <summary>A node stands in the queue at most once, however often a fold marks it: the fold takes marks away, but nothing out of the queue.</summary>
    internal void AwaitDecision(NodeState node)
    {
        node.Undecided = true;
        if (node.Queued) return;
        node.Queued = true;
        Undecided.Enqueue(node);
    }

    /// <summary>Takes a graph that has grown and adds states for its new nodes.</summary>
    internal IReadOnlyList<NodeState> Extend(PlanGraph graph, string proposedBy)
    {
        Graph = graph;
        foreach (var node in _nodes) node.Node = graph.Nodes[node.Node.Index];
        var added = new List<NodeState>();
        foreach (var node in graph.Nodes.Skip(_planNodes.Count))
        {
            var state = AddNode(KeyOf(node), node, null, -1, null);
            state.ProposedBy = proposedBy;
            _planNodes.Add(state);
            added.Add(state);
        }

        return added;
    }

    internal NodeState AddNode(string key, GraphNode node, NodeState? parent, int itemIndex, PlanValue? item)
    {
        var state = new NodeState(_nodes.Count, key, node, parent, itemIndex, item);
        _nodes.Add(state);
        _byKey[key] = state;
        return state;
    }

    /// <summary>The key of a node of the plan. A phase's start and end differ by the last letter.</summary>
    internal static string KeyOf(GraphNode node) => node.Kind switch
    {
        NodeKind.Task => node.Id,
        NodeKind.Gate => "gate/" + node.Id,
        NodeKind.PhaseStart => "phase/" + node.Id + "/start",
        _ => "phase/" + node.Id,
    };
}
