namespace Skep.Plans;

/// <summary>How the finished work of coding agents comes together (<c>merge</c>): through a queue, one branch at a time, checked before it lands.</summary>
/// <param name="Into">The branch to land on; it must exist when the first agent begins.</param>
public sealed record MergeSpec(string Into)
{
    /// <summary>How long a check may take, when the plan does not say.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    /// <summary>How branches come into it.</summary>
    public MergeKind Method { get; init; } = MergeKind.Rebase;

    /// <summary>What must succeed on the result before it lands (<c>check</c>); null: nothing, whatever merges lands.</summary>
    public CommandSpec? Check { get; init; }

    /// <summary>Longest time of a check (<c>timeout</c>); one that takes longer has failed.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;
}

/// <summary>How a branch comes into the one that it lands on.</summary>
public enum MergeKind
{
    /// <summary>Its commits are made anew on the target's tip.</summary>
    Rebase,

    /// <summary>One commit with two parents.</summary>
    Merge,
}
