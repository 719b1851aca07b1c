using Skep.Coding.Agents;

namespace Skep.Coding.Tests.Agents;

/// <summary>Who has which files for itself.</summary>
public sealed class OwningTests
{
    private static Owner Of(string key, params string[] globs) => new("/repo", key, $"agent-{key}", globs);

    [Fact]
    public async Task Those_that_share_a_file_come_one_after_the_other_and_others_do_not_wait()
    {
        var owners = new LiveOwners();
        var told = new List<string>();
        var first = await owners.EnterAsync(Of("a", "src/**"), told.Add, default);
        var second = owners.EnterAsync(Of("b", "src/x.cs", "docs/**"), told.Add, default);
        var third = owners.EnterAsync(Of("c", "docs/a.md"), told.Add, default);
        using var fourth = await owners.EnterAsync(Of("d", "tests/**"), told.Add, default);
        using var elsewhere = await owners.EnterAsync(Of("e", "src/**") with { Repository = "/other" }, told.Add, default);
        using var nothing = await owners.EnterAsync(Of("f"), told.Add, default);
        Assert.False(second.IsCompleted || third.IsCompleted);
        Assert.Equal(["waits for agent-a (a), which owns 'src/**': 'src/x.cs' can be the same file", "waits for agent-b (b), which owns 'docs/**': 'docs/a.md' can be the same file"], told);
        Assert.Equal(["a"], owners.Others(Of("d", "tests/**")).Select(o => o.Key));
        first.Dispose();
        first.Dispose();
        (await second).Dispose();
        (await third).Dispose();
        Assert.Equal(["d"], owners.Others(Of("x")).Select(o => o.Key));
    }

    [Fact]
    public async Task One_that_gives_up_waiting_holds_nobody_up()
    {
        var owners = new LiveOwners();
        var first = await owners.EnterAsync(Of("a", "x"), _ => { }, default);
        using var cancel = new CancellationTokenSource();
        var second = owners.EnterAsync(Of("b", "x", "y"), _ => { }, cancel.Token);
        var third = owners.EnterAsync(Of("c", "y"), _ => { }, default);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        (await third).Dispose();
        first.Dispose();
        Assert.Empty(owners.Others(Of("x")));
    }

    [Fact]
    public void Files_of_others_and_files_outside_of_ones_own_are_named_with_the_reason()
    {
        var other = Of("b", "docs/**");
        Assert.Null(Trespass.Of(["src/a.cs"], Of("a", "src/**"), [other]));
        Assert.Null(Trespass.Of(["anything"], Of("a"), [other]));
        var found = Trespass.Of(["src/a.cs", "docs/x.md", "z"], Of("a", "src/**"), [other])!;
        Assert.Equal("handed back: changed files that are not its own: docs/x.md, z", found.Line);
        Assert.Contains("docs/x.md: agent-b (b) owns it while it works", found.Evidence, StringComparison.Ordinal);
        Assert.Contains("z: no glob of its 'owns' fits", found.Evidence, StringComparison.Ordinal);
        Assert.Contains("owns no files of its own", Trespass.Of(["docs/x.md"], Of("a"), [other])!.Evidence, StringComparison.Ordinal);
        var many = Trespass.Of([.. Enumerable.Range(0, 200).Select(i => $"f{i}")], Of("a", "src/**"), [])!;
        Assert.EndsWith("and 195 more", many.Line, StringComparison.Ordinal);
        Assert.Contains("and 100 more", many.Evidence, StringComparison.Ordinal);
    }
}
