using Skep.Embeddings.Ranking;

namespace Skep.Embeddings.Tests.Ranking;

public sealed class RankingTests
{
    [Fact]
    public void Lists_are_fused_by_ranks_as_computed_by_hand()
    {
        var fused = ReciprocalRankFusion.Fuse([["a", "b", "c"], ["c", "a"], (IReadOnlyList<string>)["d"]]);
        Assert.Equal(["a", "c", "d", "b"], fused.Select(f => f.Item));
        Assert.Equal((1 / 61.0) + (1 / 62.0), fused[0].Score, 1e-12);
        Assert.Equal((1 / 63.0) + (1 / 61.0), fused[1].Score, 1e-12);
        Assert.Equal(1 / 61.0, fused[2].Score, 1e-12);
        Assert.Equal(1 / 62.0, fused[3].Score, 1e-12);
    }

    [Fact]
    public void A_list_weighs_what_it_is_given_and_k_is_what_is_said()
    {
        var fused = ReciprocalRankFusion.Fuse([["a"], (IReadOnlyList<string>)["b"]], [1, 3], k: 1);
        Assert.Equal([new("b", 1.5), new("a", 0.5)], fused);
    }

    [Fact]
    public void What_a_list_has_twice_counts_once_by_its_better_rank() =>
        Assert.Equal([new("a", 1 / 61.0), new("b", 1 / 63.0)], ReciprocalRankFusion.Fuse([(IReadOnlyList<string>)["a", "a", "b"]]));

    [Fact]
    public void Nothing_fused_is_nothing() => Assert.Empty(ReciprocalRankFusion.Fuse<string>([]));

    [Fact]
    public void Bad_weights_and_k_are_refused()
    {
        IReadOnlyList<IReadOnlyList<int>> lists = [[1]];
        Assert.All(new Action[] { () => ReciprocalRankFusion.Fuse(lists, [1, 2]), () => ReciprocalRankFusion.Fuse(lists, [-1]), () => ReciprocalRankFusion.Fuse(lists, [double.NaN]), () => ReciprocalRankFusion.Fuse(lists, null, -1) },
            wrong => Assert.Equal(EmbeddingFault.BadArgument, Assert.Throws<EmbeddingException>(wrong).Fault));
    }

    [Fact]
    public void All_results_come_out_once_and_better_ranks_everywhere_come_first() => Anything.Holds<List<List<byte>>>(300, lists =>
    {
        var distinct = lists.Select(l => (IReadOnlyList<byte>)l.Distinct().ToList()).ToList();
        var fused = ReciprocalRankFusion.Fuse(distinct);
        Assert.Equal(distinct.SelectMany(l => l).Distinct().Order(), fused.Select(f => f.Item).Order());
        Assert.Equal(fused.Select(f => f.Score).OrderDescending(), fused.Select(f => f.Score));
        foreach (var (item, score) in fused) Assert.Equal(distinct.Sum(l => l.ToList().IndexOf(item) is var rank and >= 0 ? 1.0 / (61 + rank) : 0), score, 1e-12);
    });

    [Fact]
    public void Results_are_chosen_for_relevance_and_variety_as_computed_by_hand()
    {
        Ranked<string>[] candidates = [new("a", 0.9), new("b", 0.85), new("c", 0.5)];
        double Similarity(string x, string y) => (x, y) is ("a", "b") or ("b", "a") ? 0.95 : 0.1;
        // Second choice: b has 0.5 · 0.85 − 0.5 · 0.95 = −0.05, c has 0.5 · 0.5 − 0.5 · 0.1 = 0.2.
        Assert.Equal(["a", "c", "b"], MaximalMarginalRelevance.Select(candidates, 3, 0.5, Similarity));
        Assert.Equal(["a", "b"], MaximalMarginalRelevance.Select(candidates, 2, 1, Similarity));
        Assert.Equal(["a", "c"], MaximalMarginalRelevance.Select(candidates, 2, 0, Similarity));
    }

    [Fact]
    public void With_lambda_1_the_most_relevant_are_chosen_and_nothing_twice() => Anything.Holds<(List<int> Scores, FsCheck.NonNegativeInt K)>(200, given =>
    {
        var (scores, k) = given;
        var candidates = scores.Select((s, i) => new Ranked<int>(i, s)).ToList();
        var chosen = MaximalMarginalRelevance.Select(candidates, k.Get, 1, (_, _) => 0.5);
        Assert.Equal(candidates.OrderByDescending(c => c.Score).Take(k.Get).Select(c => c.Item), chosen);
    });

    [Fact]
    public void Arguments_out_of_bounds_are_refused()
    {
        Ranked<int>[] one = [new(1, 1)];
        var many = new Ranked<int>[MaximalMarginalRelevance.MaxCandidates + 1];
        Assert.All(new Action[] { () => MaximalMarginalRelevance.Select(one, -1, 0.5, (_, _) => 0), () => MaximalMarginalRelevance.Select(one, 1, 1.1, (_, _) => 0), () => MaximalMarginalRelevance.Select(one, 1, double.NaN, (_, _) => 0), () => MaximalMarginalRelevance.Select(many, 1, 0.5, (_, _) => 0) },
            wrong => Assert.Equal(EmbeddingFault.BadArgument, Assert.Throws<EmbeddingException>(wrong).Fault));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(24, 0.5)]
    [InlineData(48, 0.25)]
    [InlineData(12, 0.70710678)]
    public void A_score_halves_with_every_half_life(int hours, double factor) => Assert.Equal(factor, Recency.Factor(TimeSpan.FromHours(hours), TimeSpan.FromDays(1)), 1e-8);

    [Fact]
    public void Recency_changes_the_order_and_an_impossible_half_life_is_refused()
    {
        var ranked = Recency.Apply([new Ranked<int>(10, 1), new(1, 0.9)], days => TimeSpan.FromDays(days), TimeSpan.FromDays(7));
        Assert.Equal([1, 10], ranked.Select(r => r.Item));
        Assert.Equal(EmbeddingFault.BadArgument, Assert.Throws<EmbeddingException>(() => Recency.Factor(TimeSpan.Zero, TimeSpan.Zero)).Fault);
    }

    [Theory]
    [InlineData("swarm/a/x", 2)]
    [InlineData("swarm/a", 2)]
    [InlineData("swarm/ab", 0.5)]
    [InlineData("/swarm/", 0.5)]
    [InlineData("plan/x", 1)]
    [InlineData("", 1)]
    public void The_longest_namespace_decides_the_weight(string path, double weight) =>
        Assert.Equal(weight, new NamespaceWeights([new("swarm", 0.5), new("swarm/a/", 2)]).Of(path));

    [Fact]
    public void Namespace_weights_reorder_results_and_weight_0_leaves_out()
    {
        var weights = new NamespaceWeights([new("", 0.5), new("good", 1), new("bad", 0)]);
        Assert.Equal([new("good/x", 0.6), new("x", 0.5)], weights.Apply([new Ranked<string>("x", 1), new("bad/y", 0.9), new("good/x", 0.6)], p => p));
    }

    [Fact]
    public void Bad_namespace_weights_are_refused()
    {
        Assert.All(new Action[] { () => _ = new NamespaceWeights([new("a", -1)]), () => _ = new NamespaceWeights([new("a", 1), new("a/", 1)]), () => _ = new NamespaceWeights(Enumerable.Range(0, 1001).Select(i => KeyValuePair.Create($"{i}", 1.0))) },
            wrong => Assert.Equal(EmbeddingFault.BadArgument, Assert.Throws<EmbeddingException>(wrong).Fault));
    }
}
