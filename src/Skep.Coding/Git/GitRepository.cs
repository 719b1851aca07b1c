namespace Skep.Coding.Git;

/// <summary>A repository: its refs and commits. All commands are run by <see cref="GitProcess"/>; nothing here touches a worktree. Thread-safe: share one among the queues and pools of a process.</summary>
#pragma warning disable CA1001 // a semaphore whose wait handle nobody asks for holds nothing
public sealed class GitRepository
#pragma warning restore CA1001
{
    private readonly GitProcess _git;

    /// <summary>Git does not lock its register of worktrees: who lists them while another adds one fails.</summary>
    private readonly SemaphoreSlim _register = new(1);

    private GitRepository(GitProcess git, string root, string common) => (_git, Root, CommonDirectory) = (git, root, common);

    /// <summary>The worktree that the repository was opened at, or the repository itself when it is bare.</summary>
    public string Root { get; }

    /// <summary>The repository's own folder, which all its worktrees share.</summary>
    public string CommonDirectory { get; }

    /// <summary>Finds the repository of a folder.</summary>
    /// <exception cref="GitException">There is none, or git is missing or too old.</exception>
    public static async Task<GitRepository> OpenAsync(string directory, GitOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var git = new GitProcess(options ?? new GitOptions());
        directory = Path.GetFullPath(directory);
        await RequireVersionAsync(git, directory, cancel);
        var found = await git.RunAsync(directory, ["rev-parse", "--path-format=absolute", "--git-common-dir", "--is-bare-repository"], cancel);
        if (found.Code != 0) throw Unusable(directory, found.Errors);
        var (common, bare) = (found.Line.Split('\n')[0], found.Line.EndsWith("true", StringComparison.Ordinal));
        var root = bare ? common : (await git.RunAsync(directory, ["rev-parse", "--path-format=absolute", "--show-toplevel"], cancel)).Line;
        return new GitRepository(git, root.Length > 0 ? root : common, common);
    }

    /// <summary>The commit that a branch points to, or null when there is no such branch.</summary>
    public Task<string?> TipAsync(string branch, CancellationToken cancel) => ReadRefAsync(GitNames.HeadRef(branch), cancel);

    /// <summary>The commit of a branch.</summary>
    /// <exception cref="GitException">There is no such branch.</exception>
    public async Task<string> RequireTipAsync(string branch, CancellationToken cancel) => await TipAsync(branch, cancel)
        ?? throw new GitException(GitFault.NotFound, $"there is no branch '{branch}' in {Root}: create it ('git branch {branch} COMMIT'), or name another; a repository without any commit has no branch yet");

    /// <summary>The branch that is checked out at <see cref="Root"/>.</summary>
    /// <exception cref="GitException">None is (detached).</exception>
    public async Task<string> CurrentBranchAsync(CancellationToken cancel)
    {
        var head = await _git.RunAsync(Root, ["symbolic-ref", "--quiet", "HEAD"], cancel);
        const string heads = "refs/heads/";
        if (head.Code == 0 && head.Line.StartsWith(heads, StringComparison.Ordinal)) return head.Line[heads.Length..];
        throw new GitException(GitFault.Worktree, $"no branch is checked out in {Root} (its HEAD is detached): check one out ('git switch BRANCH'), or name the target branch");
    }

    /// <summary>Whether there is a commit of this id.</summary>
    public async Task<bool> HasCommitAsync(string commit, CancellationToken cancel) =>
        (await _git.RunAsync(Root, ["cat-file", "-e", GitNames.Commit(commit) + "^{commit}"], cancel)).Code == 0;

    /// <summary>Whether a commit can be reached from another, or is the same.</summary>
    public async Task<bool> IsAncestorAsync(string commit, string of, CancellationToken cancel)
    {
        string[] arguments = ["merge-base", "--is-ancestor", GitNames.Commit(commit), GitNames.Commit(of)];
        var result = await _git.RunAsync(Root, arguments, cancel);
        return result.Code is 0 or 1 ? result.Code == 0 : throw Failure(Root, arguments, result);
    }

    /// <summary>Moves a ref from one commit to another, if it is still there: compare and swap.</summary>
    /// <param name="name">Full name, such as <c>refs/heads/main</c>.</param>
    /// <param name="to">The new commit, or null to delete the ref.</param>
    /// <param name="from">What it must point to, or null when it must not exist.</param>
    /// <param name="why">For the reflog.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>False when the ref points elsewhere.</returns>
    internal async Task<bool> SwapRefAsync(string name, string? to, string? from, string why, CancellationToken cancel)
    {
        var zero = new string('0', (to ?? from)!.Length);
        string[] arguments = to is null
            ? ["update-ref", "-m", why, "--no-deref", "-d", name, GitNames.Commit(from!)]
            : ["update-ref", "-m", why, "--no-deref", "--create-reflog", name, GitNames.Commit(to), from is null ? zero : GitNames.Commit(from)];
        var result = await RawAsync(Root, arguments, cancel);
        if (result.Code == 0) return true;
        if (await ReadRefAsync(name, cancel) is var now && now != from) return now == to;
        throw Failure(Root, arguments, result);
    }

    /// <summary>The commit that a ref points to, or null.</summary>
    internal async Task<string?> ReadRefAsync(string name, CancellationToken cancel)
    {
        var result = await RawAsync(Root, ["rev-parse", "--verify", "--quiet", name + "^{commit}"], cancel);
        return result.Code == 0 ? result.Line : null;
    }

    /// <summary>Runs a command that must succeed.</summary>
    internal async Task<GitResult> RunAsync(string directory, IReadOnlyList<string> arguments, CancellationToken cancel, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var result = await RawAsync(directory, arguments, cancel, input, environment);
        return result.Code == 0 ? result : throw Failure(directory, arguments, result);
    }

    /// <summary>Runs a command whose exit code says something.</summary>
    internal async Task<GitResult> RawAsync(string directory, IReadOnlyList<string> arguments, CancellationToken cancel, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        if (arguments[0] != "worktree") return await _git.RunAsync(directory, arguments, cancel, input, environment);
        await _register.WaitAsync(cancel);
        try
        {
            return await _git.RunAsync(directory, arguments, cancel, input, environment);
        }
        finally
        {
            _register.Release();
        }
    }

    internal static GitException Failure(string directory, IReadOnlyList<string> arguments, GitResult result) =>
        new(GitFault.Failed, $"'{GitProcess.Name(arguments)}' in {directory} failed with {result.Code}: {(result.Errors.Length > 0 ? result.Errors : "it said nothing")}{Advice(result.Errors)}");

    private static string Advice(string errors) =>
        errors.Contains(".lock'", StringComparison.Ordinal) ? " (if no git command is at work there, one was killed: delete the lock file)"
        : errors.Contains("/commondir", StringComparison.Ordinal) ? " (a git that was killed has left half a worktree: 'git worktree prune', or delete that folder)" : "";

    private static async Task RequireVersionAsync(GitProcess git, string directory, CancellationToken cancel)
    {
        var said = (await git.RunAsync(directory, ["version"], cancel)).Line;
        var version = GitVersion.Parse(said);
        if (version is null || version < GitVersion.Oldest) throw new GitException(GitFault.TooOld, $"merging without a checkout needs git {GitVersion.Oldest} or newer, but 'git version' says '{said}': install a newer git");
    }

    private static GitException Unusable(string directory, string errors) => errors.Contains("dubious ownership", StringComparison.Ordinal)
        ? new GitException(GitFault.NoRepository, $"the repository of {directory} belongs to another user, and its configuration could run programs with your rights: change its owner, or trust it ({nameof(GitOptions)}.{nameof(GitOptions.TrustForeignOwner)})")
        : new GitException(GitFault.NoRepository, $"{directory} is in no git repository: run 'git init' and commit something, or work in a checkout ({errors})");
}
