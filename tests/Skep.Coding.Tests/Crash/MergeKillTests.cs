using System.Globalization;
using Skep.Coding.Merging;
using Skep.Coding.Tests.Git;
using Skep.Coding.Worktrees;
using Xunit.Abstractions;

namespace Skep.Coding.Tests.Crash;

/// <summary>Twenty branches, five conflicting and three failing their checks, and a process that is killed ten times. <c>SKEP_SEED</c> sets the instants.</summary>
public sealed class MergeKillTests(ITestOutputHelper output)
{
    private const int Kills = 10;

    /// <summary>Most lines that a life prints before it is killed.</summary>
    private const int MaxLines = 14;

    [Theory]
    [InlineData(MergeMethod.Merge)]
    [InlineData(MergeMethod.Rebase)]
    public async Task Every_good_branch_lands_once_every_bad_one_comes_back_and_nothing_is_lost(MergeMethod method)
    {
        if (OperatingSystem.IsWindows()) return;
        await using var box = await Sandbox.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(box.Root, ".git", "start"), await box.TipAsync("main"));
        var start = await box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "file", "by main\n"));
        var random = new Random(int.Parse(Environment.GetEnvironmentVariable("SKEP_SEED") ?? "1", CultureInfo.InvariantCulture));
        var lives = new List<string>();
        for (var kill = 0; kill < Kills; kill++) lives.Add(await LiveAndDieAsync(box, method, random));
        await File.WriteAllTextAsync(Path.Combine(box.Root, ".git", ChildProgram.GoFile), "");
        using (var last = new ChildProcess(box.Root, method.ToString()))
        {
            var (code, errors) = await last.EndAsync();
            Assert.True(code == 0, errors);
        }

        output.WriteLine($"killed {string.Join("; ", lives)}");
        await CheckAsync(box, method, start);
    }

    private static async Task<string> LiveAndDieAsync(Sandbox box, MergeMethod method, Random random)
    {
        using var life = new ChildProcess(box.Root, method.ToString());
        var (lines, spin, early) = (random.Next(1, MaxLines), random.Next(2_000_000), random.Next(4) == 0);
        var seen = 0;
        // Where the held part is reached there are no more lines: the clock ends that life.
        await using var timer = TimeProvider.System.CreateTimer(_ => life.Kill(), null, TimeSpan.FromMilliseconds(early ? random.Next(300, 1200) : 10_000), Timeout.InfiniteTimeSpan);
        while (seen < lines && await life.NextAsync()) seen++;
        Thread.SpinWait(spin);
        life.Kill();
        var (code, errors) = await life.EndAsync();
        Assert.True(code == 137, $"it ended by itself with {code}: {errors}");
        return $"after {seen} events";
    }

    private async Task CheckAsync(Sandbox box, MergeMethod method, string start)
    {
        var state = new MergeStore(box.Store, TimeProvider.System).Load("run", "main");
        output.WriteLine($"{state.Seq} events, {state.Entries.Sum(e => e.InterruptedChecks)} checks interrupted");
        Assert.Equal(ChildProgram.Branches, state.Entries.Count);
        for (var i = 0; i < ChildProgram.Branches; i++) await CheckEntryAsync(box, state.Find($"run/t{i}/1")!, i);
        await CheckHistoryAsync(box, state, start);
        Assert.Equal(ChildProgram.Conflicting, state.Entries.Count(e => e.HandedBack?.Reason == HandBackReason.Conflict));
        Assert.Equal(ChildProgram.Failing, state.Entries.Count(e => e.HandedBack?.Reason == HandBackReason.GateFailed));
        await CheckCommitsAsync(box, method);
        CheckWorktrees(box, state);
        // The user's own checkout has followed, and nothing else is registered.
        Assert.Equal("", await box.RunAsync("status", "--porcelain"));
        Assert.Empty(Directory.GetDirectories(Path.Combine(box.Folder.RunPath("run"), "candidates", "main")));
        await box.RunAsync("fsck", "--no-dangling", "--no-progress");
    }

    private static async Task CheckEntryAsync(Sandbox box, MergeEntry entry, int i)
    {
        Assert.Equal(ChildProgram.Expect(i), entry.HandedBack?.Reason.ToString() ?? "Landed");
        var there = (await box.RunAsync("ls-tree", "--name-only", "main", $"agent-{i}")).Length > 0;
        Assert.Equal(entry.Landed is not null, there);
        if (entry.HandedBack is { Reason: HandBackReason.GateFailed } failed) Assert.Equal($"gate: bad-{i} must not be there", failed.Text);
        if (entry.HandedBack is { Reason: HandBackReason.Conflict } conflict) Assert.Equal("file", Assert.Single(conflict.Conflict!.Paths).Path);
    }

    /// <summary>The target's history is its beginning and each landing once, in order, without anything between: every landing stands on the one before.</summary>
    private static async Task CheckHistoryAsync(Sandbox box, MergeState state, string start)
    {
        var at = start;
        foreach (var entry in state.Entries.Where(e => e.Landed is not null))
        {
            Assert.Equal(at, entry.Tip);
            at = entry.Landed!.Commit;
        }

        Assert.Equal(at, await box.TipAsync("main"));
    }

    /// <summary>Every commit that an agent has made can be reached from some ref: those that it told of, and all that lie in the repository.</summary>
    private async Task CheckCommitsAsync(Sandbox box, MergeMethod method)
    {
        var reachable = (await box.RunAsync("rev-list", "--all")).Split('\n').ToHashSet();
        var told = (await File.ReadAllLinesAsync(Path.Combine(box.Root, ".git", "ledger"))).Where(l => l.Length == 40).Distinct().ToList();
        Assert.All(told, c => Assert.Contains(c, reachable));
        output.WriteLine($"{told.Count} commits of agents, {reachable.Count} reachable");
        // A rebase makes agents' commits anew, and those of candidates that were given up are nobody's work.
        if (method == MergeMethod.Rebase) return;
        // A git that lost the race against another of the next life leaves a commit that never was on a branch; what it holds is on one.
        var contents = (await box.RunAsync("log", "--all", "--format=%T")).Split('\n').ToHashSet();
        var all = (await box.RunAsync("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)")).Split('\n').Where(l => l.StartsWith("commit ", StringComparison.Ordinal)).Select(l => l[7..]).ToList();
        foreach (var commit in all.Where(c => !reachable.Contains(c)))
        {
            var shown = (await box.RunAsync("show", "-s", "--format=%T %s", commit)).Split(' ', 2);
            Assert.True(shown[1].StartsWith("Merge branch", StringComparison.Ordinal) || contents.Contains(shown[0]), $"{commit} ('{shown[1]}') is lost");
        }
    }

    private static void CheckWorktrees(Sandbox box, MergeState state)
    {
        var rows = new WorktreeStore(box.Store, TimeProvider.System).List("run", history: true);
        Assert.Equal(ChildProgram.Branches, rows.Count);
        foreach (var row in rows)
        {
            var landed = state.Find($"run/{row.Worktree.Task}/1")!.Landed is not null;
            Assert.Equal((landed, !landed, !landed), (row.Removed is not null, row.Kept is not null, Directory.Exists(row.Worktree.Path)));
        }
    }
}
