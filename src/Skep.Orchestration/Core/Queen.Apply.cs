using Skep.Plans;

namespace Skep.Orchestration;

public static partial class Queen
{
    /// <summary>Folds one event into the state. The only place where a run's state changes.</summary>
    /// <exception cref="RunLogException">The event does not fit the state: the log is damaged or belongs to another plan.</exception>
    public static void Apply(RunState state, RunEvent recorded, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(recorded);
        if (recorded.IsDurable) state.Seq++;
        switch (recorded)
        {
            case RunStarted e: Start(state, e, at); break;
            case RunRecovered e: state.Recoveries += e.Briefly == true ? 0 : 1; AddDowntime(state, state.LastAt, at); break;
            case PhaseStarted e: Settle(state, Get(state, $"phase/{e.Phase}/start"), TaskStatus.Succeeded, null, at); break;
            case PhaseEnded e: EndPhase(state, e, at); break;
            case TaskReady e: MakeReady(state, Get(state, e.Task), at); break;
            case TaskFannedOut e: FanOut(state, Get(state, e.Task), e.Items, at); break;
            case TasksSkipped e: Skip(state, e.Tasks, e.Cause, e.Reason, at); break;
            case TaskSettled e: Settle(state, Get(state, e.Task), e.Outcome, e.Reason, at); break;
            case TaskAssigned e: Assign(state, Get(state, e.Task), e, at); break;
            case AttemptStarted e: Begin(state, Get(state, e.Task), e, at); break;
            case AttemptStopRequested e: RequestStop(state, Get(state, e.Task), e, at); break;
            case AttemptEnded e: EndAttempt(state, Get(state, e.Task), e, at); break;
            case AnswerIgnored e: CountIgnored(state, e); break;
            case HumanAnswered: break; // the AttemptEnded that follows carries the consequence
            case MetricReported e: KeepMetric(state, e, at); break;
            case AttemptWaits e: Wait(state, Get(state, e.Task), e, at); break;
            case UsageReported e: CountUsage(state, Get(state, e.Task), e); break;
            case RunPaused: state.Status = RunStatus.Paused; break;
            case RunContinued: state.Status = RunStatus.Running; break;
            case TaskPaused e: Hold(state, Get(state, e.Task), true, at); break;
            case TaskContinued e: Hold(state, Get(state, e.Task), false, at); break;
            case RunStopping e: StopRun(state, e, at); break;
            case TierDropped e: state.DroppedList.Add(e); Skip(state, e.Tasks, SkipCause.Dropped, e.Reason, at); break;
            case TasksReset e: Reset(state, e.Tasks, at); break;
            case TasksAdmitted e: Admit(state, e, at); break;
            case GateVoted e: Vote(state, Get(state, e.Gate), e, at); break;
            case GateWaived e: Waive(state, Get(state, e.Gate), e, at); break;
            case HookRan e: CountHook(state, e); break;
            case AgentsSpawned e: Spawn(state, e, at); break;
            case AgentDraining e: Drain(state, e, at); break;
            case AgentRetired e: Retire(state, e, at); break;
            case RunAdmitted: state.Admitted = true; break;
            case MemoryStored e: KeepStored(state, Get(state, e.Task), e); break;
            case WorkEnded e: EndWork(state, e, at); break;
            case RunEnded e: End(state, e, at); break;
            case LeaseRenewed e: Renew(state, e); break;
            case ProgressReported e: ShowProgress(state, e); break;
            case BackoffOver e: EndBackoff(state, Get(state, e.Task)); break;
            default: throw new RunLogException($"event {state.Seq} of the log has a type that this version does not know: {recorded.GetType().Name}");
        }

        if (recorded.IsDurable) state.LastAt = at;
    }

    private static NodeState Get(RunState state, string key) =>
        state.Find(key) ?? throw new RunLogException($"event {state.Seq} of the log names '{key}', which is not in the plan; the log belongs to another plan or is damaged");

