namespace Skep.Orchestration;

/// <summary>A role voted on an approval gate. When the votes settle the gate, an <see cref="AttemptEnded"/> follows in the same append.</summary>
/// <param name="Gate">Node key of the gate.</param>
/// <param name="Attempt">Number of the attempt that waits.</param>
/// <param name="Role">The role.</param>
/// <param name="By">Who voted for it.</param>
/// <param name="Approved">Yes or no.</param>
/// <param name="Text">What they said.</param>
public sealed record GateVoted(string Gate, int Attempt, string Role, string By, bool Approved, string Text) : RunEvent;

/// <summary>
/// A failed gate counts as passed from now on. What was skipped because of it is put back by a <see cref="TasksReset"/> in the same append.
/// </summary>
/// <param name="Gate">Node key of the gate.</param>
/// <param name="By">Who answers for it.</param>
/// <param name="Reason">Why.</param>
public sealed record GateWaived(string Gate, string By, string Reason) : RunEvent;
