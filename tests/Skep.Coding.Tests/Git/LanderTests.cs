using Skep.Coding.Git;

namespace Skep.Coding.Tests.Git;

public sealed class LanderTests : IAsyncLifetime
{
    private Sandbox _box = null!;
    private string _from = "";
    private string _to = "";

    public async Task InitializeAsync()
    {
        _box = await Sandbox.CreateAsync();
        _from = await _box.TipAsync("main");
        _to = await _box.CommitAsync("work", dir =>
        {
            Sandbox.WriteIn(dir, "file", "changed\n");
            Sandbox.WriteIn(dir, "new", "new\n");
        });
    }

    public async Task DisposeAsync() => await _box.DisposeAsync();

    [Fact]
    public async Task A_clean_checkout_of_the_target_follows()
    {
        Assert.Null(await ObstacleAsync());
        Assert.Equal(new Landing(_to, true, null), await LandAsync());
        Assert.Equal("changed\n", await File.ReadAllTextAsync(Path.Combine(_box.Root, "file")));
        Assert.Equal("", await _box.RunAsync("status", "--porcelain"));
        Assert.Contains("skep: test", await _box.RunAsync("reflog", "show", "main"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Landing_twice_is_landing_once()
    {
        await LandAsync();
        Assert.Equal(new Landing(_to, true, null), await LandAsync());
        // Also when the target has gone on meanwhile.
        var later = await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "later", "l"));
        Assert.Equal(new Landing(later, true, null), await LandAsync());
        Assert.Equal(later, await _box.TipAsync("main"));
    }

    [Fact]
    public async Task A_target_that_others_have_moved_is_left_alone()
    {
        var other = await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "other", "o"));
        Assert.Equal(new Landing(other, false, null), await LandAsync());
        Assert.Equal(other, await _box.TipAsync("main"));
    }

    [Fact]
    public async Task A_checkout_with_changes_is_an_obstacle_and_says_so()
    {
        _box.Write("file", "mine\n");
        var why = await ObstacleAsync();
        Assert.Contains(_box.Root, why, StringComparison.Ordinal);
        Assert.Contains("file", why, StringComparison.Ordinal);
        Assert.Contains("commit or stash", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_untracked_file_in_the_way_is_an_obstacle_and_one_that_is_not_is_none()
    {
        _box.Write("notes", "mine\n");
        Assert.Null(await ObstacleAsync());
        _box.Write("new", "mine\n");
        Assert.Contains("new", await ObstacleAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_that_come_in_between_are_not_overwritten()
    {
        Assert.Null(await ObstacleAsync());
        _box.Write("new", "mine\n");
        var landing = await LandAsync();
        Assert.True(landing.Landed);
        Assert.Contains("could not follow", landing.Behind, StringComparison.Ordinal);
        Assert.Equal("mine\n", await File.ReadAllTextAsync(Path.Combine(_box.Root, "new")));
        Assert.Equal(_to, await _box.TipAsync("main"));
    }

    [Fact]
    public async Task What_is_staged_in_between_is_carried_along_or_told()
    {
        _box.Write("notes", "mine\n");
        await _box.RunAsync("add", "notes");
        Assert.Equal(new Landing(_to, true, null), await LandAsync());
        Assert.Equal("A  notes", await _box.RunAsync("status", "--porcelain"));
    }

    [Fact]
    public async Task A_staged_change_of_the_same_file_stays_and_is_told()
    {
        _box.Write("file", "mine\n");
        await _box.RunAsync("add", "file");
        Assert.Contains("could not follow", (await LandAsync()).Behind, StringComparison.Ordinal);
        Assert.Equal("mine\n", await File.ReadAllTextAsync(Path.Combine(_box.Root, "file")));
    }

    [Fact]
    public async Task A_checkout_that_was_cut_short_is_finished()
    {
        // As a killed process leaves it: the ref has moved, one file is written, the index is old.
        await _box.RunAsync("update-ref", "refs/heads/main", _to, _from);
        _box.Write("file", "changed\n");
        Assert.Equal(new Landing(_to, true, null), await LandAsync());
        Assert.Equal("", await _box.RunAsync("status", "--porcelain"));
        Assert.Equal("new\n", await File.ReadAllTextAsync(Path.Combine(_box.Root, "new")));
    }

    [Fact]
    public async Task A_checkout_in_another_worktree_follows_too()
    {
        await _box.RunAsync("checkout", "-q", "--detach");
        var other = _box.Root + "-other";
        await _box.RunAsync("worktree", "add", "-q", other, "main");
        await LandAsync();
        Assert.Equal("changed\n", await File.ReadAllTextAsync(Path.Combine(other, "file")));
        Assert.NotEqual("changed\n", await File.ReadAllTextAsync(Path.Combine(_box.Root, "file")));
        Directory.Delete(other, recursive: true);
    }

    private Task<string?> ObstacleAsync() => new Lander(_box.Git).ObstacleAsync("main", _from, _to, default);

    private Task<Landing> LandAsync() => new Lander(_box.Git).LandAsync("main", _from, _to, "skep: test", default);
}
