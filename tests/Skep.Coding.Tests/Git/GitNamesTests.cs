using Skep.Coding.Git;

namespace Skep.Coding.Tests.Git;

public sealed class GitNamesTests
{
    [Theory]
    [InlineData("build", "build")]
    [InlineData("Build_2-x", "Build_2-x")]
    public void Plain_text_stays_as_it_is(string text, string part) => Assert.Equal(part, GitNames.Part(text));

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("--upload-pack=evil")]
    [InlineData("a b~^:?*[\\")]
    [InlineData("x.lock")]
    [InlineData("@{-1}")]
    [InlineData("größe 🐝")]
    [InlineData("line\nbreak\0nul")]
    [InlineData("-")]
    [InlineData("fan[3]")]
    public async Task Any_text_becomes_a_part_that_git_takes_and_no_option(string text)
    {
        var part = GitNames.Part(text);
        Assert.Matches("^[A-Za-z0-9_][A-Za-z0-9_-]*$|^-[0-9a-f]{10}$", part);
        await using var box = await Sandbox.CreateAsync();
        var branch = GitNames.Branch("run", text, 1);
        await box.RunAsync("check-ref-format", GitNames.HeadRef(branch));
        Assert.True(await box.Git.SwapRefAsync(GitNames.HeadRef(branch), await box.TipAsync("main"), null, "test", default));
        Assert.Equal(await box.TipAsync("main"), await box.TipAsync(branch));
    }

    [Fact]
    public void Different_texts_have_different_names()
    {
        string[] texts = ["a/b", "a_b", "a.b", "a b", new string('x', 100), new string('x', 101)];
        Assert.Equal(texts.Length, texts.Select(GitNames.Part).Distinct().Count());
    }

    [Theory]
    [InlineData("-d")]
    [InlineData("a..b")]
    [InlineData("a/.b")]
    [InlineData("a.lock/b")]
    [InlineData("a b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("HEAD")]
    [InlineData("a@{1}")]
    [InlineData("")]
    public void What_is_no_branch_is_refused_with_the_rules(string name)
    {
        var e = Assert.Throws<GitException>(() => GitNames.HeadRef(name));
        Assert.Equal(GitFault.BadName, e.Fault);
        Assert.Contains("check-ref-format", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git version 2.39.5", 2, 39)]
    [InlineData("git version 2.50.1 (Apple Git-155)", 2, 50)]
    [InlineData("git version 2.45.1.windows.1", 2, 45)]
    public void Versions_are_read(string text, int major, int minor) => Assert.Equal(new Version(major, minor), GitVersion.Parse(text));

    [Fact]
    public void What_is_no_version_is_none() => Assert.Null(GitVersion.Parse("hub version 2"));
}
