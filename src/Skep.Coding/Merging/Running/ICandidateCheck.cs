namespace Skep.Coding.Merging;

/// <summary>A candidate to check.</summary>
/// <param name="Run">The run.</param>
/// <param name="Target">The target's branch.</param>
/// <param name="Work">The work that it integrates.</param>
/// <param name="Path">A worktree of the candidate, detached and clean, for this check alone; it is deleted afterwards, with all that the check leaves there.</param>
/// <param name="Commit">The candidate.</param>
/// <param name="Tip">The target's tip that it stands on.</param>
/// <param name="Check">Number of the check of this entry, from 1. The same candidate may be checked again after a crash.</param>
public sealed record Candidate(string Run, string Target, BranchWork Work, string Path, string Commit, string Tip, int Check);

/// <summary>Checks candidates: runs the plan's gates on them.</summary>
public interface ICandidateCheck
{
    /// <summary>
    /// Checks a candidate. Throwing means that the check could not be run, which says nothing about the candidate: it is tried again,
    /// <see cref="MergeCore.MaxFailedChecks"/> times.
    /// </summary>
    /// <param name="candidate">What to check.</param>
    /// <param name="cancel">The queue is closed; the check is run again by the next one.</param>
    Task<CheckVerdict> CheckAsync(Candidate candidate, CancellationToken cancel);
}
