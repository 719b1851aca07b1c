using Skep.Cli.Reading;

namespace Skep.Cli.Running;

/// <summary>
/// What a person wants to see of a run, copied from the queen's state under a lock. It is called on the queen's thread, so it touches only
/// the nodes that an event names; events that change many at once make it look at all of them.
/// </summary>
internal sealed class RunBoard : IRunObserver
{
    /// <summary>Most settled tasks and failures that are remembered.</summary>
    public const int MaxRemembered = 32;

    /// <summary>Most working agents that are told of in a picture; the rest is counted.</summary>
    public const int MaxWorking = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WorkingAgent> _working = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WaitingPerson> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<SettledTask> _recent = new();
    private readonly Queue<SettledTask> _failures = new();
    private readonly List<Node> _nodes = [];
    private readonly RemainingWork _remaining = new();
    private PhaseCounts[] _phases = [];
    private BoardHead _head = new("", "", RunStatus.New, default, null, 0, 0, 0, 0);
    private int _concurrency = 1;

    /// <summary>Counts changes, so that whoever draws can tell whether there is anything new.</summary>
    public long Version { get; private set; }

    /// <inheritdoc />
    public void OnAdvanced(RunState state, IReadOnlyList<RecordedEvent> events)
    {
        lock (_lock)
        {
            foreach (var e in events) Take(state, e);
            _concurrency = state.MaxConcurrency;
            _head = _head with
            {
                Plan = state.Plan.Name, Run = state.Info?.Run ?? "", Status = state.Status, StartedAt = state.StartedAt + state.Downtime, EndedAt = state.EndedAt,
                Total = state.WorkTotal, Settled = state.WorkSettled, Failed = state.WorkFailed,
            };
            Version++;
        }
    }

    /// <summary>A picture for drawing.</summary>
    public BoardPicture Picture()
    {
        lock (_lock)
        {
            return new BoardPicture(
                _head,
                [.. _phases],
                [.. _working.Values.Take(MaxWorking)],
                _working.Count,
                [.. _waiting.Values],
                [.. _recent.Reverse()],
                [.. _failures.Reverse()],
                _head.Status.IsEnded() ? null : _remaining.Eta(_concurrency));
        }
    }

    private void Take(RunState state, RecordedEvent recorded)
    {
        switch (recorded.Event)
        {
            case AttemptStarted e: Started(state, e, recorded.At); Look(state, e.Task); break;
            case AttemptEnded e: Ended(state, e); Look(state, e.Task); break;
            case GateVoted e when state.Find(e.Gate) is { } gate: ShowVotes(state, gate); break;
            case ProgressReported e: Progress(e); break;
            case TaskAssigned e: Look(state, e.Task); break;
            case TaskReady e: Look(state, e.Task); break;
            case TaskPaused e: Look(state, e.Task); break;
            case TaskContinued e: Look(state, e.Task); break;
            case TaskSettled e: Look(state, e.Task); break;
            case TasksSkipped e: foreach (var key in e.Tasks) Look(state, key); break;
            case TaskFannedOut e: LookAtItems(state, e.Task); break;
            case PhaseStarted or PhaseEnded: LookAtPhases(state); break;
            case LeaseRenewed or BackoffOver or MetricReported or AnswerIgnored or HumanAnswered or AttemptStopRequested or HookRan or MemoryStored or WorkEnded or RunAdmitted or UsageReported or AttemptWaits: break;
            default: LookAtAll(state); break;
        }
    }

    private void Started(RunState state, AttemptStarted e, DateTimeOffset at)
    {
        if (state.Find(e.Task) is not { } node) return;
        if (IsHuman(state, node))
        {
            _waiting[e.Task] = new WaitingPerson(e.Task, PlainLine.Clean(WaitingQuestions.Question(state, node)));
            return;
        }

        if (ShowVotes(state, node)) return;
        _working[e.Task] = new WorkingAgent(e.AgentName, e.Task, at, "", node.Paused);
        if (e.Attempt > 1) _head = _head with { Retries = _head.Retries + 1 };
    }

    private bool ShowVotes(RunState state, NodeState node)
    {
        if (WaitingVotes.Of(state, node) is not { } votes) return false;
        _waiting[node.Key] = new WaitingPerson(node.Key, PlainLine.Clean(votes.Words), votes.HowTo(state));
        return true;
    }

    private static bool IsHuman(RunState state, NodeState node) =>
        node.Gate is null && node.Current is { } attempt && state.Agent(attempt.Agent)?.Executor == ExecutorKinds.Human;

