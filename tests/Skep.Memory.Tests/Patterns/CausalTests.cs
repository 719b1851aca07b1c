using FsCheck;
using FsCheck.Fluent;
using Skep.Memory.Patterns;
using Skep.Memory.Patterns.Causes;
using Skep.Memory.Patterns.Consolidating;

namespace Skep.Memory.Tests.Patterns;

public sealed class CausalTests
{
    [Fact]
    public void An_edge_has_its_counts_its_uplift_and_its_interval()
    {
        var report = CausalNotes.Of([.. Episodes.Some("a", 9, 1, action: "Run the tests first."), .. Episodes.Some("b", 3, 7, action: "guess")], new CauseOptions { Cause = "action:run the TESTS first" });
        var edge = Assert.Single(report.Edges);
        Assert.Equal(("parse", "action:run the tests first", "success", EdgeBasis.Observed), (edge.Kind, edge.Cause, edge.Effect, edge.Basis));
        Assert.Equal((9, 10, 3, 10), (edge.WithEffect, edge.With, edge.WithoutEffect, edge.Without));
        Assert.Equal((0.6, 0.1705, 0.8090), (Math.Round(edge.Uplift, 9), Math.Round(edge.Low, 4), Math.Round(edge.High, 4)));
        Assert.Equal((0.0198, 1, 0), (Math.Round(edge.P, 4), report.Tested, report.TooFew));
        Assert.Equal(edge.P, edge.Holm);
        Assert.Contains("not experiments", report.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_was_assigned_at_random_makes_a_randomised_edge_and_circumstances_never_do()
    {
        List<Episode> all = [.. Episodes.Some("a", 8, 2, action: "x", random: true), .. Episodes.Some("b", 2, 8, action: "y", random: true), .. Episodes.Some("c", 10, 0, action: "x")];
        all = [.. all.Select(static (e, i) => e with { Tags = i % 2 == 0 ? ["even"] : [] })];
        var report = CausalNotes.Of(all);
        var random = report.Edges.Where(static e => e.Basis == EdgeBasis.Randomised).ToList();
        Assert.Equal(["action:x", "action:y"], random.Select(static e => e.Cause).Order(StringComparer.Ordinal));
        Assert.Equal((8, 10, 2, 10), random.Where(static e => e.Cause == "action:x").Select(static e => (e.WithEffect, e.With, e.WithoutEffect, e.Without)).Single());
        Assert.Contains(report.Edges, static e => e is { Cause: "tag:even", Basis: EdgeBasis.Observed });
        Assert.Equal((18, 20), report.Edges.Where(static e => e is { Cause: "action:x", Basis: EdgeBasis.Observed }).Select(static e => (e.WithEffect, e.With)).Single());
        Assert.Contains(report.Notes, static n => n.StartsWith("Randomised edges", StringComparison.Ordinal));
    }

    [Fact]
    public void Few_tries_are_not_tested_and_kinds_are_not_mixed()
    {
        List<Episode> all = [.. Episodes.Some("a", 4, 0, action: "x"), .. Episodes.Some("b", 4, 4, action: "y"), .. Episodes.Some("c", 9, 0, "other", "x")];
        var report = CausalNotes.Of(all);
        Assert.Equal((0, 2), (report.Tested, report.TooFew));
        Assert.Equal(2, CausalNotes.Of(all, new CauseOptions { MinTries = 4 }).Tested);
        Assert.Empty(CausalNotes.Of(all, new CauseOptions { Kind = "other", MinTries = 1 }).Edges);
    }

    [Fact]
    public void Another_effect_than_success_is_counted_where_it_was_recorded()
    {
        List<Episode> all = [.. Episodes.Some("a", 6, 0, action: "x").Select(static (e, i) => e with { Effects = i < 4 ? ["slow"] : [] }), .. Episodes.Some("b", 6, 0, action: "y")];
        var edge = CausalNotes.Of(all, new CauseOptions { Effect = "slow", Cause = "action:x" }).Edges.Single();
        Assert.Equal((4, 6, 0, 6), (edge.WithEffect, edge.With, edge.WithoutEffect, edge.Without));
    }

    [Fact]
    public void Counts_add_up_and_adjusted_probabilities_are_never_smaller()
    {
        Prop.ForAll(Episodes.Many, all =>
        {
            var report = CausalNotes.Of(all, new CauseOptions { MinTries = 1 });
            return report.Tested == report.Edges.Count && report.Edges.All(e =>
            {
                var stratum = all.Where(x => x.Kind == e.Kind && (e.Basis == EdgeBasis.Observed || x.Assigned == EpisodeAssignment.Random)).ToList();
                return e.With + e.Without == stratum.Count && e.WithEffect + e.WithoutEffect == stratum.Count(static x => x.Succeeded)
                    && e.Low <= e.Uplift && e.Uplift <= e.High && e.P <= e.BenjaminiHochberg + 1e-12 && e.BenjaminiHochberg <= e.Holm + 1e-12;
            });
        }).Check(Episodes.Quick);
    }

    [Fact]
    public void What_consolidation_merges_and_forgets_changes_no_edge()
    {
        var dropped = 0;
        Prop.ForAll(Episodes.Many, all =>
        {
            var plan = Consolidator.Plan(all, [], new HashSet<string>(), 400 * 86_400_000L, new ConsolidateOptions());
            dropped += plan.Dropped;
            var left = all.Where(e => !plan.Removed.Contains(e.Id) && plan.Stored.All(s => s.Id != e.Id)).Concat(plan.Stored).Concat(plan.Faded);
            var options = new CauseOptions { MinTries = 1 };
            return CausalNotes.Of(all, options).Edges.SequenceEqual(CausalNotes.Of(left, options).Edges);
        }).Check(Episodes.Quick);
        Assert.True(dropped > 1_000, $"only {dropped} episodes were dropped");
    }

    [Theory]
    [InlineData("run it", "success", 5, "write action:")]
    [InlineData(null, "", 5, "an effect has")]
    [InlineData(null, "success", 0, "fewest tries")]
    public void Options_that_make_no_sense_are_refused(string? cause, string effect, int tries, string why) =>
        Assert.Contains(why, Refused.By(() => CausalNotes.Of([], new CauseOptions { Cause = cause, Effect = effect, MinTries = tries }), MemoryFault.InvalidRequest).Message, StringComparison.Ordinal);
}