    private static void Start(RunState state, RunStarted e, DateTimeOffset at)
    {
        if (state.Info is not null) throw new RunLogException("the log starts the run twice");
        (state.Info, state.Status, state.StartedAt) = (e, RunStatus.Running, at);
        ScheduleWall(state);
        foreach (var node in state.Nodes)
        {
            state.Usage.Waiting(node, +1);
            if (node.OpenNeeds == 0) Unblock(state, node, at);
        }
    }

    /// <summary>Time in which nobody worked on the run does not count against its wall-clock budget.</summary>
    private static void AddDowntime(RunState state, DateTimeOffset? since, DateTimeOffset at)
    {
        if (since is { } from && at > from) state.Downtime += at - from;
        ScheduleWall(state);
    }

    private static void ScheduleWall(RunState state)
    {
        if (state.Plan.Swarm.Budget.Wall is { } wall)
            state.Agenda.Schedule(Agenda.TimerKind.Wall, null, 0, state.StartedAt + state.Downtime + wall);
    }

    /// <summary>All needs of a node are settled. Plain nodes are ready; the rest waits for a decision.</summary>
    private static void Unblock(RunState state, NodeState node, DateTimeOffset at)
    {
        var plain = node.Blocked is null
            && PlannedWork.WhyPassedOver(state, node) is null
            && (node.Items is not null || node.Gate is not null || node.Task is { When: null, Foreach: null, ForeachItems: null });
        if (plain && node.Items is not null)
        {
            ReopenItems(state, node, at);
        }
        else if (plain)
        {
            MakeReady(state, node, at);
        }
        else if (!node.Undecided)
        {
            state.AwaitDecision(node);
        }
    }

    /// <summary>A fan-out that runs again keeps its list; only the items that did not succeed wait.</summary>
    private static void ReopenItems(RunState state, NodeState node, DateTimeOffset at)
    {
        node.Undecided = false;
        node.Status = TaskStatus.Running;
        node.ReadyAt = at;
        state.Changed.Add(node);
        foreach (var item in node.ItemList!)
            if (item.Status == TaskStatus.Pending) MakeReady(state, item, at);
    }

    private static void MakeReady(RunState state, NodeState node, DateTimeOffset at)
    {
        if (node.Status != TaskStatus.Pending) throw new RunLogException($"the log makes '{node.Key}' ready, which is {node.Status.Name()}");
        node.Undecided = false;
        node.Status = TaskStatus.Ready;
        node.ReadyAt = at;
        state.Changed.Add(node);
        state.Agenda.Enqueue(node);
    }

    private static void FanOut(RunState state, NodeState node, IReadOnlyList<string> items, DateTimeOffset at)
    {
        if (!node.IsFanOut || node.Items is not null || node.Status != TaskStatus.Pending)
            throw new RunLogException($"the log fans out '{node.Key}', which is {node.Status.Name()} and {(node.IsFanOut ? "has its list already" : "is no fan-out")}");
        node.ItemList = new List<NodeState>(items.Count);
        node.OpenItems = items.Count;
        node.Undecided = false;
        node.Status = TaskStatus.Running;
        node.ReadyAt = at;
        state.Changed.Add(node);
        state.Usage.Waiting(node, -1);
        state.WorkTotal += items.Count - 1;
        for (var i = 0; i < items.Count; i++)
        {
            var item = AddItem(state, node, i, items[i]);
            state.Usage.Waiting(item, +1);
            item.Paused = node.Paused;
            MakeReady(state, item, at);
        }

        if (items.Count == 0) Settle(state, node, TaskStatus.Succeeded, null, at);
    }

    internal static NodeState AddItem(RunState state, NodeState parent, int index, string json)
    {
        var item = state.AddNode($"{parent.Key}[{index}]", parent.Node, parent, index, ItemValue.Parse(json));
        item.EffectiveTier = parent.EffectiveTier;
        parent.ItemList!.Add(item);
        return item;
    }

