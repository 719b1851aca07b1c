using Skep.Coding.Git;
using Skep.Coding.Merging;
using Skep.Storage;

namespace Skep.Coding.Worktrees;

/// <summary>
/// The worktrees of a run: one worktree and branch for each attempt of an agent. Every method finds what an earlier process has done and goes on
/// from there. Nothing that holds unmerged work is removed. Thread-safe, as long as each worktree is used by one caller at a time.
/// </summary>
public sealed class WorktreePool
{
    /// <summary>Most worktrees of a run that exist at a time.</summary>
    public const int MaxWorktrees = 1000;

    /// <summary>Most characters of a commit's message; the rest is cut off.</summary>
    public const int MaxMessage = 16 * 1024;

    private const int CommitTries = 3;

    /// <summary>How often a worktree that another git still makes is looked at again, and how long between.</summary>
    private const int AddTries = 20;

    private static readonly TimeSpan AddWait = TimeSpan.FromMilliseconds(100);

    private readonly GitRepository _git;
    private readonly WorktreeStore _store;
    private readonly TimeProvider _time;
    private readonly WorktreeRemoval _removal;

    /// <summary>The worktrees of a run.</summary>
    /// <param name="git">The repository.</param>
    /// <param name="folder">Its <c>.skep</c> folder.</param>
    /// <param name="store">Where worktrees are recorded.</param>
    /// <param name="run">The run.</param>
    /// <param name="time">The clock.</param>
    public WorktreePool(GitRepository git, SkepFolder folder, WorktreeStore store, string run, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        (_git, _store, _time, Run, _removal) = (git, store, time, run, new WorktreeRemoval(git));
        Folder = Path.Combine(folder.RunPath(run), "worktrees");
    }

    /// <summary>The run.</summary>
    public string Run { get; }

    /// <summary>The folder of its worktrees.</summary>
    public string Folder { get; }

    /// <summary>Worktrees that exist, those that were kept with the reason.</summary>
    public IReadOnlyList<WorktreeRow> List() => _store.List(Run);

    /// <summary>Makes the worktree of an attempt, or takes up the one that is there, with all that is in it.</summary>
    /// <param name="task">Node key of the task.</param>
    /// <param name="attempt">Number of the attempt.</param>
    /// <param name="agent">Name of the agent.</param>
    /// <param name="from">Commit to begin at. One that was begun before keeps its base.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="GitException">It cannot be made.</exception>
    public async Task<AgentWorktree> CreateAsync(string task, int attempt, string agent, string from, CancellationToken cancel)
    {
        var known = _store.Find(Run, task, attempt);
        var tree = known is { Removed: null } ? known.Worktree : await PlanAsync(task, attempt, agent, from, cancel);
        if (await _git.TipAsync(tree.Branch, cancel) is null && !await _git.SwapRefAsync(GitNames.HeadRef(tree.Branch), tree.Base, null, $"skep: begin {tree.Branch}", cancel))
            throw new GitException(GitFault.Moved, $"branch '{tree.Branch}' was made by somebody else just now: look at it ('git log {tree.Branch}'), rename it, and try again");
        for (var tries = 1; !await IsReadyAsync(tree, cancel); tries++)
        {
            var added = await AddAsync(tree, tries > AddTries / 2, cancel);
            if (added.Code == 0) continue;
            if (tries == AddTries) throw GitRepository.Failure(_git.Root, ["worktree", "add", tree.Path, tree.Branch], added);
            await Task.Delay(AddWait, _time, cancel);
        }

        return tree;
    }

    /// <summary>After a crash: takes up all worktrees of the run that are not removed, making those whose making was cut short, and removes those whose removal was.</summary>
    /// <returns>Them, in order of task and attempt.</returns>
    /// <exception cref="GitException">One cannot be made.</exception>
    public async Task<IReadOnlyList<AgentWorktree>> AdoptAsync(CancellationToken cancel)
    {
        var adopted = new List<AgentWorktree>();
        foreach (var row in List())
        {
            if (row.Leaving is { } target && (await RemoveAsync(row.Worktree, target, row.Landed, cancel)).Removed) continue;
            adopted.Add(await CreateAsync(row.Worktree.Task, row.Worktree.Attempt, row.Worktree.Agent, row.Worktree.Base, cancel));
        }

        return adopted;
    }

