using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>State of one node of a run: a task, one item of a fan-out, a gate, or the start or end of a phase. Changed by <see cref="Queen.Apply"/> only.</summary>
public sealed class NodeState
{
    internal NodeState(int index, string key, GraphNode node, NodeState? parent, int itemIndex, PlanValue? item)
    {
        (Index, Key, Node, Parent, ItemIndex, Item) = (index, key, node, parent, itemIndex, item);
        OpenNeeds = parent is null ? node.Needs.Count : 0;
    }

    /// <summary>Position in <see cref="RunState.Nodes"/>.</summary>
    public int Index { get; }

    /// <summary>Name in events: <c>build</c>, <c>shard[3]</c>, <c>gate/ID</c>, <c>phase/ID</c>.</summary>
    public string Key { get; }

    /// <summary>The node of the plan.</summary>
    public GraphNode Node { get; internal set; }

    /// <summary>The fan-out that this is an item of, or null.</summary>
    public NodeState? Parent { get; }

    /// <summary>Number of the item from 0, or -1.</summary>
    public int ItemIndex { get; }

    /// <summary>The item, or null.</summary>
    public PlanValue? Item { get; }

    /// <summary>The task, or null for gates and phases.</summary>
    public PlanTask? Task => Node.Task;

    /// <summary>The gate, or null.</summary>
    public GateSpec? Gate => Node.Gate;

    /// <summary>Node key of the task whose agent proposed it, or null for what stands in the plan.</summary>
    public string? ProposedBy { get; internal set; }

    /// <summary>Where it is in its life.</summary>
    public TaskStatus Status { get; internal set; }

    /// <summary>Whether it is held by request.</summary>
    public bool Paused { get; internal set; }

    /// <summary>Why it was skipped.</summary>
    public SkipCause SkipCause { get; internal set; }

    /// <summary>Why it did not succeed.</summary>
    public string? Reason { get; internal set; }

    /// <summary>How many needs are not settled yet.</summary>
    public int OpenNeeds { get; internal set; }

    /// <summary>The first need that can no longer be satisfied, or null.</summary>
    public BlockedNeed? Blocked { get; internal set; }

    /// <summary>Its attempts, in order. Empty for phases and fan-outs.</summary>
    public IReadOnlyList<AttemptState> Attempts => AttemptList ?? (IReadOnlyList<AttemptState>)[];

    /// <summary>The attempt in flight, or null.</summary>
    public AttemptState? Current => Status.IsInFlight() && AttemptList is { Count: > 0 } list ? list[^1] : null;

    /// <summary>Attempts that failed by their own fault since the task was last reset; they use up <see cref="RetryPolicy.Attempts"/>.</summary>
    public int Failures { get; internal set; }

    /// <summary>Attempts that were lost since the task was last reset.</summary>
    public int Losses { get; internal set; }

    /// <summary>When the next attempt may start, after a failed one.</summary>
    public DateTimeOffset? RetryAt { get; internal set; }

    /// <summary>When its needs were met.</summary>
    public DateTimeOffset? ReadyAt { get; internal set; }

    /// <summary>When it reached its final state.</summary>
    public DateTimeOffset? SettledAt { get; internal set; }

    /// <summary>Outputs of the attempt that succeeded.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; internal set; } = NoOutputs;

    /// <summary>Votes on an approval gate since it was last reset, in order.</summary>
    public IReadOnlyList<GateVote> Votes => VoteList ?? (IReadOnlyList<GateVote>)[];

    /// <summary>Why a failed gate counts as passed, or null.</summary>
    public GateWaiver? Waiver { get; internal set; }

    /// <summary>Items of a fan-out once its list is known, else null.</summary>
    public IReadOnlyList<NodeState>? Items => ItemList;

    /// <summary>Items that are not settled.</summary>
    public int OpenItems { get; internal set; }

    /// <summary>The most important tier of what depends on it, itself included: what a critical task needs is critical.</summary>
    public Tier EffectiveTier { get; internal set; }

    /// <summary>First start of an attempt.</summary>
    public DateTimeOffset? FirstStart => AttemptList?.FirstOrDefault(a => a.StartedAt is not null)?.StartedAt;

    internal static readonly IReadOnlyDictionary<string, string> NoOutputs = new Dictionary<string, string>();

