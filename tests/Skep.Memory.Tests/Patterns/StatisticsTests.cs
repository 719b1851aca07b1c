using FsCheck;
using FsCheck.Fluent;
using Skep.Memory.Patterns.Statistics;
using Xunit.Abstractions;

namespace Skep.Memory.Tests.Patterns;

public sealed class StatisticsTests(ITestOutputHelper output)
{
    private static readonly Arbitrary<(int A, int B, int C, int D)> Tables = (from a in Gen.Choose(0, 30) from b in Gen.Choose(0, 30) from c in Gen.Choose(0, 30) from d in Gen.Choose(0, 30) select (a, b, c, d)).ToArbitrary();

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 10, 0, 0.2775)] // z² / (n + z²)
    [InlineData(3, 3, 0.4385, 1)]
    [InlineData(81, 263, 0.2553, 0.3662)] // Newcombe 1998, one proportion, method 3
    [InlineData(15, 148, 0.0624, 0.1605)] // the same paper
    public void A_share_lies_where_Wilson_says(long hits, long trials, double low, double high)
    {
        var range = Proportions.Wilson(hits, trials);
        Assert.Equal((low, high), (Math.Round(range.Low, 4), Math.Round(range.High, 4)));
    }

    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)] // Newcombe 1998, differences, method 10, example a
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)] // example b
    [InlineData(10, 10, 0, 10, 0.6075, 1)] // example h
    [InlineData(0, 0, 5, 5, -1, 1)]
    public void A_difference_lies_where_Newcombe_says(long hits, long trials, long others, long otherTrials, double low, double high)
    {
        var range = Proportions.Difference(hits, trials, others, otherTrials);
        Assert.Equal((low, high), (Math.Round(range.Low, 4), Math.Round(range.High, 4)));
    }

    [Theory]
    [InlineData(3, 1, 1, 3, 0.485714)] // Fisher's tea: 34/70
    [InlineData(8, 2, 1, 5, 0.034965)]
    [InlineData(10, 0, 0, 10, 0.000011)]
    [InlineData(5, 5, 5, 5, 1)]
    [InlineData(0, 0, 3, 4, 1)]
    public void Fishers_test_gives_the_known_probabilities(long a, long b, long c, long d, double expected) => Assert.Equal(expected, Math.Round(FisherExact.TwoSided(a, b, c, d), 6));

    [Fact]
    public void Fishers_test_agrees_with_adding_up_all_tables_and_knows_no_order()
    {
        Prop.ForAll(Tables, t =>
        {
            var p = FisherExact.TwoSided(t.A, t.B, t.C, t.D);
            return Math.Abs(p - Enumerated(t.A, t.B, t.C, t.D)) < 1e-9 && Math.Abs(p - FisherExact.TwoSided(t.C, t.D, t.A, t.B)) < 1e-9 && Math.Abs(p - FisherExact.TwoSided(t.A, t.C, t.B, t.D)) < 1e-9;
        }).Check(Config.QuickThrowOnFailure.WithReplay(20_261, 11));
        Assert.Equal(0, FisherExact.TwoSided(1_000_000_000, 0, 0, 1_000_000_000));
        Assert.InRange(FisherExact.TwoSided(500_000_000, 500_000_000, 500_010_000, 499_990_000), 0.6, 0.7); // z = 0.447
    }

    [Fact]
    public void Intervals_hold_what_was_counted_and_stay_within_what_is_possible()
    {
        Prop.ForAll(Tables, t =>
        {
            var (one, two) = (Proportions.Wilson(t.A, t.A + t.B), Proportions.Difference(t.A, t.A + t.B, t.C, t.C + t.D));
            if (t.A + t.B == 0 || t.C + t.D == 0) return two is { Low: -1, High: 1 };
            var (p, q) = ((double)t.A / (t.A + t.B), (double)t.C / (t.C + t.D));
            var other = Proportions.Difference(t.C, t.C + t.D, t.A, t.A + t.B);
            return one.Contains(p) && one is { Low: >= 0, High: <= 1 } && two.Contains(p - q) && two is { Low: >= -1, High: <= 1 } && Math.Abs(two.Low + other.High) < 1e-12 && Math.Abs(two.High + other.Low) < 1e-12;
        }).Check(Config.QuickThrowOnFailure.WithReplay(20_261, 13));
    }

    [Fact]
    public void Of_many_differences_of_known_shares_at_least_93_percent_lie_in_their_interval()
    {
        // Shares and sizes like those of episodes; every draw is of a seed. Newcombe's interval is known to cover about 95 % on average, and somewhat less in corners.
        double[] shares = [0.02, 0.1, 0.3, 0.5, 0.8, 0.95];
        (int, int)[] sizes = [(5, 5), (8, 40), (20, 20), (30, 100)];
        const int draws = 2_000;
        var random = new Random(20_261_121);
        var (all, worst, where) = (0L, 1.0, "");
        foreach (var p in shares)
            foreach (var q in shares)
                foreach (var (n, m) in sizes)
                {
                    var covered = 0;
                    for (var i = 0; i < draws; i++)
                        if (Proportions.Difference(Draw(random, p, n), n, Draw(random, q, m), m).Contains(p - q)) covered++;
                    all += covered;
                    if ((double)covered / draws < worst) (worst, where) = ((double)covered / draws, $"{p} of {n} and {q} of {m}");
                }

        var coverage = (double)all / (shares.Length * shares.Length * sizes.Length * draws);
        output.WriteLine($"coverage {coverage:0.0000} on average, {worst:0.0000} in the worst corner ({where})");
        Assert.InRange(coverage, 0.945, 0.975);
        Assert.True(coverage >= 0.93 && worst >= 0.88, $"coverage {coverage:0.0000}, worst {worst:0.0000}");
    }

    [Fact]
    public void Of_twenty_edges_without_effect_Holm_lets_one_pass_in_at_most_one_report_in_twenty()
    {
        var random = new Random(7);
        var (raw, holm) = (0, 0);
        const int reports = 1_000;
        for (var i = 0; i < reports; i++)
        {
            double[] alone = [.. Enumerable.Range(0, 20).Select(_ =>
            {
                int a = Draw(random, 0.5, 30), c = Draw(random, 0.5, 30);
                return FisherExact.TwoSided(a, 30 - a, c, 30 - c);
            })];
            if (alone.Min() < 0.05) raw++;
            if (MultipleTests.Holm(alone).Min() < 0.05) holm++;
        }

        output.WriteLine($"of {reports} reports without any effect, {raw} had an edge below 0.05 unadjusted, {holm} after Holm");
        Assert.True(raw > reports / 4, $"{raw} of {reports} reports had a false finding unadjusted");
        Assert.True(holm <= reports / 20, $"{holm} of {reports} reports had a false finding after Holm");
    }

    [Fact]
    public void Adjusted_probabilities_are_those_of_the_papers()
    {
        Assert.Equal([0.03, 0.06, 0.06, 0.02], MultipleTests.Holm([0.01, 0.04, 0.03, 0.005]).Select(static p => Math.Round(p, 9)));
        Assert.Equal([0.02, 0.04, 0.04, 0.02], MultipleTests.BenjaminiHochberg([0.01, 0.04, 0.03, 0.005]).Select(static p => Math.Round(p, 9)));
        Assert.Empty(MultipleTests.Holm([]));
        Assert.Equal([1.0, 1.0], MultipleTests.Holm([0.9, 0.8]));
    }

    [Fact]
    public void Adjusting_never_makes_more_of_a_probability_than_it_is_and_keeps_the_order()
    {
        Prop.ForAll(Gen.Choose(0, 1_000).Select(static n => n / 1_000.0).ListOf().ToArbitrary(), raw =>
        {
            var (holm, benjamini) = (MultipleTests.Holm([.. raw]), MultipleTests.BenjaminiHochberg([.. raw]));
            return raw.Select((p, i) => holm[i] >= benjamini[i] - 1e-12 && benjamini[i] >= p - 1e-12 && holm[i] <= 1).All(static x => x)
                && raw.Select((p, i) => (p, i)).All(a => raw.Select((q, j) => (q, j)).All(b => a.p >= b.q || (holm[a.i] <= holm[b.j] && benjamini[a.i] <= benjamini[b.j])));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20_261, 17));
    }

    private static int Draw(Random random, double share, int size)
    {
        var hits = 0;
        for (var i = 0; i < size; i++)
            if (random.NextDouble() < share) hits++;
        return hits;
    }

    /// <summary>The test as it is defined, with factorials.</summary>
    private static double Enumerated(int a, int b, int c, int d)
    {
        if (a + b == 0 || c + d == 0 || a + c == 0 || b + d == 0) return 1;
        double Of(int k) => Math.Exp(LogChoose(a + b, k) + LogChoose(c + d, a + c - k) - LogChoose(a + b + c + d, a + c));
        var observed = Of(a);
        var sum = 0.0;
        for (var k = Math.Max(0, a - d); k <= Math.Min(a + b, a + c); k++)
            if (Of(k) <= observed * (1 + 1e-7)) sum += Of(k);
        return sum;
    }

    private static double LogChoose(int n, int k) => LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);

    private static double LogFactorial(int n)
    {
        var sum = 0.0;
        for (var i = 2; i <= n; i++) sum += Math.Log(i);
        return sum;
    }
}
