namespace Skep.Coding.Merging;

/// <summary>A path that git could not merge. Versions are <c>MODE ID</c>, null where the path is absent.</summary>
/// <param name="Path">The path.</param>
/// <param name="Kind">In git's words, such as <c>contents</c>, <c>modify/delete</c>, <c>binary</c>, <c>rename/rename</c>, <c>submodule</c>, <c>distinct modes</c>.</param>
/// <param name="Base">As both sides had it.</param>
/// <param name="Target">As the target has it.</param>
/// <param name="Branch">As the branch has it.</param>
public sealed record ConflictPath(string Path, string Kind, string? Base, string? Target, string? Branch);

/// <summary>A commit of one side.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Author">Who made it.</param>
/// <param name="Subject">First line of its message.</param>
public sealed record SideCommit(string Id, string Author, string Subject);

/// <summary>A conflict: what whoever resolves it has to know.</summary>
/// <param name="Paths">The paths, at most <see cref="MaxPaths"/>.</param>
/// <param name="PathCount">How many there are.</param>
/// <param name="At">The commit of the branch that did not apply: its tip in a merge, one of its commits in a rebase.</param>
/// <param name="Tip">The target's tip that it was integrated into.</param>
/// <param name="TargetCommits">What the target has done to these paths since the branch left it, the newest first, at most <see cref="MaxCommits"/>.</param>
/// <param name="BranchCommits">What the branch has done to them.</param>
/// <param name="Text">What git says about it.</param>
public sealed record ConflictDetails(
    IReadOnlyList<ConflictPath> Paths, int PathCount, string At, string Tip, IReadOnlyList<SideCommit> TargetCommits, IReadOnlyList<SideCommit> BranchCommits, string Text)
{
    /// <summary>Most paths that are listed.</summary>
    public const int MaxPaths = 100;

    /// <summary>Most commits that are listed of each side.</summary>
    public const int MaxCommits = 20;

    /// <summary>Most characters of git's text.</summary>
    public const int MaxText = 8 * 1024;
}
