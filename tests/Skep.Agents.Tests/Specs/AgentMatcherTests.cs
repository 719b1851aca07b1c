using Skep.Agents.Specs;
using Skep.Plans;

namespace Skep.Agents.Tests.Specs;

public class AgentMatcherTests
{
    private static readonly AgentSpec[] Team =
    [
        AgentPlace.Spec("tuner", "Makes slow programs fast", "rust", "profiling", "benchmarks"),
        AgentPlace.Spec("rustacean", "Writes Rust", "rust"),
        AgentPlace.Spec("perf", "Profiles services and reads flame graphs", "python"),
        AgentPlace.Spec("writer", "Writes documentation", "docs"),
    ];

    [Fact]
    public void Who_can_do_all_of_it_comes_first_with_the_reasons()
    {
        var ranked = AgentMatcher.Rank("needs rust and profiling", Team);
        Assert.Equal(["tuner", "rustacean", "perf"], ranked.Select(m => m.Spec.Id));
        Assert.Equal(1, ranked[0].Score, 9);
        Assert.Equal(["capability 'profiling'", "capability 'rust'"], ranked[0].Why.Order(StringComparer.Ordinal));
        Assert.Empty(ranked[0].Missing);
        Assert.Equal(["profiling"], ranked.Single(m => m.Spec.Id == "rustacean").Missing);
        Assert.Equal(["role 'profiles'"], ranked.Single(m => m.Spec.Id == "perf").Why);
    }

    [Fact]
    public void A_capability_says_more_than_a_role()
    {
        AgentSpec[] two = [AgentPlace.Spec("a", "Knows rust"), AgentPlace.Spec("b", "Knows things", "rust")];
        Assert.Equal(["b", "a"], AgentMatcher.Rank("rust", two).Select(m => m.Spec.Id));
    }

    [Fact]
    public void A_rare_word_says_more_than_a_common_one()
    {
        AgentSpec[] team = [.. Enumerable.Range(0, 9).Select(i => AgentPlace.Spec($"c{i}", "x", "code")), AgentPlace.Spec("z", "x", "cryptography")];
        Assert.Equal("z", AgentMatcher.Rank("code cryptography", team)[0].Spec.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("the and of")]
    [InlineData("knitting")]
    public void Nothing_fits_a_text_that_says_nothing_or_something_else(string text) => Assert.Empty(AgentMatcher.Rank(text, Team));

    [Theory]
    [InlineData("profiling", "profiler")]
    [InlineData("profiles", "profile")]
    [InlineData("analysis", "analyze")]
    [InlineData("analyses", "analyst")]
    [InlineData("optimisation", "optimizer")]
    [InlineData("testing", "tests")]
    [InlineData("debugging", "debug")]
    [InlineData("libraries", "library")]
    [InlineData("documentation", "documenting")]
    [InlineData("generate", "generation")]
    [InlineData("classes", "class")]
    [InlineData("reviewers", "review")]
    public void Forms_of_a_word_are_one_word(string a, string b) => Assert.Equal(Words.Stem(a), Words.Stem(b));

    [Theory]
    [InlineData("rust", "rusty")]
    [InlineData("go", "good")]
    [InlineData("java", "javascript")]
    public void Different_words_stay_different(string a, string b) => Assert.NotEqual(Words.Stem(a), Words.Stem(b));

    [Theory]
    [InlineData("codeReview of C# and c++, snake_case kebab-case", "code,review,c#,c++,snake,case,kebab,case")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Text_is_cut_into_words(string? text, string words) => Assert.Equal(words, string.Join(',', Words.Of(text).Select(w => w.Word)));

    [Fact]
    public void Agents_that_fit_alike_keep_their_order()
    {
        AgentSpec[] two = [AgentPlace.Spec("b", "x", "rust"), AgentPlace.Spec("a", "x", "rust")];
        Assert.Equal(["b", "a"], AgentMatcher.Rank("rust", two).Select(m => m.Spec.Id));
    }
}
