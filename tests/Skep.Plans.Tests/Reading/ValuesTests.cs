using Skep.Plans.Reading.Text;

namespace Skep.Plans.Tests.Reading;

public class ValuesTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2_000)]
    [InlineData("30m", 1_800_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("0s", 0)]
    public void Durations_are_read(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration, out _));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5x")]
    [InlineData("-5s")]
    [InlineData("30m1h")]
    [InlineData("1s1s")]
    [InlineData("1..5s")]
    [InlineData("9999999999999999999d")]
    [InlineData("2 h")]
    public void What_is_no_duration_is_refused_with_a_reason(string text)
    {
        Assert.False(DurationText.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("4GiB", 4L << 30)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("1GB", 1_000_000_000)]
    [InlineData("100KB", 100_000)]
    [InlineData("1.5 KiB", 1_536)]
    [InlineData("65536", 65_536)]
    public void Sizes_are_read(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out var actual, out _));
        Assert.Equal(bytes, actual);
    }

    [Theory]
    [InlineData("4G", "write GiB, or GB")]
    [InlineData("x", "a number and a unit")]
    [InlineData("5 parsecs", "units are B, KB")]
    [InlineData("99999999TiB", "exbibyte")]
    public void What_is_no_size_is_refused_with_a_reason(string text, string reason)
    {
        Assert.False(SizeText.TryParse(text, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("coverage >= 85", "coverage >= 85")]
    [InlineData("a.b/c-d<1e-3", "a.b/c-d < 0.001")]
    [InlineData(" x == -1.5 ", "x == -1.5")]
    public void Metric_checks_are_read(string text, string expected) => Assert.Equal(expected, ConditionText.Metric(text).ToString());

    [Theory]
    [InlineData("coverage")]
    [InlineData(">= 5")]
    [InlineData("coverage >= 85%")]
    [InlineData("coverage >= 85 90")]
    [InlineData("coverage >= x")]
    [InlineData("")]
    public void What_is_no_metric_check_is_refused(string text) => Assert.Throws<FormatException>(() => ConditionText.Metric(text));

    [Fact]
    public void Trigger_conditions_may_lack_unit_and_duration() =>
        Assert.Equal(
            [new TriggerCondition("a", Comparison.Less, 5, "", TimeSpan.Zero), new TriggerCondition("b", Comparison.AtLeast, 2, "", TimeSpan.FromSeconds(3))],
            ConditionText.Trigger("a < 5, b >= 2 for 3s"));

    [Theory]
    [InlineData("tester", "test")]
    [InlineData("buidl", "build")]
    [InlineData("max-agents", "max_agents")]
    [InlineData("BUILD", "build")]
    [InlineData("zebra", null)]
    [InlineData("ab", null)]
    public void Slips_are_recognised(string name, string? expected) =>
        Assert.Equal(expected, Suggestion.For(name, ["test", "build", "max_agents", "ac"]));

    [Fact]
    public void Variables_are_typed_as_yaml_does()
    {
        var vars = PlanText.Valid("plan: x\nvars: { a: 5, b: '5', c: 007, d: true, e: ~, f: [1, x], g: {h: 1.5}, i: 12345678901234567890, j: yes }\ntasks: [{ id: t, run: x }]").Vars;
        Assert.Equal(PlanValue.Of(5), vars["a"]);
        Assert.Equal(PlanValue.Of("5"), vars["b"]);
        Assert.Equal(PlanValue.Of("007"), vars["c"]);
        Assert.Equal(PlanValue.Of(true), vars["d"]);
        Assert.True(vars["e"].IsNull);
        Assert.Equal(PlanValue.Of([PlanValue.Of(1), PlanValue.Of("x")]), vars["f"]);
        Assert.Equal(1.5, vars["g"].AsMap!["h"].AsNumber);
        Assert.Equal("12345678901234567890", vars["i"].AsText);
        Assert.Equal("yes", vars["j"].AsText);
    }
}
