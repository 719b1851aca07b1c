using System.Text.Json;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>
/// Saves a run's state as a set of items: one for the run, one per node. Only nodes that changed since the last save are written, so that
/// a snapshot costs what the change costs. A snapshot only saves time: what cannot be read is ignored and the log is folded from its start.
/// </summary>
internal static class SnapshotCodec
{
    /// <summary>Version of the shape; snapshots of other versions are not used.</summary>
    public const int Version = 4;

    private const string RunKey = "run";
    private const string NodePrefix = "n/";

    /// <summary>Encodes what changed and forgets the marks.</summary>
    public static IReadOnlyList<SnapshotItem> TakeChanges(RunState state)
    {
        var items = new List<SnapshotItem>(state.Changed.Count + 1)
        {
            new(RunKey, JsonSerializer.SerializeToUtf8Bytes(OfRun(state), EventJson.Default.RunSnapshot)),
        };
        foreach (var node in state.Changed)
            items.Add(new SnapshotItem(NodePrefix + node.Key, JsonSerializer.SerializeToUtf8Bytes(OfNode(node), EventJson.Default.NodeSnapshot)));
        state.Changed.Clear();
        return items;
    }

    /// <summary>Restores a state, or returns null when the snapshot is of another version or does not fit the plan.</summary>
    public static RunState? Restore(Plan plan, StoredSnapshot snapshot)
    {
        if (snapshot.Version != Version || !snapshot.Items.TryGetValue(RunKey, out var run)) return null;
        try
        {
            var state = RunState.For(plan);
            RestoreRun(state, JsonSerializer.Deserialize(run.Span, EventJson.Default.RunSnapshot)!);
            state.Seq = snapshot.Seq;
            return RestoreNodes(state, snapshot) ? state : null;
        }
        catch (Exception e) when (e is JsonException or RunLogException)
        {
            return null;
        }
    }

    private static bool RestoreNodes(RunState state, StoredSnapshot snapshot)
    {
        var nodes = snapshot.Items.Where(i => i.Key.StartsWith(NodePrefix, StringComparison.Ordinal))
            .Select(i => JsonSerializer.Deserialize(i.Value.Span, EventJson.Default.NodeSnapshot)!).ToList();
        foreach (var node in nodes.Where(n => n.Items is not null))
            if (!AddItems(state, node)) return false;
        foreach (var node in nodes)
        {
            if (state.Find(node.Key) is not { } target) return false;
            RestoreNode(target, node);
        }

        RestoredState.Derive(state);
        return true;
    }

    private static bool AddItems(RunState state, NodeSnapshot node)
    {
        if (state.Find(node.Key) is not { } parent) return false;
        parent.ItemList = new List<NodeState>(node.Items!.Count);
        for (var i = 0; i < node.Items.Count; i++) Queen.AddItem(state, parent, i, node.Items[i]);
        return true;
    }

    private static RunSnapshot OfRun(RunState state) => new()
    {
        Info = state.Info!,
        Status = state.Status,
        StartedAt = state.StartedAt,
        EndedAt = state.EndedAt,
        LastAt = state.LastAt,
        Downtime = state.Downtime,
        Reason = state.Reason,
        Degraded = state.Degraded ? true : null,
        Stopping = state.Stopping,
        Recoveries = state.Recoveries,
        Dropped = state.DroppedList,
        Metrics = state.MetricMap,
        Memory = state.MemoryMap,
        Admitted = state.Admitted ? true : null,
        Proposals = state.ProposalList.Count > 0 ? [.. state.ProposalList] : null,
        RunHooks = state.RunHooks.Records > 0 ? state.RunHooks : null,
        Hooks = state.HookMap.Count > 0 ? [.. state.HookMap.Values] : null,
        Tokens = state.Usage.Tokens,
        CostUsd = state.Usage.CostUsd,
        Ended = state.Usage.Ended,
        WorkedSeconds = state.Usage.WorkedSeconds,
        RecentSeconds = double.IsNaN(state.Usage.RecentSeconds) ? null : state.Usage.RecentSeconds,
        Agents = AgentSnapshot.OfAll(state.Roster),
    };

