namespace Skep.Coding.Worktrees;

/// <summary>A worktree and branch of one attempt of an agent.</summary>
/// <param name="Run">The run.</param>
/// <param name="Task">Node key of the task.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Agent">Name of the agent.</param>
/// <param name="Branch">Its branch, <c>skep/RUN/TASK/ATTEMPT</c>.</param>
/// <param name="Path">Its folder, below <c>.skep/runs/RUN/worktrees</c>.</param>
/// <param name="Base">Commit that the branch began at.</param>
public sealed record AgentWorktree(string Run, string Task, int Attempt, string Agent, string Branch, string Path, string Base);

/// <summary>What became of a worktree that was to be removed.</summary>
/// <param name="Removed">Whether it is gone. Its commits are not: each is in the target, or held by a ref below <c>refs/skep/kept</c>.</param>
/// <param name="Kept">Why it was kept, or null.</param>
public sealed record WorktreeFate(bool Removed, string? Kept);

/// <summary>A worktree as lists show it.</summary>
/// <param name="Worktree">The worktree.</param>
/// <param name="Created">When it was asked for.</param>
/// <param name="Removed">When it was removed, or null.</param>
/// <param name="Kept">Why it was kept when it was to be removed, or null.</param>
/// <param name="Leaving">The target that its work is in, while it is being removed.</param>
/// <param name="Landed">The commit that has landed there, as it was submitted.</param>
public sealed record WorktreeRow(AgentWorktree Worktree, DateTimeOffset Created, DateTimeOffset? Removed, string? Kept, string? Leaving, string? Landed);
