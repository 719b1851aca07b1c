using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Works out what a snapshot leaves out because it follows from the rest: counts, needs, queues, timers.</summary>
internal static class RestoredState
{
    public static void Derive(RunState state)
    {
        state.OpenNodes = 0;
        state.WorkTotal = 0;
        state.MemoryPending = 0;
        foreach (var node in state.Nodes) Count(state, node);
        foreach (var node in state.Nodes) Queue(state, node);
        if (state.Info is not null && state.Plan.Swarm.Budget.Wall is { } wall)
            state.Agenda.Schedule(Agenda.TimerKind.Wall, null, 0, state.StartedAt + state.Downtime + wall);
        state.Changed.Clear();
    }

    private static void Count(RunState state, NodeState node)
    {
        var work = node.Node.Kind is NodeKind.Task or NodeKind.Gate && node.Items is null;
        if (work) state.WorkTotal++;
        if (work && node.Status.IsSettled()) state.WorkSettled++;
        if (work && node.Status.IsFailure()) state.WorkFailed++;
        if (node.Parent is null && !node.Status.IsSettled()) state.OpenNodes++;
        if (Queen.IsUnstored(node)) state.MemoryPending++;
        if (node.Items is { } items) node.OpenItems = items.Count(i => !i.Status.IsSettled());
        if (Queen.IsWaiting(node)) state.Usage.Waiting(node, +1);
    }

    private static void Queue(RunState state, NodeState node)
    {
        if (node.Parent is null) Queen.Recount(state, node);
        switch (node.Status)
        {
            case TaskStatus.Pending when node.Parent is null && node.OpenNeeds == 0 && state.Info is not null && !state.Status.IsEnded():
                state.AwaitDecision(node);
                break;
            case TaskStatus.Ready when node.RetryAt is { } due:
                state.Agenda.Schedule(Agenda.TimerKind.Retry, node, 0, due);
                break;
            case TaskStatus.Ready:
                state.Agenda.Enqueue(node);
                break;
            case TaskStatus.Assigned or TaskStatus.Running when node.Current is { } attempt:
                InFlight(state, node, attempt);
                break;
        }
    }

    private static void InFlight(RunState state, NodeState node, AttemptState attempt)
    {
        if (node.Status == TaskStatus.Assigned) state.AssignedCount++;
        else state.RunningCount++;
        state.Agenda.Occupy(attempt.Agent);
        Queen.AgentOf(state, attempt)?.Hold(node);
        attempt.LeaseUntil = state.LastAt + state.Plan.Swarm.Lease;
        state.Agenda.Schedule(Agenda.TimerKind.Lease, node, attempt.Number, attempt.LeaseUntil);
        if (attempt.StopAt is { } stopped) state.Agenda.Schedule(Agenda.TimerKind.StopGrace, node, attempt.Number, stopped + Queen.StopGrace);
        if (Timeouts.Deadline(state, node, attempt) is { } deadline) state.Agenda.Schedule(Agenda.TimerKind.Timeout, node, attempt.Number, deadline);
    }
}
