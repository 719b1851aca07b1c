using Skep.Memory.Patterns.Statistics;

namespace Skep.Memory.Patterns.Causes;

/// <summary>
/// Counts, for everything that was done or was so, how often episodes ended in an effect with it and without it, kind by kind. Pure. Forgotten episodes still count, so that what consolidation drops
/// does not bend the result.
/// </summary>
public static class CausalNotes
{
    internal const string Action = "action:";

    internal const string Tag = "tag:";

    private const string Observation = "Observed edges are associations, not experiments: nobody assigned the actions by chance, so whatever led to an action (an easier task, a better agent) may be what led to the outcome.";
    private const string Experiment = "Randomised edges count only tries whose actions were assigned at random, as whoever recorded them says.";
    private const string Looks = "Tries count as independent. The adjusted probabilities allow for the edges tested here, not for looking again as tries come in.";

    /// <summary>Computes the edges.</summary>
    /// <exception cref="MemoryException">The options make no sense.</exception>
    public static CausalReport Of(IEnumerable<Episode> episodes, CauseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        var wanted = options ?? new CauseOptions();
        var cause = wanted.Require();
        var (edges, tooFew, tries) = (new List<CausalEdge>(), 0, 0L);
        foreach (var kind in episodes.Where(e => wanted.Kind is null || e.Kind == wanted.Kind).GroupBy(static e => e.Kind).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            List<Episode> all = [.. kind], random = [.. all.Where(static e => e.Assigned == EpisodeAssignment.Random)];
            tries += all.Sum(static e => e.Count);
            foreach (var edge in Count(all, EdgeBasis.Observed, wanted, cause).Concat(Count(random, EdgeBasis.Randomised, wanted, cause)))
            {
                if (edge.With < wanted.MinTries || edge.Without < wanted.MinTries) tooFew++;
                else edges.Add((edge with { Kind = kind.Key }).Computed());
            }
        }

        return new CausalReport(Sorted(Adjusted(edges)), edges.Count, tooFew, tries, NotesOf(edges));
    }

    private static IEnumerable<CausalEdge> Count(List<Episode> episodes, EdgeBasis basis, CauseOptions options, string? only)
    {
        var (tables, all, allHits) = (new Dictionary<string, (long Tries, long Hits)>(StringComparer.Ordinal), 0L, 0L);
        foreach (var episode in episodes)
        {
            var hits = HasEffect(episode, options.Effect) ? episode.Count : 0;
            (all, allHits) = (all + episode.Count, allHits + hits);
            foreach (var cause in CausesOf(episode, basis).Where(c => only is null || c == only))
            {
                var (had, hit) = tables.GetValueOrDefault(cause);
                tables[cause] = (had + episode.Count, hit + hits);
            }
        }

        // What every try has in common has nothing to be compared with, and is no edge.
        return tables.Where(t => t.Value.Tries < all).OrderByDescending(static t => t.Value.Tries).ThenBy(static t => t.Key, StringComparer.Ordinal).Take(PatternLimits.MaxCauses).Select(t => new CausalEdge
        {
            Cause = t.Key, Effect = options.Effect, Basis = basis, WithEffect = t.Value.Hits, With = t.Value.Tries, WithoutEffect = allHits - t.Value.Hits, Without = all - t.Value.Tries,
        });
    }

    /// <summary>Chance assigned actions, never circumstances: tags have no randomised edge.</summary>
    private static IEnumerable<string> CausesOf(Episode episode, EdgeBasis basis)
    {
        var actions = episode.Actions.Select(static a => Action + ActionText.Normalise(a));
        return (basis == EdgeBasis.Randomised ? actions : actions.Concat(episode.Tags.Select(static t => Tag + t))).Distinct(StringComparer.Ordinal);
    }

    private static bool HasEffect(Episode episode, string effect) => effect == CauseOptions.Success ? episode.Succeeded : episode.Effects.Contains(effect, StringComparer.Ordinal);

    private static IEnumerable<CausalEdge> Adjusted(List<CausalEdge> edges)
    {
        double[] alone = [.. edges.Select(static e => e.P)];
        var (holm, benjamini) = (MultipleTests.Holm(alone), MultipleTests.BenjaminiHochberg(alone));
        return edges.Select((e, i) => e with { Holm = holm[i], BenjaminiHochberg = benjamini[i] });
    }

    private static CausalEdge[] Sorted(IEnumerable<CausalEdge> edges) =>
        [.. edges.OrderBy(static e => e.P).ThenByDescending(static e => Math.Abs(e.Uplift)).ThenBy(static e => e.Kind, StringComparer.Ordinal).ThenBy(static e => e.Cause, StringComparer.Ordinal).ThenBy(static e => e.Basis).Take(PatternLimits.MaxEdges)];

    private static string[] NotesOf(List<CausalEdge> edges)
    {
        var notes = new List<string>();
        if (edges.Exists(static e => e.Basis == EdgeBasis.Observed)) notes.Add(Observation);
        if (edges.Exists(static e => e.Basis == EdgeBasis.Randomised)) notes.Add(Experiment);
        if (edges.Count > 0) notes.Add(Looks);
        if (edges.Count > PatternLimits.MaxEdges) notes.Add($"{edges.Count - PatternLimits.MaxEdges} edges are not shown; they count as tested.");
        return [.. notes];
    }
}
