namespace Skep.Orchestration;

public static partial class Queen
{
    /// <summary>A person is waited for: that is no time at work, as little as a pause is.</summary>
    private static void Wait(RunState state, NodeState node, AttemptWaits e, DateTimeOffset at)
    {
        var attempt = CurrentOf(node, e.Attempt);
        attempt.Waits = e.Waits;
        state.Changed.Add(node);
        SetClock(state, node, attempt, at);
    }

    /// <summary>The attempt's clock stands still while its task is held, and while it waits for a person.</summary>
    private static void SetClock(RunState state, NodeState node, AttemptState attempt, DateTimeOffset at)
    {
        if (node.Paused || attempt.Waits)
        {
            attempt.SuspendedSince ??= at;
        }
        else if (attempt.SuspendedSince is { } since)
        {
            (attempt.Suspended, attempt.SuspendedSince) = (attempt.Suspended + (at - since), null);
            if (Timeouts.Deadline(state, node, attempt) is { } deadline)
                state.Agenda.Schedule(Agenda.TimerKind.Timeout, node, attempt.Number, deadline);
        }
    }
}
