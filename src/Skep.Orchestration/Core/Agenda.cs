using System.Runtime.InteropServices;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// An index over the state: which nodes may start, in which order, and when something is due. Entries may be stale and are checked
/// against the state when they come up, so the index can be rebuilt from the state at any time and is no part of its meaning.
/// </summary>
/// <remarks>
/// Tasks that may be done by the same set of agents share a lane, a heap ordered by tier, priority and position in the plan. Picking the
/// next task looks at the heads of the lanes that have a free agent: as many comparisons as there are lanes, whatever the number of tasks.
/// </remarks>
internal sealed class Agenda
{
    /// <summary>So many timers are kept without asking whether they still mean something.</summary>
    private const int FewTimers = 1024;

    private readonly RunState _state;
    private readonly List<Lane> _lanes = [];
    private readonly Dictionary<string, int> _laneByAgent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AgentSlots> _slots = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Timer, (DateTimeOffset At, int Order)> _timers = new();
    private int _timerOrder;
    private int _timersToSweep = FewTimers;

    public Agenda(RunState state) => _state = state;

    /// <summary>What a timer is about.</summary>
    public enum TimerKind
    {
        Retry,
        Timeout,
        Lease,
        StopGrace,
        Wall,
    }

    public readonly record struct Timer(TimerKind Kind, NodeState? Node, int Attempt);

    /// <summary>Time of the next timer, or null. May be too early (stale), never too late.</summary>
    public DateTimeOffset? NextDue => _timers.TryPeek(out _, out var key) ? key.At : null;

    public void Schedule(TimerKind kind, NodeState? node, int attempt, DateTimeOffset at)
    {
        if (_timers.Count >= _timersToSweep) SweepTimers();
        _timers.Enqueue(new Timer(kind, node, attempt), (at, _timerOrder++));
    }

    /// <summary>Every attempt leaves a timer for its lease behind. Swept whenever they have doubled, which costs each of them O(1).</summary>
    private void SweepTimers()
    {
        var live = _timers.UnorderedItems.Where(t => IsLive(t.Element)).ToList();
        _timers.Clear();
        _timers.EnqueueRange(live);
        _timersToSweep = Math.Max(FewTimers, 2 * live.Count);
    }

    private static bool IsLive(Timer timer) => timer.Kind switch
    {
        TimerKind.Wall => true,
        TimerKind.Retry => timer.Node is { Status: TaskStatus.Ready, RetryAt: not null },
        _ => timer.Node!.Current?.Number == timer.Attempt,
    };

    public bool TryTakeDue(DateTimeOffset now, out Timer timer)
    {
        timer = default;
        if (!_timers.TryPeek(out _, out var key) || key.At > now) return false;
        timer = _timers.Dequeue();
        return true;
    }

    /// <summary>Puts a ready node into its lane.</summary>
    public void Enqueue(NodeState node)
    {
        if (node.Lane < 0) node.Lane = LaneOf(node);
        _lanes[node.Lane].Ready.Enqueue(node, Rank(node));
    }

    /// <summary>Takes the best node that may start and has a free agent; the node must then be assigned or put back.</summary>
    /// <param name="runAhead">How many attempts each agent may hold beyond its replicas.</param>
    /// <param name="node">The node.</param>
    /// <param name="agent">The agent spec to give it to; empty for a gate.</param>
    public bool TryTakeNext(double runAhead, out NodeState node, out string agent)
    {
        (node, agent) = (null!, "");
        var best = -1;
        (int, int, int) bestRank = default;
        for (var i = 0; i < _lanes.Count; i++)
        {
            if (!TryPeekReady(_lanes[i], out var rank) || (best >= 0 && rank.CompareTo(bestRank) >= 0)) continue;
            if (FreeAgent(_lanes[i], runAhead) is not { } free) continue;
            (best, bestRank, agent) = (i, rank, free);
        }

        if (best < 0) return false;
        node = _lanes[best].Ready.Dequeue();
        return true;
    }

    public void Occupy(string agent) => Slots(agent).InUse++;

    /// <summary>Attempts that an agent spec holds.</summary>
    internal int InUse(string agent) => _slots.TryGetValue(agent, out var slots) ? slots.InUse : 0;

    /// <summary>Whether a timer looks at a node by then. Looks at all of them: for checks only.</summary>
    internal bool Watches(NodeState node, DateTimeOffset by) => _timers.UnorderedItems.Any(t => t.Element.Node == node && t.Priority.At <= by);

    /// <summary>Whether a node is in its lane. Looks at all of them: for checks only.</summary>
    internal bool Holds(NodeState node) => node.Lane >= 0 && _lanes[node.Lane].Ready.UnorderedItems.Any(i => i.Element == node);

    public void Release(string agent) => Slots(agent).InUse--;

    private static bool TryPeekReady(Lane lane, out (int Tier, int Priority, int Index) rank)
    {
        while (lane.Ready.TryPeek(out var node, out rank))
        {
            if (node is { Status: TaskStatus.Ready, Paused: false, RetryAt: null }) return true;
            lane.Ready.Dequeue();
        }

        return false;
    }

    /// <summary>The member of a lane that has the least to do and room for more; the first of equals.</summary>
    private string? FreeAgent(Lane lane, double runAhead)
    {
        (string Id, int InUse)? least = null;
        foreach (var id in lane.Agents)
        {
            var slots = Slots(id);
            // What draining agents still hold takes no place of those that go on.
            if (slots.InUse - slots.Family.DrainingAtWork < slots.Family.Capacity * (1 + runAhead) && !(least?.InUse <= slots.InUse)) least = (id, slots.InUse);
        }

        return least?.Id;
    }

    private static (int, int, int) Rank(NodeState node) =>
        ((int)node.EffectiveTier, -(node.Task?.Priority ?? 0), node.Index);

    private int LaneOf(NodeState node)
    {
        var name = AgentOf(node);
        ref var lane = ref CollectionsMarshal.GetValueRefOrAddDefault(_laneByAgent, name, out var known);
        if (known) return lane;
        lane = _lanes.Count;
        _lanes.Add(new Lane(CandidatesFor(name)));
        return lane;
    }

    /// <summary>What a node asks for: an agent spec or a team; empty for a gate.</summary>
    internal static string AgentOf(NodeState node) => node.Gate is not null ? "" : node.Task!.Agent ?? AgentSpec.ImplicitId;

    /// <summary>The agent specs that may do what asks for an agent spec or a team.</summary>
    internal IReadOnlyList<string> CandidatesFor(string name) =>
        _state.Plan.Teams.FirstOrDefault(t => t.Id == name) is { Members.Count: > 0 } team ? team.Members : [name];

    private AgentSlots Slots(string agent)
    {
        if (_slots.TryGetValue(agent, out var slots)) return slots;
        return _slots[agent] = new AgentSlots(_state.Roster.Of(agent));
    }

    private sealed class Lane(IReadOnlyList<string> agents)
    {
        public IReadOnlyList<string> Agents { get; } = agents;

        public PriorityQueue<NodeState, (int Tier, int Priority, int Index)> Ready { get; } = new();
    }

    private sealed class AgentSlots(SpecAgents family)
    {
        public SpecAgents Family { get; } = family;

        public int InUse { get; set; }
    }
}
