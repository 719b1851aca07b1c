namespace Skep.Coding.Merging;

/// <summary>What ought to happen now in a merge queue.</summary>
public abstract record MergeStep;

/// <summary>Nothing: no entry waits.</summary>
public sealed record RestStep : MergeStep;

/// <summary>Make a candidate on the target's tip.</summary>
/// <param name="Entry">For which entry.</param>
public sealed record IntegrateStep(MergeEntry Entry) : MergeStep;

/// <summary>Check the candidate.</summary>
/// <param name="Entry">Of which entry.</param>
public sealed record CheckStep(MergeEntry Entry) : MergeStep;

/// <summary>Land the candidate, or find out whether it has landed.</summary>
/// <param name="Entry">Of which entry.</param>
public sealed record LandStep(MergeEntry Entry) : MergeStep;

public static partial class MergeCore
{
    /// <summary>What follows from the state.</summary>
    public static MergeStep Next(MergeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Head is not { } head ? new RestStep() : head.Status switch
        {
            EntryStatus.Queued or EntryStatus.Integrating => new IntegrateStep(head),
            EntryStatus.Checking => new CheckStep(head),
            _ => new LandStep(head),
        };
    }
}
