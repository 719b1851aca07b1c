namespace Skep.Coding.Git;

/// <summary>What hinders git.</summary>
public enum GitFault
{
    /// <summary>There is no program <c>git</c>.</summary>
    Missing,

    /// <summary>Git is older than <see cref="GitVersion.Oldest"/>.</summary>
    TooOld,

    /// <summary>The folder is in no repository, or git does not trust it.</summary>
    NoRepository,

    /// <summary>A branch or commit is not there.</summary>
    NotFound,

    /// <summary>A name cannot be used as a ref.</summary>
    BadName,

    /// <summary>A command took longer than it may.</summary>
    TimedOut,

    /// <summary>A command printed more than it may.</summary>
    TooMuch,

    /// <summary>A worktree is not in the state that its owner expects: another branch, a merge under way, changes.</summary>
    Worktree,

    /// <summary>A ref does not point where it was expected to.</summary>
    Moved,

    /// <summary>Anything else that git says.</summary>
    Failed,
}

/// <summary>Git could not do something. The message says what, where, and what helps.</summary>
public sealed class GitException(GitFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What hindered it.</summary>
    public GitFault Fault { get; } = fault;
}
