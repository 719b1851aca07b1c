namespace Skep.Orchestration.Tests.Execution;

public sealed class ReportNameTests
{
    [Theory]
    [InlineData("recall", true)]
    [InlineData("baseline/recall-10.p95_x", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("größe", false)]
    [InlineData("a=b", false)]
    public void Names_have_safe_characters_only(string name, bool valid) => Assert.Equal(valid, ReportName.IsValid(name));

    [Fact]
    public void Names_are_bounded()
    {
        Assert.True(ReportName.IsValid(new string('a', 128)));
        Assert.False(ReportName.IsValid(new string('a', 129)));
    }

    [Theory]
    [InlineData("0.97", 0.97)]
    [InlineData("-1.5e3", -1500)]
    [InlineData("+7", 7)]
    public void Values_are_numbers_with_a_dot(string text, double expected)
    {
        Assert.True(ReportName.TryParseValue(text, out var value));
        Assert.Equal(expected, value);
        Assert.Null(ReportName.ProblemOf("m", text));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("1,5")]
    [InlineData("1 000")]
    [InlineData("")]
    [InlineData("12ms")]
    public void Anything_else_is_no_value(string text) => Assert.Contains("is no value for the metric 'm'", ReportName.ProblemOf("m", text), StringComparison.Ordinal);

    [Fact]
    public void A_bad_name_is_told() => Assert.Contains("'a b' is no metric name", ReportName.ProblemOf("a b", "1"), StringComparison.Ordinal);
}
