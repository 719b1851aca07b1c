using Skep.Coding.Git;
using Skep.Coding.Merging;
using Skep.Coding.Tests.Git;
using Skep.Coding.Worktrees;
using Skep.Storage;

namespace Skep.Coding.Tests.Crash;

/// <summary>The process that the crash test kills: twenty agents with a worktree each, and one merge queue. Started again, it goes on.</summary>
public static class ChildProgram
{
    public const int Branches = 20, Conflicting = 5, Failing = 3;

    /// <summary>Nothing ends before this file is there, so that there is something to kill until the last.</summary>
    public const string GoFile = "go";

    private static bool Conflicts(int i) => i % 4 == 1;

    private static bool Fails(int i) => i % 4 == 2 && i < 12;

    public static string Expect(int i) => Conflicts(i) ? nameof(HandBackReason.Conflict) : Fails(i) ? nameof(HandBackReason.GateFailed) : "Landed";

    public static async Task<int> Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (args[0] == "agents") return await Agents.CodingRig.LiveAsync(args[1], args[2], args[3]);
        var (root, method) = (args[0], Enum.Parse<MergeMethod>(args[1]));
        var git = await GitRepository.OpenAsync(root);
        var folder = SkepFolder.Create(root);
        await using var store = SqliteStore.OpenOwner(folder, new StoreOptions { Modules = [CodingStore.Module] });
        var pool = new WorktreePool(git, folder, new WorktreeStore(store, TimeProvider.System), "run", TimeProvider.System);
        var options = new MergeQueueOptions("run", "main", method, new FuncCheck(Gate)) { Observer = e => Console.WriteLine(e.GetType().Name), RetryWait = TimeSpan.FromMilliseconds(50) };
        await using var queue = await MergeQueue.OpenAsync(git, folder, new MergeStore(store, TimeProvider.System), options, TimeProvider.System, default);
        await pool.AdoptAsync(default);
        var start = await File.ReadAllTextAsync(Path.Combine(root, ".git", "start"));
        var working = new List<Task>();
        for (var i = 0; i < Branches; i++)
        {
            // The last ones stay for the last life.
            while (i == Branches - 2 && !File.Exists(Path.Combine(root, ".git", GoFile))) await Task.Delay(10);
            if (await SubmitAsync(pool, queue, store, i, start, root) is { } tree) working.Add(SettleAsync(pool, queue, tree, i));
        }

        await Task.WhenAll(working);
        return 0;
    }

    private static Task<CheckVerdict> Gate(Candidate candidate)
    {
        var bad = Directory.GetFiles(candidate.Path, "bad-*").Select(Path.GetFileName).FirstOrDefault();
        return Task.FromResult(new CheckVerdict(bad is null, bad is null ? "no bad file" : $"gate: {bad} must not be there"));
    }

    /// <summary>What the executor of a coding agent does: a worktree, work, a commit, the queue. Each step finds what an earlier life did.</summary>
    private static async Task<AgentWorktree?> SubmitAsync(WorktreePool pool, MergeQueue queue, SqliteStore store, int i, string start, string root)
    {
        var row = new WorktreeStore(store, TimeProvider.System).Find("run", $"t{i}", 1);
        if (row is { Removed: not null }) return null;
        var tree = await pool.CreateAsync($"t{i}", 1, $"agent {i}", start, default);
        if (new MergeStore(store, TimeProvider.System).List("run").Any(r => r.Task == $"t{i}")) return tree;
        await WorkAsync(tree, i, root);
        var work = await pool.FinishAsync(tree, $"work {i} ends", default);
        await NoteAsync(root, work!.Commit);
        await queue.SubmitAsync(work, default);
        return tree;
    }

    /// <summary>The agent commits once itself, amends that sometimes, and leaves the rest lying about.</summary>
    private static async Task WorkAsync(AgentWorktree tree, int i, string root)
    {
        Sandbox.WriteIn(tree.Path, $"agent-{i}", "begun");
        await CommitAsync(tree, root, $"work {i} begins", []);
        if (i % 3 == 0)
        {
            Sandbox.WriteIn(tree.Path, $"agent-{i}", "begun better");
            await CommitAsync(tree, root, $"work {i} begins", ["--amend"]);
        }

        Sandbox.WriteIn(tree.Path, $"agent-{i}", "done");
        if (Conflicts(i)) Sandbox.WriteIn(tree.Path, "file", $"by {i}\n");
        if (Fails(i)) Sandbox.WriteIn(tree.Path, $"bad-{i}", "x");
    }

    private static async Task CommitAsync(AgentWorktree tree, string root, string message, string[] how)
    {
        // A git of an earlier life may still be at it, as an agent's own might.
        var git = new GitProcess(new GitOptions());
        for (var tries = 0; ; tries++)
        {
            var added = await git.RunAsync(tree.Path, ["add", "-A"], default);
            var committed = added.Code == 0 ? await git.RunAsync(tree.Path, ["commit", "-q", "--allow-empty", "-m", message, .. how], default) : added;
            if (committed.Code == 0) break;
            if (tries == 100) throw new InvalidOperationException(committed.Errors);
            await Task.Delay(20);
        }

        await NoteAsync(root, await Sandbox.RawAsync(tree.Path, "rev-parse", "HEAD"));
    }

    private static Task NoteAsync(string root, string commit) => File.AppendAllTextAsync(Path.Combine(root, ".git", "ledger"), commit + "\n");

    private static async Task SettleAsync(WorktreePool pool, MergeQueue queue, AgentWorktree tree, int i)
    {
        var entry = await queue.WaitAsync($"run/t{i}/1", default);
        var fate = await pool.RemoveAsync(tree, "main", entry.Landed is null ? null : entry.Work.Commit, default);
        Console.WriteLine($"{i} {(fate.Removed ? "removed" : fate.Kept)}");
    }
}