    private static void Skip(RunState state, IReadOnlyList<string> keys, SkipCause cause, string reason, DateTimeOffset at)
    {
        foreach (var key in keys)
        {
            var node = Get(state, key);
            node.SkipCause = cause;
            Settle(state, node, TaskStatus.Skipped, reason, at);
        }
    }

    private static void Assign(RunState state, NodeState node, TaskAssigned e, DateTimeOffset at)
    {
        if (node.Status != TaskStatus.Ready) throw new RunLogException($"the log assigns '{node.Key}', which is {node.Status.Name()}");
        if (e.Attempt <= (node.AttemptList is { Count: > 0 } made ? made[^1].Number : 0)) throw new RunLogException($"the log makes attempt {e.Attempt} of '{node.Key}' twice");
        state.Usage.Waiting(node, -1);
        (node.AttemptList ??= []).Add(new AttemptState { Number = e.Attempt, Agent = e.Agent, AssignedAt = at });
        node.Status = TaskStatus.Assigned;
        node.RetryAt = null;
        state.AssignedCount++;
        state.Changed.Add(node);
        state.Agenda.Occupy(e.Agent);
        GrantLease(state, node, node.AttemptList[^1], at);
    }

    private static void GrantLease(RunState state, NodeState node, AttemptState attempt, DateTimeOffset at)
    {
        attempt.LeaseUntil = at + state.Plan.Swarm.Lease;
        state.Agenda.Schedule(Agenda.TimerKind.Lease, node, attempt.Number, attempt.LeaseUntil);
    }

    private static void Begin(RunState state, NodeState node, AttemptStarted e, DateTimeOffset at)
    {
        var attempt = CurrentOf(node, e.Attempt);
        if (node.Status == TaskStatus.Assigned)
        {
            node.Status = TaskStatus.Running;
            state.AssignedCount--;
            state.RunningCount++;
        }

        Engage(state, node, attempt, e.AgentName, at);
        (attempt.AgentName, attempt.StartedAt) = (e.AgentName, at);
        attempt.LeaseUntil = at + state.Plan.Swarm.Lease;
        if (node.Paused) attempt.SuspendedSince = at;
        state.Changed.Add(node);
        if (Timeouts.Of(state, node) is { } timeout)
            state.Agenda.Schedule(Agenda.TimerKind.Timeout, node, attempt.Number, at + timeout);
    }

    private static void RequestStop(RunState state, NodeState node, AttemptStopRequested e, DateTimeOffset at)
    {
        var attempt = CurrentOf(node, e.Attempt);
        (attempt.Stop, attempt.StopAt) = (e.Why, at);
        state.Changed.Add(node);
        state.Agenda.Schedule(Agenda.TimerKind.StopGrace, node, attempt.Number, at + StopGrace);
    }

    private static void EndAttempt(RunState state, NodeState node, AttemptEnded e, DateTimeOffset at)
    {
        var attempt = CurrentOf(node, e.Attempt);
        if (node.Status == TaskStatus.Assigned) state.AssignedCount--;
        else state.RunningCount--;
        state.Agenda.Release(attempt.Agent);
        Disengage(state, node, attempt, at);
        if (attempt.SuspendedSince is { } since) (attempt.Suspended, attempt.SuspendedSince) = (attempt.Suspended + (at - since), null);
        (attempt.EndedAt, attempt.Result) = (at, e.Result);
        if (attempt.StartedAt is not null) state.Usage.Worked(attempt.Duration(at));
        if (e.Result.Outcome == AttemptOutcome.Lost) node.Losses++;
        else if (e.Result.Outcome != AttemptOutcome.Succeeded) node.Failures++;
        state.Changed.Add(node);
        if (e.Final is { } final) Finish(state, node, e.Result, final, at);
        else AwaitRetry(state, node, e.RetryAt, at);
    }

