using Skep.Coding.Git;
using Skep.Coding.Merging;
using Skep.Coding.Tests.Git;
using Skep.Coding.Worktrees;

namespace Skep.Coding.Tests.Worktrees;

public sealed class WorktreePoolTests : IAsyncLifetime
{
    private Sandbox _box = null!;
    private WorktreePool _pool = null!;

    public async Task InitializeAsync()
    {
        _box = await Sandbox.CreateAsync();
        _pool = _box.Pool();
    }

    public async Task DisposeAsync() => await _box.DisposeAsync();

    [Fact]
    public async Task A_worktree_has_its_own_branch_and_its_work_is_committed_as_the_agents()
    {
        var tree = await CreateAsync("build/part[1]");
        Assert.StartsWith(Path.Combine(_box.Folder.RunPath("run"), "worktrees"), tree.Path, StringComparison.Ordinal);
        Sandbox.WriteIn(tree.Path, "new", "x");
        File.Delete(Path.Combine(tree.Path, "file"));
        var work = await _pool.FinishAsync(tree, "What was done\n", default);
        Assert.Equal(("run/build/part[1]/1", tree.Branch, tree.Base), (work!.Key, work.Branch, work.Base));
        Assert.Equal("the <agent>".Replace('<', ' ').Replace('>', ' ').Trim() + "|skep|What was done", (await _box.RunAsync("show", "-s", "--format=%an|%cn|%s", work.Commit)).Trim());
        Assert.Equal("new", await _box.RunAsync("ls-tree", "--name-only", work.Commit));
        Assert.Equal("", await _box.RunAsync("status", "--porcelain"));
        // Finishing again changes nothing.
        Assert.Equal(work, await _pool.FinishAsync(tree, "again", default));
    }

    [Theory]
    [InlineData("  \n", "t, attempt 1")]
    [InlineData("--amend", "--amend")]
    [InlineData("# not a comment", "# not a comment")]
    public async Task Any_text_is_a_message_and_none_is_replaced(string message, string subject)
    {
        var tree = await CreateAsync("t");
        Sandbox.WriteIn(tree.Path, "new", "x");
        var work = await _pool.FinishAsync(tree, message, default);
        Assert.Equal(subject, await _box.RunAsync("show", "-s", "--format=%s", work!.Commit));
        Assert.Equal("1", await _box.RunAsync("rev-list", "--count", $"{tree.Base}..{work.Commit}"));
    }