    internal List<AttemptState>? AttemptList { get; set; }

    internal List<GateVote>? VoteList { get; set; }

    internal List<NodeState>? ItemList { get; set; }

    /// <summary>Index of the group of agents that may do it; see <see cref="Agenda"/>.</summary>
    internal int Lane { get; set; } = -1;

    /// <summary>Whether it waits in the queen's list of nodes to decide on.</summary>
    internal bool Undecided { get; set; }

    /// <summary>Whether it stands in <see cref="RunState.Undecided"/>, marked or not.</summary>
    internal bool Queued { get; set; }

    internal bool IsFanOut => Parent is null && Node.Task is { } task && (task.Foreach is not null || task.ForeachItems is not null);

    /// <inheritdoc />
    public override string ToString() => $"{Key}: {Status.Name()}{(Paused ? " (paused)" : "")}";
}

/// <summary>A need that can no longer be satisfied.</summary>
/// <param name="Key">Node key of the dependency.</param>
/// <param name="Status">How it ended.</param>
/// <param name="On">What was asked of it.</param>
public sealed record BlockedNeed(string Key, TaskStatus Status, NeedOn On);

/// <summary>State of one attempt.</summary>
public sealed class AttemptState
{
    /// <summary>Number from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Agent spec id; empty for a gate.</summary>
    public required string Agent { get; init; }

    /// <summary>Name of the agent instance, once it has begun.</summary>
    public string? AgentName { get; internal set; }

    /// <summary>When it was placed.</summary>
    public required DateTimeOffset AssignedAt { get; init; }

    /// <summary>When the agent began.</summary>
    public DateTimeOffset? StartedAt { get; internal set; }

    /// <summary>When it was over.</summary>
    public DateTimeOffset? EndedAt { get; internal set; }

    /// <summary>What came of it, once it is over.</summary>
    public AttemptResult? Result { get; internal set; }

    /// <summary>Why it was asked to stop.</summary>
    public StopReason Stop { get; internal set; }

    /// <summary>When it was asked to stop.</summary>
    public DateTimeOffset? StopAt { get; internal set; }

    /// <summary>Since when it is suspended, because its task is held or because it waits for a person; or null.</summary>
    public DateTimeOffset? SuspendedSince { get; internal set; }

    /// <summary>Whether it waits for a person. Then it is suspended as far as its time limit goes, but gives signs of life.</summary>
    public bool Waits { get; internal set; }

    /// <summary>How long it was suspended before.</summary>
    public TimeSpan Suspended { get; internal set; }

    /// <summary>End of its lease. Not part of the log.</summary>
    public DateTimeOffset LeaseUntil { get; internal set; }

    /// <summary>Last line of output. Not part of the log.</summary>
    public string? LastLine { get; internal set; }

    /// <summary>What its hooks came to.</summary>
    public HookSums Hooks { get; internal set; } = HookSums.None;

    /// <summary>What it has used of what costs.</summary>
    public AttemptUsage Usage { get; internal set; } = AttemptUsage.None;

    /// <summary>When its work was over and hooks followed. Not part of the log.</summary>
    internal DateTimeOffset? WorkEndedAt { get; set; }

    /// <summary>Whether its values are known to be in the folder's memory, or known not to fit there.</summary>
    internal bool Stored { get; set; }

    /// <summary>Answers that came too late, up to a bound.</summary>
    internal int Ignored { get; set; }

    /// <summary>Whether it stands still because its task is held: nobody expects signs of life then.</summary>
    internal bool IsHeld(NodeState node) => node.Paused && SuspendedSince is not null;

    /// <summary>Time at work, without suspensions and hooks.</summary>
    public TimeSpan Duration(DateTimeOffset now)
    {
        if (StartedAt is not { } start) return TimeSpan.Zero;
        if (EndedAt is not { } ended) return (WorkEndedAt ?? SuspendedSince ?? now) - start - Suspended;
        // How long hooks took after the work stands in the result, because the moment between is not kept.
        var after = TimeSpan.FromMilliseconds(Math.Max(0, Result?.HooksAfterMs ?? 0));
        var worked = ended - start - Suspended - after;
        return after > TimeSpan.Zero && worked < TimeSpan.Zero ? TimeSpan.Zero : worked;
    }
}
