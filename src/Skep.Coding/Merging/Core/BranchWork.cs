namespace Skep.Coding.Merging;

/// <summary>Finished work that waits to be integrated.</summary>
/// <param name="Key">Names the submission; the same key again is the same entry. An attempt's idempotency key, <c>run/task/attempt</c>.</param>
/// <param name="Branch">Branch that holds it.</param>
/// <param name="Base">Commit that the branch began at.</param>
/// <param name="Commit">The branch's tip that is to land; later commits on the branch are not part of it.</param>
/// <param name="Task">Node key of the task.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Agent">Name of the agent, author of merge commits.</param>
public sealed record BranchWork(string Key, string Branch, string Base, string Commit, string Task, int Attempt, string Agent);
