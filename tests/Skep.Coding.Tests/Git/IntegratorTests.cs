using Skep.Coding.Git;
using Skep.Coding.Merging;

namespace Skep.Coding.Tests.Git;

public sealed class IntegratorTests : IAsyncLifetime
{
    private Sandbox _box = null!;

    public async Task InitializeAsync() => _box = await Sandbox.CreateAsync();

    public async Task DisposeAsync() => await _box.DisposeAsync();

    [Theory]
    [InlineData(MergeMethod.Merge, 2)]
    [InlineData(MergeMethod.Rebase, 1)]
    public async Task Changes_of_both_sides_are_in_the_candidate_and_no_checkout_is_touched(MergeMethod method, int parents)
    {
        await _box.CommitAsync("work", dir => Sandbox.WriteIn(dir, "a", "1"));
        var commit = await _box.CommitAsync("work", dir => Sandbox.WriteIn(dir, "b", "2"));
        var tip = await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "c", "3"));
        var made = Assert.IsType<IntegratedAs>(await IntegrateAsync(tip, commit, method));
        Assert.Equal(("1", "2", "3"), (await _box.ShowAsync(made.Commit, "a"), await _box.ShowAsync(made.Commit, "b"), await _box.ShowAsync(made.Commit, "c")));
        Assert.Equal(parents, (await _box.RunAsync("show", "-s", "--format=%P", made.Commit)).Split(' ').Length);
        Assert.True(await _box.Git.IsAncestorAsync(tip, made.Commit, default));
        Assert.Equal("", await _box.RunAsync("status", "--porcelain"));
        // The same again is the same commit.
        Assert.Equal(made, await IntegrateAsync(tip, commit, method));
    }

    [Fact]
    public async Task A_rebase_keeps_authors_messages_and_dates_and_drops_what_the_target_has()
    {
        await _box.CommitAsync("work", dir => Sandbox.WriteIn(dir, "same", "x"));
        var commit = await _box.CommitAsync("work", dir => Sandbox.WriteIn(dir, "b", "2"));
        var tip = await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "same", "x"));
        var made = Assert.IsType<IntegratedAs>(await IntegrateAsync(tip, commit, MergeMethod.Rebase));
        Assert.Equal("1", await _box.RunAsync("rev-list", "--count", $"{tip}..{made.Commit}"));
        const string format = "--format=%an|%ae|%ad|%B";
        Assert.Equal(await _box.RunAsync("show", "-s", format, commit), await _box.RunAsync("show", "-s", format, made.Commit));
    }

    [Fact]
    public async Task A_rebase_of_a_branch_with_merges_becomes_a_merge()
    {
        await _box.CommitAsync("side", dir => Sandbox.WriteIn(dir, "s", "s"));
        await _box.CommitAsync("work", dir => Sandbox.WriteIn(dir, "w", "w"));
        var commit = await _box.CommitAsync("work", dir => Sandbox.RawAsync(dir, "merge", "-q", "--no-ff", "-m", "m", "side"));
        var tip = await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "c", "3"));
        Assert.Equal(MergeMethod.Merge, Assert.IsType<IntegratedAs>(await IntegrateAsync(tip, commit, MergeMethod.Rebase)).Method);
    }

    [Fact]
    public async Task What_the_target_holds_already_is_nothing_to_do()
    {
        var commit = await _box.CommitAsync("work", dir => Sandbox.WriteIn(dir, "a", "1"));
        Assert.IsType<NothingToDo>(await IntegrateAsync(commit, commit, MergeMethod.Merge));
        var tip = await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "a", "1"));
        Assert.IsType<NothingToDo>(await IntegrateAsync(tip, commit, MergeMethod.Rebase));
    }

    [Fact]
    public async Task A_branch_without_common_history_or_commit_cannot_be_integrated()
    {
        var tree = await _box.RunAsync("write-tree");
        var foreign = await _box.RunAsync("commit-tree", tree, "-m", "root");
        Assert.Contains("no commit in common", Assert.IsType<CannotIntegrate>(await IntegrateAsync(await _box.TipAsync("main"), foreign, MergeMethod.Merge)).Why, StringComparison.Ordinal);
        Assert.Contains("not in the repository", Assert.IsType<CannotIntegrate>(await IntegrateAsync(await _box.TipAsync("main"), new string('a', 40), MergeMethod.Merge)).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MergeMethod.Merge)]
    [InlineData(MergeMethod.Rebase)]
    public async Task A_conflict_names_the_path_its_versions_and_the_commits_of_both_sides(MergeMethod method)
    {
        var commit = await _box.CommitAsync("work", dir => Sandbox.WriteIn(dir, "file", "branch\n"));
        var tip = await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "file", "target\n"));
        var conflict = Assert.IsType<Conflicted>(await IntegrateAsync(tip, commit, method)).Conflict;
        var path = Assert.Single(conflict.Paths);
        Assert.Equal(("file", "contents"), (path.Path, path.Kind));
        Assert.Equal("target", await _box.RunAsync("cat-file", "-p", path.Target!.Split(' ')[1]));
        Assert.Equal("branch", await _box.RunAsync("cat-file", "-p", path.Branch!.Split(' ')[1]));
        Assert.Equal((tip, commit), (Assert.Single(conflict.TargetCommits).Id, Assert.Single(conflict.BranchCommits).Id));
        Assert.Equal((commit, tip, 1), (conflict.At, conflict.Tip, conflict.PathCount));
        Assert.Contains("Merge conflict in file", conflict.Text, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Kinds => new()
    {
        { "modify/delete", "modify/delete" }, { "rename/rename", "rename/rename" }, { "rename/delete", "/delete" }, { "binary", "binary" }, { "add/add", "contents" },
        { "symlink", "contents" }, { "file/directory", "file/directory" }, { "submodule", "submodule" }, { "type", "distinct" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_of_conflict_is_reported_and_both_versions_stay(string kind, string said)
    {
        await PrepareAsync(kind);
        var commit = await _box.CommitAsync("work", dir => EditAsync(kind, dir, "work"));
        await EditAsync(kind, _box.Root, "main");
        await _box.RunAsync("add", "-A");
        await _box.RunAsync("commit", "-qm", "main");
        var tip = await _box.TipAsync("main");
        var conflict = Assert.IsType<Conflicted>(await IntegrateAsync(tip, commit, MergeMethod.Merge)).Conflict;
        Assert.NotEmpty(conflict.Paths);
        Assert.Contains(conflict.Paths, p => p.Kind.Contains(said, StringComparison.Ordinal));
        Assert.Equal((tip, commit), (await _box.TipAsync("main"), await _box.TipAsync("work")));
        Assert.Contains("CONFLICT", conflict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mode_of_one_side_and_a_text_of_the_other_are_both_in_the_candidate()
    {
        if (OperatingSystem.IsWindows()) return;
        var commit = await _box.CommitAsync("work", dir =>
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(dir, "file"), (UnixFileMode)0b111_101_101);
        });
        var tip = await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "file", "target\n"));
        var made = Assert.IsType<IntegratedAs>(await IntegrateAsync(tip, commit, MergeMethod.Merge));
        Assert.StartsWith("100755 ", await _box.RunAsync("ls-tree", made.Commit, "file"), StringComparison.Ordinal);
        Assert.Equal("target", await _box.ShowAsync(made.Commit, "file"));
    }

    [Fact]
    public async Task A_merge_driver_of_the_repository_is_not_run_and_its_file_comes_back_as_a_conflict()
    {
        var proof = Path.Combine(_box.Root, ".git", "driver-was-run");
        await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, ".gitattributes", "file merge=mine\n"));
        await _box.RunAsync("config", "merge.mine.driver", $"touch {proof}");
        var commit = await _box.CommitAsync("work", dir => Sandbox.WriteIn(dir, "file", "branch\n"));
        var tip = await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "file", "target\n"));
        Assert.IsType<Conflicted>(await IntegrateAsync(tip, commit, MergeMethod.Merge));
        Assert.False(File.Exists(proof));
    }

    private Task<Integration> IntegrateAsync(string tip, string commit, MergeMethod method) =>
        new Integrator(_box.Git).IntegrateAsync(tip, commit, method, "merge\n", GitPerson.Agent("agent"), default);

    private async Task PrepareAsync(string kind)
    {
        if (kind == "binary") await _box.CommitOnMainAsync(dir => File.WriteAllBytes(Path.Combine(dir, "bin"), [0, 1, 2, 0]));
        if (kind == "symlink") await _box.CommitOnMainAsync(dir => File.CreateSymbolicLink(Path.Combine(dir, "link"), "old"));
        if (kind == "submodule") await LinkAsync(_box.Root, '1', commit: true);
    }

    private static async Task EditAsync(string kind, string dir, string side)
    {
        var (work, file) = (side == "work", Path.Combine(dir, "file"));
        switch (kind)
        {
            case "modify/delete" when work: File.Delete(file); break;
            case "modify/delete": File.AppendAllText(file, "more\n"); break;
            case "rename/rename": File.Move(file, Path.Combine(dir, "file-" + side)); break;
            case "rename/delete" when work: File.Delete(file); break;
            case "rename/delete": File.Move(file, Path.Combine(dir, "renamed")); break;
            case "binary": File.WriteAllBytes(Path.Combine(dir, "bin"), [0, (byte)side[0], 9, 0]); break;
            case "add/add": File.WriteAllText(Path.Combine(dir, "added"), side); break;
            case "symlink":
                File.Delete(Path.Combine(dir, "link"));
                File.CreateSymbolicLink(Path.Combine(dir, "link"), "to-" + side);
                break;
            case "file/directory" when work: Sandbox.WriteIn(dir, "place", "a file"); break;
            case "file/directory": Sandbox.WriteIn(dir, "place/inside", "a folder"); break;
            case "type" when work:
                File.Delete(file);
                File.CreateSymbolicLink(file, "elsewhere");
                break;
            case "type": File.WriteAllText(file, "changed\n"); break;
            case "submodule": await LinkAsync(dir, work ? '2' : '3', commit: false); break;
        }
    }

    /// <summary>A submodule whose repository is not there, as in a clone without it. An empty folder stands for it.</summary>
    private static async Task LinkAsync(string dir, char id, bool commit)
    {
        Directory.CreateDirectory(Path.Combine(dir, "sub"));
        await Sandbox.RawAsync(dir, "update-index", "--add", "--cacheinfo", $"160000,{new string(id, 40)},sub");
        if (commit) await Sandbox.RawAsync(dir, "commit", "-qm", "submodule");
    }
}