    private static void Finish(RunState state, NodeState node, AttemptResult result, TaskStatus final, DateTimeOffset at)
    {
        if (final == TaskStatus.Succeeded)
        {
            node.Outputs = result.Outputs;
            foreach (var key in node.Task?.Writes ?? [])
                if (result.Outputs.TryGetValue(key, out var value)) state.MemoryMap[key] = value;
        }

        // It counted as waiting until it was assigned; settling must not count it twice.
        Settle(state, node, final, result.Error, at, counted: false);
        if (IsUnstored(node)) state.MemoryPending++;
    }

    private static void AwaitRetry(RunState state, NodeState node, DateTimeOffset? retryAt, DateTimeOffset at)
    {
        node.Status = TaskStatus.Ready;
        node.RetryAt = retryAt > at ? retryAt : null;
        state.Usage.Waiting(node, +1);
        if (node.RetryAt is { } due) state.Agenda.Schedule(Agenda.TimerKind.Retry, node, 0, due);
        else state.Agenda.Enqueue(node);
    }

    private static void EndBackoff(RunState state, NodeState node)
    {
        node.RetryAt = null;
        state.Agenda.Enqueue(node);
    }

    private static void EndPhase(RunState state, PhaseEnded e, DateTimeOffset at)
    {
        var node = Get(state, "phase/" + e.Phase);
        if (e.Outcome == TaskStatus.Skipped) node.SkipCause = PlannedWork.CauseOfPhase(state, node);
        Settle(state, node, e.Outcome, e.Reason, at);
    }

    /// <summary>A node reaches its final state; what waits for it learns of it.</summary>
    private static void Settle(RunState state, NodeState node, TaskStatus status, string? reason, DateTimeOffset at, bool counted = true)
    {
        if (node.Status.IsSettled()) throw new RunLogException($"the log settles '{node.Key}' twice");
        node.Undecided = false;
        if (counted && node.Items is null) state.Usage.Waiting(node, -1);
        (node.Status, node.Reason, node.SettledAt, node.RetryAt, node.Paused) = (status, reason, at, null, false);
        state.Changed.Add(node);
        CountSettled(state, node, +1);
        if (node.Parent is { } parent)
        {
            if (--parent.OpenItems == 0) SettleFanOut(state, parent, at);
            return;
        }

        state.OpenNodes--;
        foreach (var edge in node.Node.Dependants)
        {
            var dependant = state.Of(edge);
            dependant.OpenNeeds--;
            if (dependant.Blocked is null && !Needs.Satisfied(node, edge.On, dependant))
                dependant.Blocked = new BlockedNeed(node.Key, status, edge.On);
            if (dependant.OpenNeeds == 0 && !dependant.Status.IsSettled()) Unblock(state, dependant, at);
        }
    }

    private static void CountSettled(RunState state, NodeState node, int sign)
    {
        if (node.Node.Kind is not (NodeKind.Task or NodeKind.Gate) || node.Items is not null) return;
        state.WorkSettled += sign;
        if (node.Status.IsFailure()) state.WorkFailed += sign;
    }

    private static void SettleFanOut(RunState state, NodeState parent, DateTimeOffset at)
    {
        if (parent.Status.IsSettled()) return;
        var worst = parent.ItemList!.Find(i => i.Status.IsFailure()) ?? parent.ItemList.Find(i => i.Status == TaskStatus.Skipped);
        var failed = parent.ItemList.Count(i => i.Status != TaskStatus.Succeeded);
        if (worst is { Status: TaskStatus.Skipped }) parent.SkipCause = worst.SkipCause;
        Settle(state, parent, worst?.Status ?? TaskStatus.Succeeded, worst is null ? null : $"{failed} of {parent.ItemList.Count} items did not succeed", at, counted: false);
    }

