using Skep.Orchestration.Coordination;

namespace Skep.Orchestration.Tests.Coordination;

public class ClaimRuleTests
{
    [Theory]
    [InlineData("src/**", "src/a/b.cs", true)]
    [InlineData("src/**", "src", true)]
    [InlineData("src/*.cs", "src/a.*", true)]
    [InlineData("src/a*", "src/b*", false)]
    [InlineData("**/*.md", "docs/x.md", true)]
    [InlineData("docs/x.md", "docs/x.md", true)]
    [InlineData("docs/x.md", "docs/y.md", false)]
    [InlineData("a/b", "a/bc", false)]
    public void Globs_overlap_when_some_file_belongs_to_both(string a, string b, bool overlap)
    {
        Assert.Equal(overlap, ClaimRule.Overlap(a, b));
        Assert.Equal(overlap, ClaimRule.Overlap(b, a));
    }

    [Theory]
    [InlineData("./src//a", "src/a")]
    [InlineData("src\\a", "src/a")]
    public void A_glob_is_kept_in_one_form(string given, string kept) => Assert.Equal(kept, ClaimRule.Normal(given, out _));

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/\u0007")]
    public void What_names_no_file_of_the_project_is_no_claim(string given)
    {
        Assert.Null(ClaimRule.Normal(given, out var problem));
        Assert.NotNull(problem);
    }
}