    /// <summary>
    /// Commits whatever an agent has left in its worktree, with the agent as author, and gives the branch's work to submit. What the agent has
    /// committed itself stays as it is.
    /// </summary>
    /// <param name="tree">The worktree.</param>
    /// <param name="message">Message of the commit, cut at <see cref="MaxMessage"/>.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>The work, or null when the branch holds nothing beyond its base.</returns>
    /// <exception cref="GitException">The worktree is in no state to commit; nothing was changed.</exception>
    public async Task<BranchWork?> FinishAsync(AgentWorktree tree, string message, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(tree);
        await RequireReadyAsync(tree, cancel);
        // A git that has outlived its process may commit the same at the same time: then ours fails, and finds nothing left to do.
        for (var tries = 1; await CommitAsync(tree, message, cancel) is { } failed; tries++)
            if (tries == CommitTries) throw failed;
        var tip = await _git.RequireTipAsync(tree.Branch, cancel);
        return await _git.IsAncestorAsync(tip, tree.Base, cancel) ? null
            : new BranchWork($"{tree.Run}/{tree.Task}/{tree.Attempt}", tree.Branch, tree.Base, tip, tree.Task, tree.Attempt, tree.Agent);
    }

    /// <summary>Removes a worktree and its branch if nothing in them is unmerged; otherwise keeps both and records why.</summary>
    /// <param name="tree">The worktree.</param>
    /// <param name="target">Branch that its work belongs on.</param>
    /// <param name="landed">The submitted commit if the merge queue has landed it. A rebase makes commits anew, so the branch itself is not part of the target.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<WorktreeFate> RemoveAsync(AgentWorktree tree, string target, string? landed, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(tree);
        await _store.LeaveAsync(tree, target, landed);
        var fate = await _removal.RemoveAsync(tree, target, landed, cancel);
        await _store.SettleAsync(tree, fate);
        return fate;
    }

    private async Task<GitException?> CommitAsync(AgentWorktree tree, string message, CancellationToken cancel)
    {
        await AwaitLockAsync(tree, cancel);
        await _git.RunAsync(tree.Path, ["add", "--all", "--", "."], cancel);
        await RefuseEmbeddedAsync(tree, cancel);
        if ((await _git.RawAsync(tree.Path, ["diff-index", "--cached", "--quiet", "HEAD", "--"], cancel)).Code == 0) return null;
        // As an argument: a message from a pipe would be cut short, or be empty, when this process is killed while git reads it.
        var text = string.IsNullOrWhiteSpace(message) ? $"{tree.Task}, attempt {tree.Attempt}" : message.Length <= MaxMessage ? message : message[..MaxMessage];
        string[] arguments = ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--no-status", "--cleanup=whitespace", "--message=" + text.Replace('\0', ' ')];
        var result = await _git.RawAsync(tree.Path, arguments, cancel, environment: GitPerson.Agent(tree.Agent).AsEnvironment(null));
        return result.Code == 0 ? null : GitRepository.Failure(tree.Path, arguments[..1], result);
    }

    private async Task<AgentWorktree> PlanAsync(string task, int attempt, string agent, string from, CancellationToken cancel)
    {
        if (!await _git.HasCommitAsync(from, cancel)) throw new GitException(GitFault.NotFound, $"commit {from}, where the worktree of {task} is to begin, is not in the repository {_git.Root}");
        if (List().Count >= MaxWorktrees) throw new GitException(GitFault.Worktree, $"run '{Run}' has {MaxWorktrees} worktrees in {Folder} already: let some be removed first");
        var branch = GitNames.Branch(Run, task, attempt);
        // Ours are recorded before they are made; this one is somebody's.
        if (await _git.TipAsync(branch, cancel) is { } tip) throw new GitException(GitFault.Moved, $"there is a branch '{branch}' already (at {tip}), which this folder knows nothing of: rename it ('git branch -m'), or use another run id");
        var tree = new AgentWorktree(Run, task, attempt, agent, branch, Path.Combine(Folder, $"{GitNames.Part(task)}.{attempt}"), from);
        await _store.PlanAsync(tree);
        return tree;
    }

    /// <summary>Whether git knows the worktree, and its checkout was carried to its end: the index is written last.</summary>
    private async Task<bool> IsReadyAsync(AgentWorktree tree, CancellationToken cancel)
    {
        if (!Directory.Exists(tree.Path)) return false;
        var listed = (await _git.WorktreesAsync(cancel)).Any(w => w.Path == tree.Path);
        if (!listed) return false;
        var index = await _git.RawAsync(tree.Path, ["rev-parse", "--path-format=absolute", "--git-path", "index"], cancel);
        return index.Code == 0 && File.Exists(index.Line);
    }

    private async Task<GitResult> AddAsync(AgentWorktree tree, bool anew, CancellationToken cancel)
    {
        Directory.CreateDirectory(Folder);
        // A git that has outlived its process may be making it, so at first it is only waited for.
        if (anew && await IsHalfMadeAsync(tree, cancel)) await _git.RawAsync(_git.Root, ["worktree", "remove", "--force", "--force", tree.Path], cancel);
        // Forced where a folder that somebody has deleted is still registered; the branch itself is never checked out twice, because its name is its attempt's.
        return await _git.RawAsync(_git.Root, ["worktree", "add", "--quiet", "--force", tree.Path, tree.Branch], cancel);
    }

    /// <summary>A making that was cut short. No agent has been there: without an index there was never a whole checkout.</summary>
    private async Task<bool> IsHalfMadeAsync(AgentWorktree tree, CancellationToken cancel)
    {
        if (!Directory.Exists(tree.Path) || await _git.TipAsync(tree.Branch, cancel) != tree.Base) return false;
        return !await IsReadyAsync(tree, cancel) && (await _git.WorktreesAsync(cancel)).Any(w => w.Path == tree.Path);
    }

    private async Task RequireReadyAsync(AgentWorktree tree, CancellationToken cancel)
    {
        if (!await IsReadyAsync(tree, cancel)) throw new GitException(GitFault.Worktree, $"the worktree {tree.Path} of '{tree.Branch}' is not there: somebody has deleted it; the branch still holds what was committed");
        var head = await _git.RawAsync(tree.Path, ["symbolic-ref", "--quiet", "HEAD"], cancel);
        if (head.Line != GitNames.HeadRef(tree.Branch)) throw new GitException(GitFault.Worktree, $"the agent has left {tree.Path} on {(head.Line.Length > 0 ? head.Line : "no branch")}, not on '{tree.Branch}': bring the work onto that branch ('git -C {tree.Path} switch -C {tree.Branch}'), and finish again");
        var unmerged = await _git.RunAsync(tree.Path, ["ls-files", "--unmerged", "-z"], cancel);
        if (unmerged.Fields.Length > 0) throw new GitException(GitFault.Worktree, $"a merge is under way in {tree.Path}, with conflicts that are not resolved ({unmerged.Fields[0].Split('\t')[^1]}): resolve and commit it, or abort it, and finish again");
    }

    /// <summary>After a crash a git that has outlived its process may still be committing here.</summary>
    private async Task AwaitLockAsync(AgentWorktree tree, CancellationToken cancel)
    {
        var index = await _git.RunAsync(tree.Path, ["rev-parse", "--path-format=absolute", "--git-path", "index.lock"], cancel);
        for (var tries = 0; tries < AddTries && File.Exists(index.Line); tries++) await Task.Delay(AddWait, _time, cancel);
    }

    /// <summary>A repository inside the worktree would be committed as a mere pointer, and its own commits would go with the folder.</summary>
    private async Task RefuseEmbeddedAsync(AgentWorktree tree, CancellationToken cancel)
    {
        const string link = "160000";
        var raw = (await _git.RunAsync(tree.Path, ["diff-index", "--cached", "--raw", "-z", "--no-renames", "HEAD", "--"], cancel)).Fields;
        for (var i = 0; i + 1 < raw.Length; i += 2)
        {
            var modes = raw[i].TrimStart(':').Split(' ');
            if (modes[1] != link || modes[0] == link) continue;
            await _git.RunAsync(tree.Path, ["reset", "--quiet"], cancel);
            throw new GitException(GitFault.Worktree, $"{Path.Combine(tree.Path, raw[i + 1])} is a git repository of its own inside the worktree, whose content would not be committed: move it away, or delete its '.git' folder, and finish again");
        }
    }
}