    private static void Hold(RunState state, NodeState node, bool paused, DateTimeOffset at)
    {
        node.Paused = paused;
        state.Changed.Add(node);
        // To hold a fan-out is to hold what is left of its items.
        foreach (var item in node.ItemList ?? [])
            if (!item.Status.IsSettled() && item.Paused != paused) Hold(state, item, paused, at);
        if (node.Current is { StartedAt: not null } attempt)
        {
            SetClock(state, node, attempt, at);
            if (!paused) GrantLease(state, node, attempt, at);
        }
        else if (!paused && node is { Status: TaskStatus.Ready, RetryAt: null })
        {
            state.Agenda.Enqueue(node);
        }
    }

    private static void StopRun(RunState state, RunStopping e, DateTimeOffset at)
    {
        (state.Status, state.Stopping, state.Reason) = (RunStatus.Cancelling, e.Why, e.Reason);
        // Items before their fan-outs: the last item settles its parent.
        for (var i = state.Nodes.Count - 1; i >= 0; i--)
        {
            var node = state.Nodes[i];
            if (node.Node.Kind is NodeKind.Task or NodeKind.Gate && !node.Status.IsSettled() && !node.Status.IsInFlight())
                Settle(state, node, TaskStatus.Cancelled, e.Reason, at);
        }
    }

    private static void End(RunState state, RunEnded e, DateTimeOffset at)
    {
        if (state.AssignedCount + state.RunningCount > 0 || state.OpenNodes > 0)
            throw new RunLogException($"the log ends the run while {state.OpenNodes} tasks, gates and phases are open and {state.AssignedCount + state.RunningCount} attempts are in flight");
        (state.Status, state.Reason, state.EndedAt, state.Degraded) = (e.Outcome, e.Reason, at, e.Degraded);
    }

    private static void Renew(RunState state, LeaseRenewed e)
    {
        if (state.Find(e.Task)?.Current is { } attempt && attempt.Number == e.Attempt) attempt.LeaseUntil = e.Until;
    }

    private static void ShowProgress(RunState state, ProgressReported e)
    {
        if (state.Find(e.Task)?.Current is { } attempt && attempt.Number == e.Attempt) attempt.LastLine = e.Line;
    }

    private static void CountIgnored(RunState state, AnswerIgnored e)
    {
        if (state.Find(e.Task)?.AttemptList?.Find(a => a.Number == e.Attempt) is { } attempt) attempt.Ignored++;
    }

    private static void KeepMetric(RunState state, MetricReported e, DateTimeOffset at)
    {
        var metric = new Metric(e.Name, e.Value, e.Task, at);
        state.MetricMap[e.Name] = metric;
        if (e.Task is not null && state.Find(e.Task) is { } node)
        {
            var task = node.Node.Id;
            state.MetricMap[$"{task}.{e.Name}"] = metric;
            state.MetricMap[$"{state.Plan.Phases[node.Node.Phase].Id}.{e.Name}"] = metric;
        }

        if (e.Name == Usage.TokensMetric) state.Usage.Tokens += e.Value;
        else if (e.Name == Usage.CostMetric) state.Usage.CostUsd += e.Value;
    }

    private static void CountUsage(RunState state, NodeState node, UsageReported e)
    {
        var attempt = node.AttemptList?.Find(a => a.Number == e.Attempt)
            ?? throw new RunLogException($"the log tells what attempt {e.Attempt} of '{node.Key}' used, which there is not");
        state.Usage.Tokens += e.Usage.Tokens - attempt.Usage.Tokens;
        state.Usage.CostUsd += e.Usage.CostUsd - attempt.Usage.CostUsd;
        attempt.Usage = e.Usage;
        state.Changed.Add(node);
    }

    private static AttemptState CurrentOf(NodeState node, int number) =>
        node.Current is { } attempt && attempt.Number == number
            ? attempt
            : throw new RunLogException($"the log speaks of attempt {number} of '{node.Key}', which is not in flight");
}
