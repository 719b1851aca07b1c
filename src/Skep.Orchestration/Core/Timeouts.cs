namespace Skep.Orchestration;

/// <summary>Wall-clock limits of attempts.</summary>
internal static class Timeouts
{
    /// <summary>The task's (or gate's) own timeout, else its agent's, else none.</summary>
    public static TimeSpan? Of(RunState state, NodeState node)
    {
        if (node.Gate is { } gate) return gate.Timeout;
        if (node.Task!.Timeout is { } own) return own;
        var agent = node.Attempts.Count > 0 ? node.Attempts[^1].Agent : node.Task.Agent;
        return state.Agent(agent)?.Limits.Timeout;
    }

    /// <summary>When the attempt's time is up, suspensions not counted; null while it is suspended, when its work is over, and without a limit.</summary>
    public static DateTimeOffset? Deadline(RunState state, NodeState node, AttemptState attempt) =>
        attempt is { StartedAt: { } start, SuspendedSince: null, WorkEndedAt: null } && Of(state, node) is { } timeout ? start + timeout + attempt.Suspended : null;
}
