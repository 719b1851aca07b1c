using Skep.Coding.Git;

namespace Skep.Coding.Worktrees;

/// <summary>
/// Removes worktrees, and only those in which nothing is unmerged: the files are as committed, and the branch's tip is part of the target, or no further
/// than its base, or what the merge queue has landed. Commits that only a reflog knows (amended, reset) get a ref first, because the
/// reflog goes with the worktree.
/// </summary>
internal sealed class WorktreeRemoval(GitRepository git)
{
    /// <summary>Most commits of reflogs that are looked at; a worktree with more is kept.</summary>
    public const int MaxReflog = 500;

    public async Task<WorktreeFate> RemoveAsync(AgentWorktree tree, string target, string? landed, CancellationToken cancel)
    {
        try
        {
            var tip = await git.TipAsync(tree.Branch, cancel);
            var unmerged = await UnmergedAsync(tree, tip, target, landed, cancel);
            // Also where the worktree stays: a reflog forgets, a ref does not.
            var why = await HoldAsync(tree, tip, target, leaving: unmerged is null, cancel) ?? unmerged ?? await FolderAsync(tree, cancel);
            if (why is not null) return new WorktreeFate(false, why);
            if (tip is not null && !await git.SwapRefAsync(GitNames.HeadRef(tree.Branch), null, tip, "skep: remove", cancel))
                return new WorktreeFate(false, $"branch '{tree.Branch}' has moved while it was to be removed");
            return new WorktreeFate(true, null);
        }
        catch (GitException e)
        {
            return new WorktreeFate(false, e.Message);
        }
    }

    private async Task<string?> UnmergedAsync(AgentWorktree tree, string? tip, string target, string? landed, CancellationToken cancel)
    {
        if (Directory.Exists(tree.Path) && await DirtyAsync(tree, cancel) is { } dirty) return dirty;
        if (tip is null || tip == landed || await git.IsAncestorAsync(tip, tree.Base, cancel)) return null;
        var at = await git.RequireTipAsync(target, cancel);
        return await git.IsAncestorAsync(tip, at, cancel) ? null : $"branch '{tree.Branch}' holds commits (up to {tip}) that are not in '{target}'";
    }

    private async Task<string?> DirtyAsync(AgentWorktree tree, CancellationToken cancel)
    {
        var listed = (await git.WorktreesAsync(cancel)).FirstOrDefault(w => w.Path == tree.Path);
        if (listed is null) return $"{tree.Path} is no worktree of {git.Root} any more, and may hold work";
        if (listed.Branch != tree.Branch) return $"{tree.Path} is not on its branch '{tree.Branch}' but on {listed.Branch ?? $"no branch, at {listed.Head}"}";
        var changed = (await git.RunAsync(tree.Path, ["status", "--porcelain", "-z", "--untracked-files=all", "--ignore-submodules=none"], cancel)).Fields;
        return changed.Length > 0 ? $"{tree.Path} holds changes that are not committed, such as {changed[0]}" : null;
    }

    /// <summary>Gives a ref to every commit that would be reachable no more.</summary>
    private async Task<string?> HoldAsync(AgentWorktree tree, string? tip, string target, bool leaving, CancellationToken cancel)
    {
        var commits = await ReflogAsync(git.Root, GitNames.HeadRef(tree.Branch), cancel);
        if (Directory.Exists(tree.Path)) commits = [.. commits, .. await ReflogAsync(tree.Path, "HEAD", cancel)];
        commits = [.. commits.Prepend(tip).OfType<string>().Distinct()];
        if (commits.Count > MaxReflog) return $"branch '{tree.Branch}' has more than {MaxReflog} commits in its reflogs, which are not looked through: delete it by hand when it is of no more use";
        var safe = new List<string> { tree.Base };
        if (await git.TipAsync(target, cancel) is { } at) safe.Add(at);
        if (!leaving && tip is not null) safe.Add(tip);
        foreach (var commit in commits)
        {
            if (!await git.HasCommitAsync(commit, cancel) || await IsInAsync(commit, safe, cancel)) continue;
            await git.RunAsync(git.Root, ["update-ref", $"{KeptRef(tree)}/{commit[..12]}", commit], cancel);
            safe.Add(commit);
        }

        return null;
    }

    private async Task<bool> IsInAsync(string commit, List<string> safe, CancellationToken cancel)
    {
        foreach (var known in safe)
            if (await git.IsAncestorAsync(commit, known, cancel)) return true;
        return false;
    }

    private async Task<List<string>> ReflogAsync(string directory, string name, CancellationToken cancel)
    {
        var log = await git.RawAsync(directory, ["log", "--walk-reflogs", "--no-show-signature", $"--max-count={MaxReflog + 1}", "--format=%H", name, "--"], cancel);
        return [.. log.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Not forced: git itself looks once more whether anything is changed, and refuses where submodules are.</summary>
    private async Task<string?> FolderAsync(AgentWorktree tree, CancellationToken cancel)
    {
        if ((await git.WorktreesAsync(cancel)).FirstOrDefault(w => w.Path == tree.Path) is not { } listed) return null;
        // The lock of a making that was cut short behind its checkout. Any other lock is somebody's will.
        if (listed.Lock == "initializing") await git.RawAsync(git.Root, ["worktree", "unlock", tree.Path], cancel);
        var removed = await git.RawAsync(git.Root, ["worktree", "remove", tree.Path], cancel);
        return removed.Code == 0 ? null : $"git does not remove {tree.Path}: {removed.Errors}";
    }

    private static string KeptRef(AgentWorktree tree) => $"refs/skep/kept/{GitNames.Part(tree.Run)}/{GitNames.Part(tree.Task)}/{tree.Attempt}";
}
