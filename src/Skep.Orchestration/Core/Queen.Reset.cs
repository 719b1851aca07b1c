namespace Skep.Orchestration;

public static partial class Queen
{
    /// <summary>Puts ended nodes back to their beginning and counts everybody's needs anew.</summary>
    private static void Reset(RunState state, IReadOnlyList<string> keys, DateTimeOffset at)
    {
        foreach (var key in keys) Clear(state, Get(state, key));
        AddDowntime(state, state.EndedAt, at);
        // A run that is held stays held: whoever holds back its agents lets them go only when the run is continued.
        if (state.Status.IsEnded()) state.Status = RunStatus.Running;
        (state.Stopping, state.Reason, state.EndedAt, state.Degraded) = (StopReason.None, null, null, false);
        foreach (var key in keys)
        {
            var node = Get(state, key);
            if (node.Parent is null) AwaitNeeds(state, node, at);
            else if (node.Parent.Status == TaskStatus.Running && node.Status == TaskStatus.Pending) MakeReady(state, node, at);
            foreach (var edge in node.Parent is null ? node.Node.Dependants : []) CallBack(state, state.Of(edge));
        }
    }

    /// <summary>Something that a node needs is open again: it waits for it, if it has not begun.</summary>
    private static void CallBack(RunState state, NodeState dependant)
    {
        if (dependant.Status is not (TaskStatus.Pending or TaskStatus.Ready)) return;
        (dependant.Status, dependant.Undecided) = (TaskStatus.Pending, false);
        state.Changed.Add(dependant);
        Recount(state, dependant);
    }

    private static void AwaitNeeds(RunState state, NodeState node, DateTimeOffset at)
    {
        Recount(state, node);
        if (node.OpenNeeds == 0) Unblock(state, node, at);
    }

    private static void Clear(RunState state, NodeState node)
    {
        if (!node.Status.IsSettled()) throw new RunLogException($"the log resets '{node.Key}', which is {node.Status.Name()}");
        CountSettled(state, node, -1);
        if (IsUnstored(node)) state.MemoryPending--;
        (node.Failures, node.Losses, node.Reason, node.SkipCause) = (0, 0, null, SkipCause.None);
        (node.SettledAt, node.RetryAt, node.Paused, node.Outputs) = (null, null, node.Parent?.Paused ?? false, NodeState.NoOutputs);
        // Votes and a waiver were given for what was found then; what is checked anew needs them anew.
        (node.VoteList, node.Waiver) = (null, null);
        node.Undecided = false;
        state.Changed.Add(node);
        if (node.Parent is { } parent) parent.OpenItems++;
        else state.OpenNodes++;
        node.Status = TaskStatus.Pending;
        if (node.Items is null) state.Usage.Waiting(node, +1);
    }

    internal static void Recount(RunState state, NodeState node)
    {
        (node.OpenNeeds, node.Blocked) = (0, null);
        foreach (var edge in node.Node.Needs)
        {
            var need = state.Of(edge);
            if (!need.Status.IsSettled()) node.OpenNeeds++;
            else if (node.Blocked is null && !Needs.Satisfied(need, edge.On, node)) node.Blocked = new BlockedNeed(need.Key, need.Status, edge.On);
        }
    }
}