    private static void RestoreRun(RunState state, RunSnapshot run)
    {
        (state.Info, state.Status, state.StartedAt, state.EndedAt) = (run.Info, run.Status, run.StartedAt, run.EndedAt);
        (state.LastAt, state.Downtime, state.Reason, state.Stopping) = (run.LastAt, run.Downtime, run.Reason, run.Stopping);
        (state.Recoveries, state.Degraded) = (run.Recoveries, run.Degraded ?? false);
        state.DroppedList.AddRange(run.Dropped);
        foreach (var (key, metric) in run.Metrics) state.MetricMap[key] = metric;
        foreach (var (key, value) in run.Memory) state.MemoryMap[key] = value;
        (state.Admitted, state.RunHooks) = (run.Admitted ?? false, run.RunHooks ?? HookSums.None);
        foreach (var proposal in run.Proposals ?? []) Queen.Grow(state, proposal);
        if (run.Proposals is not null) EffectiveTiers.Compute(state);
        foreach (var hook in run.Hooks ?? []) state.HookMap[(hook.On, hook.Command)] = hook;
        (state.Usage.Tokens, state.Usage.CostUsd) = (run.Tokens, run.CostUsd);
        state.Usage.Restore(run.Ended, run.WorkedSeconds, run.RecentSeconds);
        AgentSnapshot.Restore(state.Roster, run.Agents ?? []);
    }

    private static NodeSnapshot OfNode(NodeState node) => new()
    {
        Key = node.Key,
        Status = node.Status,
        Paused = node.Paused,
        SkipCause = node.SkipCause,
        Reason = node.Reason,
        Failures = node.Failures,
        Losses = node.Losses,
        RetryAt = node.RetryAt,
        ReadyAt = node.ReadyAt,
        SettledAt = node.SettledAt,
        Items = node.Items is null ? null : [.. node.Items.Select(i => (i.Item ?? PlanValue.Null).ToJson())],
        Attempts = node.AttemptList is null ? null : [.. node.AttemptList.Select(OfAttempt)],
        Votes = node.VoteList,
        Waiver = node.Waiver,
    };

    private static AttemptSnapshot OfAttempt(AttemptState a) => new()
    {
        Number = a.Number,
        Agent = a.Agent,
        AgentName = a.AgentName,
        AssignedAt = a.AssignedAt,
        StartedAt = a.StartedAt,
        EndedAt = a.EndedAt,
        Result = a.Result,
        Stop = a.Stop,
        StopAt = a.StopAt,
        SuspendedSince = a.SuspendedSince,
        Suspended = a.Suspended,
        Waits = a.Waits ? true : null,
        Hooks = a.Hooks.Records > 0 ? a.Hooks : null,
        Stored = a.Stored ? true : null,
        Usage = a.Usage == AttemptUsage.None ? null : a.Usage,
    };

    private static void RestoreNode(NodeState node, NodeSnapshot s)
    {
        (node.Status, node.Paused, node.SkipCause, node.Reason) = (s.Status, s.Paused, s.SkipCause, s.Reason);
        (node.Failures, node.Losses, node.RetryAt, node.ReadyAt, node.SettledAt) = (s.Failures, s.Losses, s.RetryAt, s.ReadyAt, s.SettledAt);
        (node.VoteList, node.Waiver) = (s.Votes is null ? null : [.. s.Votes], s.Waiver);
        if (s.Attempts is null) return;
        node.AttemptList = [.. s.Attempts.Select(a => new AttemptState
        {
            Number = a.Number,
            Agent = a.Agent,
            AgentName = a.AgentName,
            AssignedAt = a.AssignedAt,
            StartedAt = a.StartedAt,
            EndedAt = a.EndedAt,
            Result = a.Result,
            Stop = a.Stop,
            StopAt = a.StopAt,
            SuspendedSince = a.SuspendedSince,
            Suspended = a.Suspended,
            Waits = a.Waits ?? false,
            Hooks = a.Hooks ?? HookSums.None,
            Stored = a.Stored ?? false,
            Usage = a.Usage ?? AttemptUsage.None,
        })];
        if (node.Status == TaskStatus.Succeeded) node.Outputs = node.AttemptList[^1].Result?.Outputs ?? NodeState.NoOutputs;
    }
}
