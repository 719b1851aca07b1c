using Skep.Coding.Merging;

namespace Skep.Coding.Git;

/// <summary>
/// Makes candidates without any checkout: trees are merged by <c>git merge-tree</c> and committed by <c>git commit-tree</c>. Dates are those of the
/// branch, so that the same branch on the same tip gives the same commit, however often it is made.
/// </summary>
internal sealed class Integrator(GitRepository git)
{
    /// <summary>Most commits that are made anew; a longer branch is merged instead.</summary>
    public const int MaxRebased = 500;

    /// <summary>Integrates a branch into a target's tip.</summary>
    /// <exception cref="GitException">Git itself fails.</exception>
    public async Task<Integration> IntegrateAsync(string tip, string commit, MergeMethod method, string message, GitPerson author, CancellationToken cancel)
    {
        if (!await git.HasCommitAsync(commit, cancel)) return new CannotIntegrate($"commit {commit} is not in the repository {git.Root}: the branch was submitted from another one, or its objects are damaged ('git fsck')");
        if (await git.IsAncestorAsync(commit, tip, cancel)) return new NothingToDo();
        var bases = await git.RawAsync(git.Root, ["merge-base", tip, commit], cancel);
        if (bases.Code != 0) return new CannotIntegrate($"the branch (at {commit}) has no commit in common with its target (at {tip}): begin the branch at the target");
        var commits = await CommitsAsync(tip, commit, cancel);
        return method == MergeMethod.Rebase && commits is not null
            ? await RebaseAsync(tip, commit, commits, cancel)
            : await MergeAsync(tip, commit, message, author, cancel);
    }

    private async Task<Integration> MergeAsync(string tip, string commit, string message, GitPerson author, CancellationToken cancel)
    {
        var (clean, merged) = await TreeAsync(tip, commit, cancel);
        if (!clean) return new Conflicted(await DetailsAsync(merged, tip, commit, commit, cancel));
        var dates = await CommitText.ReadAsync(git, commit, cancel);
        var made = await CommitAsync(merged.Tree, [tip, commit], message, author with { Date = dates.Author.Date }, dates.Committed, cancel);
        return new IntegratedAs(made, MergeMethod.Merge);
    }

    private async Task<Integration> RebaseAsync(string tip, string commit, IReadOnlyList<(string Id, string Parent)> commits, CancellationToken cancel)
    {
        var at = tip;
        foreach (var (id, parent) in commits)
        {
            if (parent == at)
            {
                at = id;
                continue;
            }

            var (clean, merged) = await PickAsync(at, id, parent, cancel);
            if (!clean) return new Conflicted(await DetailsAsync(merged, tip, commit, id, cancel));
            if (merged.Tree == await TreeOfAsync(at, cancel)) continue; // The target has this change already.
            var text = await CommitText.ReadAsync(git, id, cancel);
            at = await CommitAsync(merged.Tree, [at], text.Message, text.Author, text.Committed, cancel);
        }

        return at == tip ? new NothingToDo() : new IntegratedAs(at, MergeMethod.Rebase);
    }

    /// <summary>
    /// One commit on another tip: a merge whose base is the commit's parent. Git learned to be told the base only in 2.40; a commit with the tip's
    /// tree and that parent leads it to the same base.
    /// </summary>
    private async Task<(bool Clean, MergeTree Merged)> PickAsync(string at, string id, string parent, CancellationToken cancel)
    {
        var dates = await CommitText.ReadAsync(git, id, cancel);
        var stand = await CommitAsync(await TreeOfAsync(at, cancel), [parent], $"{at} as a child of {parent}, to merge with", GitPerson.Skep with { Date = dates.Author.Date }, dates.Committed, cancel);
        return await TreeAsync(stand, id, cancel);
    }

    private async Task<(bool Clean, MergeTree Merged)> TreeAsync(string ours, string theirs, CancellationToken cancel)
    {
        string[] arguments = ["merge-tree", "--write-tree", "-z", "--messages", ours, theirs];
        var result = await git.RawAsync(git.Root, arguments, cancel, environment: await NoDriversAsync(cancel));
        if (result.Code is not (0 or 1)) throw GitRepository.Failure(git.Root, arguments, result);
        try
        {
            return (result.Code == 0, MergeTree.Parse(result.Output));
        }
        catch (FormatException e)
        {
            throw new GitException(GitFault.Failed, $"'{GitProcess.Name(arguments)}' in {git.Root} printed something unknown: {e.Message} {result.Errors}", e);
        }
    }

