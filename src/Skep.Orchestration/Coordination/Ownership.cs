using Skep.Orchestration.Hooks;
using Skep.Plans;

namespace Skep.Orchestration.Coordination;

/// <summary>Who wants to change a file.</summary>
internal sealed record Editor(string? Agent, string? Task, string? Run);

/// <summary>Somebody else has a right to a file.</summary>
/// <param name="Holder">Whose it is.</param>
/// <param name="Task">For which task.</param>
/// <param name="Run">In which run.</param>
/// <param name="Glob">By which pattern.</param>
/// <param name="Blocks">Whether the edit must not happen.</param>
/// <param name="Why">In words.</param>
internal sealed record OwnershipConflict(string Holder, string? Task, string? Run, string Glob, bool Blocks, string Why);

/// <summary>Whose a file is: by what live tasks own, and by what was claimed. Pure.</summary>
internal static class Ownership
{
    /// <summary>Everybody else who has a right to a file; those that block first.</summary>
    /// <param name="file">Absolute path, without links.</param>
    /// <param name="project">What globs of claims are relative to, without links.</param>
    /// <param name="editor">Who wants to change it.</param>
    /// <param name="tasks">What is being worked on.</param>
    /// <param name="claims">The claims that hold.</param>
    public static IReadOnlyList<OwnershipConflict> Of(string file, string project, Editor editor, IEnumerable<LiveTask> tasks, IEnumerable<Claim> claims)
    {
        var found = tasks.Where(t => !IsOwn(t, editor)).Select(t => ByTask(t, file)).Concat(claims.Where(c => !IsOwn(c, editor)).Select(c => ByClaim(c, file, project)));
        return [.. found.OfType<OwnershipConflict>().OrderByDescending(c => c.Blocks)];
    }

    /// <summary>A path relative to a folder, with slashes; null when it lies outside.</summary>
    public static string? Relative(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path).Replace('\\', '/');
        return relative is "." or ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }

    private static OwnershipConflict? ByTask(LiveTask task, string file)
    {
        if (task.Owns.Count == 0 || Relative(RealPath.Of(task.Workspace), file) is not { } path) return null;
        if (task.Owns.FirstOrDefault(glob => Glob.IsMatch(Glob.Normalise(glob), path)) is not { } owned) return null;
        return new OwnershipConflict(task.Agent, task.Task, task.Run, owned, task.Ownership == OwnershipRule.Block, $"task {task.Task} of run {task.Run} owns it ({owned}), and {task.Agent} works on that");
    }

    private static OwnershipConflict? ByClaim(Claim claim, string file, string project)
    {
        if (Relative(project, file) is not { } path || !ClaimRule.Covers(claim.Glob, path)) return null;
        return new OwnershipConflict(claim.Holder, claim.Task, claim.Run, claim.Glob, claim.Exclusive, $"{claim.Holder} has claimed it ({claim.Glob}{(claim.Exclusive ? ", exclusively" : "")})");
    }

    // A task is known by its run; without one, the agent's name decides.
    private static bool IsOwn(LiveTask task, Editor editor) =>
        editor.Run is not null ? task.Run == editor.Run && (task.Task == editor.Task || (editor.Task is null && task.Agent == editor.Agent)) : editor.Agent is not null && task.Agent == editor.Agent;

    private static bool IsOwn(Claim claim, Editor editor) =>
        (editor.Agent is not null && claim.Holder == editor.Agent) || (claim.Task is not null && claim.Task == editor.Task && claim.Run == editor.Run);
}
