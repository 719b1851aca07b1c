using FsCheck;
using FsCheck.Fluent;
using Skep.Orchestration.Benchmarking;

namespace Skep.Orchestration.Tests.Gates;

public sealed class RegressionRuleTests
{
    private static readonly Gen<double[]> Samples = Gen.Choose(5, 40).SelectMany(n => Gen.Choose(1, 1000).Select(v => v / 10.0).ArrayOf(n));

    [Fact]
    public void Identical_samples_raise_no_alarm() => Prop.ForAll(Samples.ToArbitrary(), samples =>
        !One(samples, samples, margin: 0).Regressed).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_samples_in_another_order_give_the_same_answer() => Prop.ForAll(Samples.ToArbitrary(), Samples.ToArbitrary(), (before, now) =>
        One(before, now, 0.1) == One([.. before.Reverse()], [.. now.Reverse()], 0.1)).QuickCheckThrowOnFailure();

    [Fact]
    public void Slower_samples_never_look_less_like_a_regression() => Prop.ForAll(Samples.ToArbitrary(), Samples.ToArbitrary(), Gen.Choose(100, 300).ToArbitrary(), (before, now, percent) =>
        One(before, [.. now.Select(s => s * percent / 100)], 0.1).Chance <= One(before, now, 0.1).Chance).QuickCheckThrowOnFailure();

    [Fact]
    public void A_wider_margin_never_raises_more_alarms() => Prop.ForAll(Samples.ToArbitrary(), Samples.ToArbitrary(), (before, now) =>
        One(before, now, 0.2).Chance >= One(before, now, 0.1).Chance).QuickCheckThrowOnFailure();

    [Fact]
    public void The_unit_of_the_samples_does_not_matter() => Prop.ForAll(Samples.ToArbitrary(), Samples.ToArbitrary(), (before, now) =>
        One(before, now, 0.1).Regressed == One([.. before.Select(s => s * 1024)], [.. now.Select(s => s * 1024)], 0.1).Regressed).QuickCheckThrowOnFailure();

    [Fact]
    public void An_alarm_is_raised_exactly_when_the_interval_lies_beyond_the_margin() => Prop.ForAll(Samples.ToArbitrary(), Samples.ToArbitrary(), (before, now) =>
    {
        var found = One(before, now, 0.1);
        return Math.Abs(found.Low - 1.1) < 1e-9 || found.Regressed == found.Low > 1.1;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(1000)]
    public void A_slow_down_to_twice_the_time_with_little_noise_is_found(int samples)
    {
        var found = One(Noisy(samples, 10, 1), Noisy(samples, 20, 2), 0.1);
        Assert.True(found.Regressed);
        Assert.InRange(found.Ratio, 1.9, 2.1);
        Assert.True(found.Low is > 1.1 and < 2.1 && found.High > found.Low);
    }

    [Fact]
    public void A_slow_down_within_the_margin_is_accepted_however_sure_it_is() =>
        Assert.False(One(Noisy(1000, 10, 1), Noisy(1000, 10.8, 2), 0.1).Regressed);

    [Fact]
    public void Where_higher_is_better_less_is_a_regression()
    {
        var pair = new SamplePair("x", Noisy(20, 1000, 1), Noisy(20, 700, 2));
        Assert.True(RegressionRule.Compare([pair], 0.1, higherIsBetter: true)[0].Regressed);
        Assert.False(RegressionRule.Compare([pair], 0.1, higherIsBetter: false)[0].Regressed);
    }

    [Fact]
    public void Of_many_unchanged_benchmarks_together_hardly_any_report_raises_an_alarm()
    {
        // Independent samples and no margin: the chance per report is at most 1 %, though each report holds 30 benchmarks.
        var random = new Random(7);
        var alarms = Enumerable.Range(0, 400).Count(_ => RegressionRule.Compare(
            [.. Enumerable.Range(0, 30).Select(i => new SamplePair($"b{i}", Draw(random, 20), Draw(random, 20)))], 0, false).Any(c => c.Regressed));
        Assert.InRange(alarms, 0, 12);
    }

    [Fact]
    public void One_regression_among_many_is_found_and_is_the_only_one()
    {
        var pairs = Enumerable.Range(0, 30).Select(i => new SamplePair($"b{i}", Noisy(20, 10, i), Noisy(20, i == 17 ? 15 : 10, i + 100))).ToList();
        Assert.Equal(["b17"], RegressionRule.Compare(pairs, 0.1, false).Where(c => c.Regressed).Select(c => c.Name));
    }

    [Theory]
    [InlineData(new[] { 6.0, 7, 8, 9, 10 }, new[] { 1.0, 2, 3, 4, 5 }, 1.0 / 252)]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, new[] { 6.0, 7, 8, 9, 10 }, 1.0)]
    [InlineData(new[] { 5.0, 7, 8, 9, 10 }, new[] { 1.0, 2, 3, 4, 6 }, 2.0 / 252)]
    public void Few_samples_are_judged_by_the_exact_distribution(double[] x, double[] y, double expected) =>
        Assert.Equal(expected, MannWhitney.UpperTail(x, y, 1), 12);

    [Fact]
    public void The_normal_distribution_takes_over_without_a_step()
    {
        // 20 × 20 is exact, 21 × 20 is not; for samples that interleave alike both give nearly the same.
        double[] Even(int n, double shift) => [.. Enumerable.Range(0, n).Select(i => (2.0 * i) + shift)];
        var exact = MannWhitney.UpperTail(Even(20, 12), Even(20, 1), 1);
        var normal = MannWhitney.UpperTail(Even(21, 12), Even(20, 1), 1);
        Assert.InRange(normal / exact, 0.5, 2.0);
    }

    private static BenchmarkFinding One(double[] before, double[] now, double margin) => RegressionRule.Compare([new SamplePair("x", before, now)], margin, false)[0];

    private static double[] Noisy(int n, double around, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => around * (0.98 + (0.04 * random.NextDouble())))];
    }

    /// <summary>Skewed, as times are.</summary>
    private static double[] Draw(Random random, int n) => [.. Enumerable.Range(0, n).Select(_ => 10 - Math.Log(1 - random.NextDouble()))];
}