    [Fact]
    public async Task Twenty_worktrees_are_made_beside_each_other()
    {
        var trees = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => CreateAsync($"t{i}"))));
        Assert.All(trees, t => Assert.True(File.Exists(Path.Combine(t.Path, "file"))));
        Assert.Equal(20, _pool.List().Count);
    }

    [Fact]
    public async Task Work_that_came_to_nothing_is_none_and_its_worktree_goes()
    {
        var tree = await CreateAsync("t");
        Assert.Null(await _pool.FinishAsync(tree, "m", default));
        Assert.Equal(new WorktreeFate(true, null), await _pool.RemoveAsync(tree, "main", null, default));
        Assert.False(Directory.Exists(tree.Path));
        Assert.Null(await _box.Git.TipAsync(tree.Branch, default));
        Assert.Empty(_pool.List());
    }

    [Fact]
    public async Task What_is_not_merged_stays_and_is_listed_with_the_reason()
    {
        var (uncommitted, unmerged) = (await CreateAsync("a"), await CreateAsync("b"));
        Sandbox.WriteIn(uncommitted.Path, "new", "x");
        Sandbox.WriteIn(unmerged.Path, "new", "x");
        await _pool.FinishAsync(unmerged, "m", default);
        Assert.Contains("not committed", (await _pool.RemoveAsync(uncommitted, "main", null, default)).Kept, StringComparison.Ordinal);
        Assert.Contains("not in 'main'", (await _pool.RemoveAsync(unmerged, "main", null, default)).Kept, StringComparison.Ordinal);
        Assert.Equal([true, true], _pool.List().Select(r => r.Kept is not null && Directory.Exists(r.Worktree.Path)));
    }

    [Theory]
    [InlineData(MergeMethod.Merge)]
    [InlineData(MergeMethod.Rebase)]
    public async Task What_has_landed_goes_and_every_commit_can_still_be_reached(MergeMethod method)
    {
        var tree = await CreateAsync("t");
        Sandbox.WriteIn(tree.Path, "new", "first try");
        await _pool.FinishAsync(tree, "first", default);
        var amended = await _box.TipAsync(tree.Branch);
        Sandbox.WriteIn(tree.Path, "new", "second try");
        await Sandbox.RawAsync(tree.Path, "commit", "-qam", "second", "--amend");
        var work = (await _pool.FinishAsync(tree, "m", default))!;
        await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "other", "o"));
        await using (var queue = await _box.QueueAsync(FuncCheck.Pass, method))
        {
            await queue.SubmitAsync(work, default);
            Assert.NotNull((await queue.WaitAsync(work.Key, default)).Landed);
        }

        Assert.Null((await _pool.RemoveAsync(tree, "main", work.Commit, default)).Kept);
        Assert.False(Directory.Exists(tree.Path));
        Assert.Null(await _box.Git.TipAsync(tree.Branch, default));
        var reachable = (await _box.RunAsync("rev-list", "--all")).Split('\n');
        Assert.Contains(amended, reachable);
        Assert.Contains(work.Commit, reachable);
    }

    [Fact]
    public async Task A_landed_commit_that_is_not_the_tip_any_more_keeps_the_worktree()
    {
        var tree = await CreateAsync("t");
        Sandbox.WriteIn(tree.Path, "new", "x");
        var work = (await _pool.FinishAsync(tree, "m", default))!;
        Sandbox.WriteIn(tree.Path, "late", "x");
        await _pool.FinishAsync(tree, "late", default);
        Assert.NotNull((await _pool.RemoveAsync(tree, "main", work.Commit, default)).Kept);
    }

    [Fact]
    public async Task A_worktree_off_its_branch_is_kept_and_not_finished()
    {
        var tree = await CreateAsync("t");
        await Sandbox.RawAsync(tree.Path, "checkout", "-q", "--detach");
        Sandbox.WriteIn(tree.Path, "new", "x");
        await Sandbox.RawAsync(tree.Path, "add", ".");
        await Sandbox.RawAsync(tree.Path, "commit", "-qm", "astray");
        Assert.Contains("no branch", (await Assert.ThrowsAsync<GitException>(() => _pool.FinishAsync(tree, "m", default))).Message, StringComparison.Ordinal);
        Assert.Contains("not on its branch", (await _pool.RemoveAsync(tree, "main", null, default)).Kept, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(tree.Path, "new")));
    }

    [Fact]
    public async Task A_merge_that_is_under_way_is_not_committed_with_its_markers()
    {
        await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "x", "base\n"));
        var tree = await CreateAsync("t");
        await _box.CommitAsync("side", dir => Sandbox.WriteIn(dir, "x", "side\n"));
        Sandbox.WriteIn(tree.Path, "x", "ours\n");
        await _pool.FinishAsync(tree, "m", default);
        await _box.Git.RawAsync(tree.Path, ["merge", "side"], default);
        var e = await Assert.ThrowsAsync<GitException>(() => _pool.FinishAsync(tree, "m", default));
        Assert.Contains("a merge is under way", e.Message, StringComparison.Ordinal);
        Assert.NotNull((await _pool.RemoveAsync(tree, "main", null, default)).Kept);
    }

    [Fact]
    public async Task A_repository_inside_a_worktree_is_refused_and_kept()
    {
        var tree = await CreateAsync("t");
        var inner = Directory.CreateDirectory(Path.Combine(tree.Path, "inner")).FullName;
        await Sandbox.RawAsync(inner, "init", "-q");
        Sandbox.WriteIn(inner, "a", "a");
        await Sandbox.RawAsync(inner, "add", ".");
        await Sandbox.RawAsync(inner, "commit", "-qm", "inner");
        Assert.Contains("repository of its own", (await Assert.ThrowsAsync<GitException>(() => _pool.FinishAsync(tree, "m", default))).Message, StringComparison.Ordinal);
        Assert.NotNull((await _pool.RemoveAsync(tree, "main", null, default)).Kept);
        Assert.True(File.Exists(Path.Combine(inner, "a")));
    }

    [Fact]
    public async Task What_a_crash_has_left_is_adopted_with_all_that_is_in_it()
    {
        var tree = await CreateAsync("t");
        Sandbox.WriteIn(tree.Path, "new", "x");
        var deleted = await CreateAsync("deleted");
        Directory.Delete(deleted.Path, recursive: true);
        var branchOnly = await CreateAsync("branch");
        await _box.RunAsync("worktree", "remove", branchOnly.Path);
        var adopted = await _box.Pool().AdoptAsync(default);
        Assert.Equal([branchOnly, deleted, tree], adopted);
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(tree.Path, "new")));
        Assert.True(File.Exists(Path.Combine(deleted.Path, "file")));
        Assert.True(File.Exists(Path.Combine(branchOnly.Path, "file")));
    }

    [Fact]
    public async Task A_checkout_that_was_cut_short_is_made_again()
    {
        var tree = await CreateAsync("t");
        // As a killed 'git worktree add' leaves it: registered and locked, without an index, some files missing.
        var admin = await Sandbox.RawAsync(tree.Path, "rev-parse", "--absolute-git-dir");
        File.Delete(Path.Combine(admin, "index"));
        await File.WriteAllTextAsync(Path.Combine(admin, "locked"), "initializing");
        File.Delete(Path.Combine(tree.Path, "file"));
        Assert.Equal(tree, Assert.Single(await _pool.AdoptAsync(default)));
        Assert.True(File.Exists(Path.Combine(tree.Path, "file")));
        Assert.Null((await _pool.RemoveAsync(tree, "main", null, default)).Kept);
    }

    [Fact]
    public async Task A_removal_that_was_cut_short_is_finished()
    {
        var tree = await CreateAsync("t");
        Sandbox.WriteIn(tree.Path, "new", "x");
        var work = (await _pool.FinishAsync(tree, "m", default))!;
        await new WorktreeStore(_box.Store, TimeProvider.System).LeaveAsync(tree, "main", work.Commit);
        await _box.RunAsync("worktree", "remove", tree.Path);
        Assert.Empty(await _box.Pool().AdoptAsync(default));
        Assert.Empty(_pool.List());
        Assert.Contains(work.Commit, (await _box.RunAsync("rev-list", "--all")).Split('\n'));
    }

    [Fact]
    public async Task Somebody_elses_branch_is_not_taken()
    {
        await _box.CommitAsync("skep/run/t/1", dir => Sandbox.WriteIn(dir, "mine", "x"));
        Assert.Equal(GitFault.Moved, (await Assert.ThrowsAsync<GitException>(() => CreateAsync("t"))).Fault);
    }

    [Fact]
    public async Task A_lock_of_somebody_is_honoured()
    {
        var tree = await CreateAsync("t");
        await _box.RunAsync("worktree", "lock", "--reason", "mine", tree.Path);
        Assert.Contains("locked", (await _pool.RemoveAsync(tree, "main", null, default)).Kept, StringComparison.Ordinal);
        Assert.True(Directory.Exists(tree.Path));
    }

    private async Task<AgentWorktree> CreateAsync(string task) => await _pool.CreateAsync(task, 1, "the <agent>", await _box.TipAsync("main"), default);
}
