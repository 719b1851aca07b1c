namespace Skep.Orchestration;

/// <summary>
/// States of a task, a gate or a phase node:
/// <code>pending → ready → assigned → running → succeeded | failed | timed-out | cancelled | skipped</code>
/// A gate that failed may become waived.
/// A failed attempt that may be tried again leads back to <see cref="Ready"/>. <c>paused</c> is an overlay, see <see cref="NodeState.Paused"/>.
/// </summary>
public enum TaskStatus
{
    /// <summary>Something that it needs is not settled.</summary>
    Pending,

    /// <summary>It may start as soon as an agent is free (and a retry's wait is over).</summary>
    Ready,

    /// <summary>An attempt is placed with an agent; the record of it is durable.</summary>
    Assigned,

    /// <summary>An agent is at work. For a fan-out: its items are being worked on.</summary>
    Running,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>All attempts failed, or the gate did not pass.</summary>
    Failed,

    /// <summary>The last attempt ran out of time.</summary>
    TimedOut,

    /// <summary>Stopped on request.</summary>
    Cancelled,

    /// <summary>Did not run, see <see cref="SkipCause"/>.</summary>
    Skipped,

    /// <summary>Of gates: it failed, and somebody answers for passing over that. Counts as passed, see <see cref="NodeState.Waiver"/>.</summary>
    Waived,
}

/// <summary>Why a task did not run.</summary>
public enum SkipCause
{
    /// <summary>It was not skipped.</summary>
    None,

    /// <summary>Its <c>when</c> was false, or it waits for a failure that did not happen. Counts as satisfied for dependants.</summary>
    Condition,

    /// <summary>Something that it needs did not succeed.</summary>
    Upstream,

    /// <summary>A budget ran short and its tier was dropped.</summary>
    Dropped,

    /// <summary>The plan says that it is only planned, or it needs what is.</summary>
    Planned,
}

/// <summary>States of a run.</summary>
public enum RunStatus
{
    /// <summary>No event yet.</summary>
    New,

    /// <summary>Work goes on.</summary>
    Running,

    /// <summary>Nothing new starts.</summary>
    Paused,

    /// <summary>Cancellation was asked for; what ran is being stopped.</summary>
    Cancelling,

    /// <summary>Every phase succeeded.</summary>
    Succeeded,

    /// <summary>Something failed, or a budget was used up.</summary>
    Failed,

    /// <summary>Cancelled.</summary>
    Cancelled,
}

/// <summary>Questions about states.</summary>
public static class Statuses
{
    /// <summary>Whether the state is final.</summary>
    public static bool IsSettled(this TaskStatus status) => status >= TaskStatus.Succeeded;

    /// <summary>Whether an attempt is in flight.</summary>
    public static bool IsInFlight(this TaskStatus status) => status is TaskStatus.Assigned or TaskStatus.Running;

    /// <summary>Whether the state is failed, timed out or cancelled.</summary>
    public static bool IsFailure(this TaskStatus status) => status is TaskStatus.Failed or TaskStatus.TimedOut or TaskStatus.Cancelled;

    /// <summary>Whether the run is over.</summary>
    public static bool IsEnded(this RunStatus status) => status >= RunStatus.Succeeded;

    /// <summary>What a state is called that was passed over because it is only planned.</summary>
    public const string Planned = "planned";

    /// <summary>The name of a node's state used in output and files: that of its status, or <c>planned</c>.</summary>
    public static string StateName(this NodeState node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node is { Status: TaskStatus.Skipped, SkipCause: SkipCause.Planned } ? Planned : node.Status.Name();
    }

    /// <summary>The name used in output and files: <c>timed-out</c>.</summary>
    public static string Name(this TaskStatus status) => status switch
    {
        TaskStatus.Pending => "pending",
        TaskStatus.Ready => "ready",
        TaskStatus.Assigned => "assigned",
        TaskStatus.Running => "running",
        TaskStatus.Succeeded => "succeeded",
        TaskStatus.Failed => "failed",
        TaskStatus.TimedOut => "timed-out",
        TaskStatus.Cancelled => "cancelled",
        TaskStatus.Waived => "waived",
        _ => "skipped",
    };

    /// <summary>The name used in output and files.</summary>
    public static string Name(this RunStatus status) => status switch
    {
        RunStatus.New => "new",
        RunStatus.Running => "running",
        RunStatus.Paused => "paused",
        RunStatus.Cancelling => "cancelling",
        RunStatus.Succeeded => "succeeded",
        RunStatus.Failed => "failed",
        _ => "cancelled",
    };
}
