namespace Skep.Orchestration;

/// <summary>A vote that counts.</summary>
/// <param name="Role">The role.</param>
/// <param name="By">Who voted for it.</param>
/// <param name="Approved">Yes or no.</param>
/// <param name="Text">What they said.</param>
/// <param name="At">When.</param>
public sealed record GateVote(string Role, string By, bool Approved, string Text, DateTimeOffset At);

/// <summary>Why a failed gate counts as passed.</summary>
/// <param name="By">Who answers for it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record GateWaiver(string By, string Reason, DateTimeOffset At)
{
    /// <summary>The waiver as reports tell it.</summary>
    public override string ToString() => $"waived by {By}: {Reason}";
}

/// <summary>Bounds of what people say at gates.</summary>
public static class GateBounds
{
    /// <summary>Longest name of a person, in characters.</summary>
    public const int MaxName = 100;

    /// <summary>Longest text of a vote or reason of a waiver, in characters.</summary>
    public const int MaxText = 2000;
}
