using Skep.Coding.Git;

namespace Skep.Coding.Merging;

/// <summary>What a queue does in git. Every method may be called again after a crash, and finds what was done before.</summary>
internal interface IMergeWorld
{
    /// <summary>The target's tip.</summary>
    Task<string> TipAsync(CancellationToken cancel);

    /// <summary>Makes a candidate on the entry's tip.</summary>
    Task<Integration> IntegrateAsync(MergeEntry entry, CancellationToken cancel);

    /// <summary>Makes a worktree of the candidate for a check.</summary>
    Task<string> PrepareAsync(MergeEntry entry, int check, CancellationToken cancel);

    /// <summary>Why the target cannot be moved now, or null.</summary>
    Task<string?> ObstacleAsync(MergeEntry entry, CancellationToken cancel);

    /// <summary>Lands the candidate, or finds that it has landed.</summary>
    Task<Landing> LandAsync(MergeEntry entry, CancellationToken cancel);

    /// <summary>Removes worktrees of checks that are over, and refs to candidates that have landed. What cannot be removed is left.</summary>
    Task CleanAsync(MergeState state, CancellationToken cancel);
}

/// <summary>Where a queue's events go.</summary>
internal interface IMergeLog
{
    /// <summary>Makes an event durable.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="recorded">The event.</param>
    Task AppendAsync(MergeState state, MergeEvent recorded);
}