    /// <summary>Programs that the repository names as merge drivers are not run; their files come back as conflicts instead.</summary>
    private async Task<Dictionary<string, string>> NoDriversAsync(CancellationToken cancel)
    {
        var drivers = (await git.RawAsync(git.Root, ["config", "-z", "--name-only", "--get-regexp", @"^merge\..*\.driver$"], cancel)).Fields;
        var variables = new Dictionary<string, string> { ["GIT_CONFIG_COUNT"] = $"{drivers.Length}" };
        for (var i = 0; i < drivers.Length; i++)
        {
            variables[$"GIT_CONFIG_KEY_{i}"] = drivers[i];
            variables[$"GIT_CONFIG_VALUE_{i}"] = "false";
        }

        return variables;
    }

    /// <summary>The commits of a branch, the oldest first; null when they are too many or hold a merge.</summary>
    private async Task<IReadOnlyList<(string Id, string Parent)>?> CommitsAsync(string tip, string commit, CancellationToken cancel)
    {
        var lines = (await git.RunAsync(git.Root, ["rev-list", "--topo-order", "--reverse", "--parents", $"--max-count={MaxRebased + 1}", $"^{tip}", commit], cancel)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var commits = lines.Select(l => l.Split(' ')).ToList();
        return commits.Count > MaxRebased || commits.Any(c => c.Length != 2) ? null : [.. commits.Select(c => (c[0], c[1]))];
    }

    private async Task<string> TreeOfAsync(string commit, CancellationToken cancel) => (await git.RunAsync(git.Root, ["rev-parse", "--verify", commit + "^{tree}"], cancel)).Line;

    private async Task<string> CommitAsync(string tree, IReadOnlyList<string> parents, string message, GitPerson author, string committed, CancellationToken cancel)
    {
        string[] arguments = ["commit-tree", tree, .. parents.SelectMany(p => new[] { "-p", p }), "-F", "-"];
        return (await git.RunAsync(git.Root, arguments, cancel, message, author.AsEnvironment(committed))).Line;
    }

    private async Task<ConflictDetails> DetailsAsync(MergeTree merged, string tip, string commit, string at, CancellationToken cancel)
    {
        string[] paths = [.. merged.Paths.Take(ConflictDetails.MaxPaths).Select(p => p.Path)];
        var text = merged.Text.Length <= ConflictDetails.MaxText ? merged.Text : merged.Text[..ConflictDetails.MaxText] + "…";
        return new ConflictDetails(
            [.. merged.Paths.Take(ConflictDetails.MaxPaths)], merged.Paths.Count, at, tip,
            await SideAsync(commit, tip, paths, cancel), await SideAsync(tip, commit, paths, cancel), text);
    }

    /// <summary>Commits of one side that are not in the other and touch the paths.</summary>
    private async Task<IReadOnlyList<SideCommit>> SideAsync(string not, string of, string[] paths, CancellationToken cancel)
    {
        var log = await git.RunAsync(git.Root, ["log", "-z", $"--max-count={ConflictDetails.MaxCommits}", "--no-show-signature", "--format=%H%x01%an%x01%s", $"^{not}", of, "--", .. paths], cancel);
        return [.. log.Fields.Select(f => f.Trim('\n').Split('\u0001')).Where(f => f.Length == 3).Select(f => new SideCommit(f[0], f[1], f[2]))];
    }
}

/// <summary>What a commit says.</summary>
/// <param name="Author">Author and date.</param>
/// <param name="Committed">Date of the committer.</param>
/// <param name="Message">Message.</param>
internal sealed record CommitText(GitPerson Author, string Committed, string Message)
{
    public static async Task<CommitText> ReadAsync(GitRepository git, string commit, CancellationToken cancel)
    {
        var shown = await git.RunAsync(git.Root, ["log", "-1", "--no-show-signature", "--date=raw", "--format=%an%x00%ae%x00%ad%x00%cd%x00%B", GitNames.Commit(commit)], cancel);
        var fields = shown.Output.Split('\0', 5);
        var author = GitPerson.Agent(fields[0]) with { Date = fields[2] };
        return new CommitText(fields[1].Length > 0 ? author with { Mail = fields[1] } : author, fields[3], fields[4].TrimEnd('\n') + "\n");
    }
}
