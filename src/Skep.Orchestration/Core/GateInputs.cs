namespace Skep.Orchestration;

/// <summary>A role's vote on an approval gate.</summary>
/// <param name="Gate">Id or node key of the gate.</param>
/// <param name="Role">The role.</param>
/// <param name="By">Who votes for it.</param>
/// <param name="Approved">Yes or no.</param>
/// <param name="Text">What they say.</param>
public sealed record CastVote(string Gate, string Role, string By, bool Approved, string Text) : RunInput;

/// <summary>Let a failed gate count as passed.</summary>
/// <param name="Gate">Id or node key of the gate.</param>
/// <param name="By">Who answers for it.</param>
/// <param name="Reason">Why.</param>
public sealed record WaiveGate(string Gate, string By, string Reason) : RunInput;
