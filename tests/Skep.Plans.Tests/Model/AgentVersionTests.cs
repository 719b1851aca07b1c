namespace Skep.Plans.Tests.Model;

public class AgentVersionTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("0.10.3")]
    public void A_version_reads_as_it_is_written(string text)
    {
        Assert.True(AgentVersion.TryParse(text, out var version));
        Assert.Equal(text, version.ToString());
        Assert.Matches(AgentVersion.Pattern, text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("v1")]
    [InlineData("1.")]
    [InlineData("1.2.3.4")]
    [InlineData("-1")]
    [InlineData("1 ")]
    [InlineData("12345678901")]
    public void Anything_else_is_no_version(string? text) => Assert.False(AgentVersion.TryParse(text, out _));

    [Theory]
    [InlineData("1", "1.9.9", true)]
    [InlineData("1", "2", false)]
    [InlineData("1.2", "1.2.7", true)]
    [InlineData("1.2", "1.3", false)]
    [InlineData("1.0", "1", true)]
    [InlineData("1.2.0", "1.2", true)]
    public void A_reference_means_all_versions_that_begin_with_it(string reference, string version, bool means)
    {
        Assert.True(AgentVersion.TryParse(reference, out var asked));
        Assert.True(AgentVersion.TryParse(version, out var given));
        Assert.Equal(means, asked.Means(given));
    }

    [Fact]
    public void Versions_are_ordered_by_number_and_not_by_letter()
    {
        Assert.True(new AgentVersion(1, 10) > new AgentVersion(1, 9, 5));
        Assert.True(new AgentVersion(1) >= new AgentVersion(1, 0, 0));
        Assert.True(new AgentVersion(1, 9) < new AgentVersion(2));
        Assert.True(new AgentVersion(1) <= new AgentVersion(1, 0));
    }

    [Theory]
    [InlineData("git status", "git status --short", true)]
    [InlineData("git status", "git push", false)]
    [InlineData("git", "git push", true)]
    [InlineData("git status", "git", false)]
    [InlineData("git", "gitk", false)]
    public void A_command_is_allowed_by_its_beginning(string allowed, string command, bool expected) =>
        Assert.Equal(expected, new AllowedCommand(allowed.Split(' ')).Allows(command.Split(' ')));
}
