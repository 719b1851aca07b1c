using Skep.Coding.Git;

namespace Skep.Coding.Tests.Git;

public sealed class GitRepositoryTests
{
    [Fact]
    public async Task A_folder_that_is_in_no_repository_is_told_so()
    {
        var folder = Directory.CreateTempSubdirectory("skep-none-").FullName;
        var e = await Assert.ThrowsAsync<GitException>(() => GitRepository.OpenAsync(folder));
        Assert.Equal(GitFault.NoRepository, e.Fault);
        Assert.Contains("git init", e.Message, StringComparison.Ordinal);
        Directory.Delete(folder);
    }

    [Fact]
    public async Task A_missing_git_is_told_so()
    {
        var e = await Assert.ThrowsAsync<GitException>(() => GitRepository.OpenAsync(Path.GetTempPath(), new GitOptions { Program = "no-such-git" }));
        Assert.Equal(GitFault.Missing, e.Fault);
        Assert.Contains("install git", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo git version 2.37.9", GitFault.TooOld)]
    [InlineData("sleep 600", GitFault.TimedOut)]
    [InlineData("yes", GitFault.TooMuch)]
    public async Task A_git_that_is_too_old_too_slow_or_too_loud_is_told_so(string script, GitFault fault)
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = Directory.CreateTempSubdirectory("skep-fake-").FullName;
        var program = Path.Combine(folder, "git");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{(script == "yes" ? "head -c 100000 /dev/zero" : "exec " + script)}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var options = new GitOptions { Program = program, Timeout = TimeSpan.FromSeconds(fault == GitFault.TimedOut ? 0.2 : 60), MaxOutput = 1000 };
        var e = await Assert.ThrowsAsync<GitException>(() => GitRepository.OpenAsync(folder, options));
        Assert.Equal(fault, e.Fault);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_detached_head_and_a_missing_branch_are_told_so()
    {
        await using var box = await Sandbox.CreateAsync();
        Assert.Equal("main", await box.Git.CurrentBranchAsync(default));
        await box.RunAsync("checkout", "-q", "--detach");
        Assert.Contains("detached", (await Assert.ThrowsAsync<GitException>(() => box.Git.CurrentBranchAsync(default))).Message, StringComparison.Ordinal);
        Assert.Equal(GitFault.NotFound, (await Assert.ThrowsAsync<GitException>(() => box.Git.RequireTipAsync("none", default))).Fault);
    }

    [Fact]
    public async Task A_ref_moves_only_from_where_it_is_expected()
    {
        await using var box = await Sandbox.CreateAsync();
        var main = await box.TipAsync("main");
        var work = await box.CommitAsync("work", dir => Sandbox.WriteIn(dir, "a", "a"));
        Assert.True(await box.Git.SwapRefAsync("refs/heads/x", main, null, "t", default));
        Assert.False(await box.Git.SwapRefAsync("refs/heads/x", main, work, "t", default) && await box.TipAsync("x") != main);
        Assert.True(await box.Git.SwapRefAsync("refs/heads/x", work, main, "t", default));
        Assert.False(await box.Git.SwapRefAsync("refs/heads/x", null, main, "t", default));
        Assert.True(await box.Git.SwapRefAsync("refs/heads/x", null, work, "t", default));
        Assert.Null(await box.Git.TipAsync("x", default));
        Assert.True(await box.Git.IsAncestorAsync(main, work, default));
        Assert.False(await box.Git.IsAncestorAsync(work, main, default));
    }

    [Fact]
    public async Task Hooks_and_settings_of_the_repository_do_not_get_in_the_way()
    {
        await using var box = await Sandbox.CreateAsync();
        var hook = Path.Combine(box.Root, ".git", "hooks", "reference-transaction");
        Sandbox.WriteIn(box.Root, ".git/hooks/reference-transaction", "#!/bin/sh\nexit 1\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await box.RunAsync("config", "commit.gpgSign", "true");
        await box.RunAsync("config", "core.fsmonitor", "/bin/false");
        var tree = await box.Pool().CreateAsync("t", 1, "a", await box.TipAsync("main"), default);
        Sandbox.WriteIn(tree.Path, "new", "n");
        var work = await box.Pool().FinishAsync(tree, "m", default);
        Assert.NotNull(work);
        await box.CloseStoreAsync();
    }
}
