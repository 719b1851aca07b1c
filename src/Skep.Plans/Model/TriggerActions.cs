namespace Skep.Plans;

/// <summary>What a trigger can start.</summary>
public static class TriggerActions
{
    /// <summary>Work is taken back, to a checkpoint.</summary>
    public const string Rollback = "rollback";

    /// <summary>Nothing new starts.</summary>
    public const string Pause = "pause";

    /// <summary>The run ends.</summary>
    public const string Cancel = "cancel";

    /// <summary>Somebody is told.</summary>
    public const string Notify = "notify";

    /// <summary>The swarm works in another way; the target names it, such as <c>memory-conservative</c>.</summary>
    public const string Adapt = "adapt";

    /// <summary>Tasks of a tier and of the tiers below it are given up; the target names the tier.</summary>
    public const string DropTier = "drop-tier";

    /// <summary>The task goes to another agent, which the target may name.</summary>
    public const string Reassign = "reassign";

    /// <summary>The concern is handed up; the target names an escalation path, an agent or a team.</summary>
    public const string Escalate = "escalate";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Rollback, Pause, Cancel, Notify, Adapt, DropTier, Reassign, Escalate];
}