    private void Ended(RunState state, AttemptEnded e)
    {
        _working.Remove(e.Task);
        _waiting.Remove(e.Task);
        if (state.Find(e.Task) is { Attempts: { Count: > 0 } attempts } && attempts[^1].EndedAt is { } ended) _remaining.Measured(attempts[^1].Duration(ended));
        if (e.Final is null) return;
        var duration = LastAttempt.Of(state.Find(e.Task))?.Duration(state.LastAt) ?? TimeSpan.Zero;
        var error = e.Final == TaskStatus.Succeeded ? null : PlainLine.Clean(e.Result.Error);
        Remember(_recent, new SettledTask(e.Task, e.Final.Value, duration, error));
        if (e.Final.Value.IsFailure()) Remember(_failures, new SettledTask(e.Task, e.Final.Value, duration, error));
    }

    private void Progress(ProgressReported e)
    {
        if (_working.TryGetValue(e.Task, out var agent)) _working[e.Task] = agent with { LastLine = PlainLine.Clean(e.Line) };
    }

    private void Look(RunState state, string key)
    {
        if (state.Find(key) is not { } node) return;
        Look(node);
        if (node.Parent is { } parent) Look(parent);
    }

    private void LookAtItems(RunState state, string key)
    {
        Look(state, key);
        foreach (var item in state.Find(key)?.Items ?? []) Look(item);
    }

    private void Look(NodeState node)
    {
        while (_nodes.Count <= node.Index) _nodes.Add(Node.Unseen);
        var (before, after) = (_nodes[node.Index], Node.Of(node));
        if (before == after) return;
        _nodes[node.Index] = after;
        if (after.Counts || before.Counts) Count(node, before, after);
        if (_working.TryGetValue(node.Key, out var agent) && agent.Paused != node.Paused) _working[node.Key] = agent with { Paused = node.Paused };
    }

    private void Count(NodeState node, Node before, Node after)
    {
        ref var phase = ref _phases[node.Node.Phase];
        if (before.Counts) phase = phase.Add(before.Status, before.Planned, -1);
        if (after.Counts) phase = phase.Add(after.Status, after.Planned, +1);
        _remaining.Open(node.Task?.Estimate, (after.Counts && !after.Status.IsSettled() ? 1 : 0) - (before.Counts && !before.Status.IsSettled() ? 1 : 0));
    }

    private void LookAtAll(RunState state)
    {
        if (_phases.Length == 0) _phases = [.. state.Plan.Phases.Select(p => new PhaseCounts(PlainLine.Clean(p.Title ?? p.Id), TaskStatus.Pending, 0, 0, 0, 0, 0))];
        foreach (var node in state.Nodes) Look(node);
        LookAtPhases(state);
        foreach (var node in state.Nodes.Where(n => n.Current?.StartedAt is not null)) Restore(state, node);
    }

    /// <summary>What was at work before this process began to watch, such as a question that outlived a crash.</summary>
    private void Restore(RunState state, NodeState node)
    {
        var attempt = node.Current!;
        if (IsHuman(state, node)) _waiting.TryAdd(node.Key, new WaitingPerson(node.Key, PlainLine.Clean(WaitingQuestions.Question(state, node))));
        else if (!ShowVotes(state, node)) _working.TryAdd(node.Key, new WorkingAgent(attempt.AgentName ?? attempt.Agent, node.Key, attempt.StartedAt!.Value, "", node.Paused));
    }

    private void LookAtPhases(RunState state)
    {
        for (var i = 0; i < _phases.Length; i++)
        {
            var end = state.Phase(i, end: true).Status;
            _phases[i] = _phases[i] with { Status = end.IsSettled() ? end : state.Phase(i, end: false).Status == TaskStatus.Succeeded ? TaskStatus.Running : TaskStatus.Pending };
        }
    }

    private static void Remember(Queue<SettledTask> list, SettledTask task)
    {
        list.Enqueue(task);
        if (list.Count > MaxRemembered) list.Dequeue();
    }

    /// <summary>What was last seen of a node. A fan-out stands for its items once these are known, and is no work itself.</summary>
    private readonly record struct Node(TaskStatus Status, bool Counts, bool Paused, bool Planned)
    {
        public static Node Unseen => default;

        public static Node Of(NodeState node) =>
            new(node.Status, node.Node.Kind is NodeKind.Task or NodeKind.Gate && node.Items is null, node.Paused, node.SkipCause == SkipCause.Planned);
    }
}
