namespace Skep.Plans;

/// <summary>
/// A command that runs around an action. What it applies to follows from where it stands: a plan, a phase, an agent, a task, or a
/// protocol that agents include. The command learns from its environment what happens: <c>SKEP_TASK_ID</c>, <c>SKEP_RUN_ID</c>,
/// <c>SKEP_AGENT</c> and the like.
/// </summary>
public sealed record HookSpec
{
    /// <summary>Wall-clock limit of the command unless stated.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Longest limit that a plan may state.</summary>
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromHours(1);

    /// <summary>Time between two calls during a task unless stated.</summary>
    public static readonly TimeSpan DefaultEvery = TimeSpan.FromSeconds(30);

    /// <summary>Shortest time between two calls that a plan may state.</summary>
    public static readonly TimeSpan MinEvery = TimeSpan.FromSeconds(1);

    /// <summary>Longest time between two calls that a plan may state.</summary>
    public static readonly TimeSpan MaxEvery = TimeSpan.FromDays(1);

    /// <summary>The event, one of <see cref="HookEvents"/>.</summary>
    public required string On { get; init; }

    /// <summary>What to run; null only when <see cref="Planned"/>. Expressions may use <c>vars</c>, <c>run</c>, <c>plan</c> and <c>env</c>.</summary>
    public CommandSpec? Run { get; init; }

    /// <summary>Whether an exit code other than 0 blocks what was about to happen; after a task: fails the attempt.</summary>
    public bool Block { get; init; }

    /// <summary>Wall-clock limit of the command.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>For <see cref="HookEvents.DuringTask"/>: time from one call to the next.</summary>
    public TimeSpan Every { get; init; } = DefaultEvery;

    /// <summary>For edits: globs of the files that matter, relative to the workspace; empty means all.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Whether the command does not exist yet. A run does not start it and says so.</summary>
    public bool Planned { get; init; }

    /// <summary>Position of the hook.</summary>
    public SourceSpan At { get; init; }
}
