namespace Skep.Orchestration;

/// <summary>What the shell is to do once the events of a decision are durable.</summary>
public abstract record RunEffect;

/// <summary>Give an attempt to an agent (or a gate to its check).</summary>
/// <param name="Node">The node.</param>
/// <param name="Attempt">Number of the attempt.</param>
public sealed record StartAttempt(NodeState Node, int Attempt) : RunEffect;

/// <summary>Stop an attempt; its answer is awaited for a while.</summary>
/// <param name="Node">The node.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Why">Why.</param>
public sealed record StopAttempt(NodeState Node, int Attempt, StopReason Why) : RunEffect;

/// <summary>Wait no longer for an attempt that does not answer to being stopped: its place is needed. It may still be doing something.</summary>
/// <param name="Node">The node.</param>
/// <param name="Attempt">Number of the attempt.</param>
public sealed record AbandonAttempt(NodeState Node, int Attempt) : RunEffect;

/// <summary>Suspend or continue an attempt.</summary>
/// <param name="Node">The node.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Suspended">True to suspend.</param>
public sealed record SuspendAttempt(NodeState Node, int Attempt, bool Suspended) : RunEffect;

/// <summary>Hold back assigned attempts that have not started, or let them go.</summary>
/// <param name="Held">True to hold.</param>
public sealed record HoldStarts(bool Held) : RunEffect;

/// <summary>A queen has taken over: perform <see cref="Queen.Effects"/>, all that ought to be in flight.</summary>
public sealed record RestoreEffects : RunEffect;

/// <summary>The run is over.</summary>
public sealed record FinishRun : RunEffect;

/// <summary>What came of an input.</summary>
/// <param name="Events">What happened, already applied to the state.</param>
/// <param name="Effects">What is to be done once the durable ones are on disk.</param>
/// <param name="Refusal">For control requests: why nothing happened.</param>
public readonly record struct Decision(IReadOnlyList<RunEvent> Events, IReadOnlyList<RunEffect> Effects, string? Refusal);
