using Skep.Coding.Git;
using Skep.Coding.Merging;
using Skep.Coding.Worktrees;
using Skep.Storage;

namespace Skep.Coding.Tests.Git;

/// <summary>A repository in a temporary folder, with branch <c>main</c> checked out at one commit that holds <c>file</c>.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private SqliteStore? _store;
    private int _trees;

    private Sandbox(string root, GitRepository git) => (Root, Git) = (root, git);

    /// <summary>The checkout of <c>main</c>.</summary>
    public string Root { get; }

    public GitRepository Git { get; }

    public SkepFolder Folder => SkepFolder.Create(Root);

    public SqliteStore Store => _store ??= SqliteStore.OpenOwner(Folder, new StoreOptions { Modules = [CodingStore.Module] });

    public static async Task<Sandbox> CreateAsync()
    {
        // As git prints it: the folder of temporary files may be a link.
        var root = Directory.CreateTempSubdirectory("skep-git-").FullName;
        await RawAsync(root, "init", "--quiet", "--initial-branch=main");
        var git = await GitRepository.OpenAsync(root);
        var box = new Sandbox(git.Root, git);
        box.Write("file", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n");
        await box.RunAsync("add", ".");
        await box.RunAsync("commit", "-qm", "base");
        return box;
    }

    public void Write(string path, string text) => WriteIn(Root, path, text);

    public static void WriteIn(string folder, string path, string text)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public Task<string> RunAsync(params string[] arguments) => RawAsync(Root, arguments);

    public static async Task<string> RawAsync(string folder, params string[] arguments)
    {
        var result = await new GitProcess(new GitOptions()).RunAsync(folder, arguments, default);
        Assert.True(result.Code == 0, $"git {string.Join(' ', arguments)}: {result.Errors}{result.Output}");
        return result.Line;
    }

    /// <summary>Makes a commit on a branch, which begins at main, without touching main's checkout.</summary>
    public Task<string> CommitAsync(string branch, Action<string> edit) => CommitAsync(branch, folder =>
    {
        edit(folder);
        return Task.CompletedTask;
    });

    public async Task<string> CommitAsync(string branch, Func<string, Task> edit)
    {
        var tree = Path.Combine(Path.GetTempPath(), $"{Path.GetFileName(Root)}-{++_trees}");
        var exists = await Git.TipAsync(branch, default) is not null;
        await RunAsync(exists ? ["worktree", "add", "-q", "-f", tree, branch] : ["worktree", "add", "-q", "-b", branch, tree, "main"]);
        await edit(tree);
        await RawAsync(tree, "add", "-A");
        await RawAsync(tree, "commit", "-qm", $"work on {branch}", "--allow-empty");
        await RunAsync("worktree", "remove", "--force", tree);
        return await TipAsync(branch);
    }

    /// <summary>A commit on main itself, made in its checkout.</summary>
    public async Task<string> CommitOnMainAsync(Action<string> edit)
    {
        edit(Root);
        await RunAsync("add", "-A");
        await RunAsync("commit", "-qm", "work on main");
        return await TipAsync("main");
    }

    public async Task<string> TipAsync(string branch) => (await Git.TipAsync(branch, default))!;

    public Task<string> ShowAsync(string commit, string path) => RunAsync("show", $"{commit}:{path}");

    public async Task<BranchWork> WorkAsync(string name, Action<string> edit)
    {
        var start = await TipAsync("main");
        return new BranchWork($"run/{name}/1", name, start, await CommitAsync(name, edit), name, 1, $"agent {name}");
    }

    public WorktreePool Pool(string run = "run") => new(Git, Folder, new WorktreeStore(Store, TimeProvider.System), run, TimeProvider.System);

    public Task<MergeQueue> QueueAsync(ICandidateCheck check, MergeMethod method = MergeMethod.Merge, Action<MergeEvent>? observer = null, TimeProvider? time = null) => MergeQueue.OpenAsync(
        Git, Folder, new MergeStore(Store, TimeProvider.System), new MergeQueueOptions("run", "main", method, check) { Observer = observer, RetryWait = TimeSpan.FromMilliseconds(50) }, time ?? TimeProvider.System, default);

    public async Task CloseStoreAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _store = null;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseStoreAsync();
        Directory.Delete(Root, recursive: true);
    }
}

/// <summary>A check made of a function.</summary>
internal sealed class FuncCheck(Func<Candidate, Task<CheckVerdict>> check) : ICandidateCheck
{
    public static FuncCheck Pass { get; } = new(_ => Task.FromResult(new CheckVerdict(true, "fine")));

    public Task<CheckVerdict> CheckAsync(Candidate candidate, CancellationToken cancel) => check(candidate);
}
