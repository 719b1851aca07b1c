namespace Skep.Coding.Git;

/// <summary>How git is run; the defaults suit repositories of some gigabytes.</summary>
public sealed record GitOptions
{
    /// <summary>Name or path of the program. Default <c>git</c>, looked for on the path.</summary>
    public string Program { get; init; } = "git";

    /// <summary>Longest time of a command. Default 2 minutes; checking out a large worktree takes longest.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Most bytes that a command may print. Default 16 MiB.</summary>
    public int MaxOutput { get; init; } = 16 * 1024 * 1024;

    /// <summary>Works in a repository that belongs to another user. Its configuration can name programs to run, so by default git refuses.</summary>
    public bool TrustForeignOwner { get; init; }

    /// <summary>The clock of timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
