using Skep.Memory.Patterns.Statistics;

namespace Skep.Memory.Patterns;

/// <summary>A sequence of actions that was tried at similar tasks.</summary>
/// <param name="Actions">The actions, as the most similar episode put them.</param>
/// <param name="Successes">How often it worked.</param>
/// <param name="Failures">How often it did not.</param>
/// <param name="Low">From which share of successes on, by Wilson's interval at 95 %.</param>
/// <param name="Score">By what it is ordered, 0 to 1: successes by likeness, with one imagined failure.</param>
/// <param name="Critique">What was last thought of it; null for nothing.</param>
public sealed record Approach(IReadOnlyList<string> Actions, long Successes, long Failures, double Low, double Score, string? Critique);

/// <summary>What was tried at similar tasks and how it went, the most promising first.</summary>
/// <param name="Approaches">What worked at least once, best first, and then what never did.</param>
/// <param name="Episodes">How many episodes that rests on.</param>
/// <param name="Notes">What was left out, and why.</param>
public sealed record Advice(IReadOnlyList<Approach> Approaches, int Episodes, IReadOnlyList<string> Notes)
{
    /// <summary>Ranks what was tried. Pure.</summary>
    /// <param name="found">Episodes with the likeness of their tasks.</param>
    public static IReadOnlyList<Approach> Rank(IEnumerable<FoundEpisode> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return [.. found.GroupBy(static f => ActionText.Normalise(f.Episode.Actions), StringComparer.Ordinal).Select(Of)
            .OrderByDescending(static a => a.Score).ThenBy(static a => a.Failures).ThenBy(static a => string.Join('\n', a.Actions), StringComparer.Ordinal)];
    }

    /// <summary>One imagined failure keeps what worked once from being worth as much as what worked ten times.</summary>
    private static Approach Of(IEnumerable<FoundEpisode> tried)
    {
        List<FoundEpisode> all = [.. tried.OrderByDescending(static f => f.Likeness ?? 0).ThenBy(static f => f.Episode.Id, StringComparer.Ordinal)];
        var (won, lost, weight, wonWeight) = (0L, 0L, 1.0, 0.0);
        foreach (var (episode, likeness) in all)
        {
            var heavy = Math.Max(0, likeness ?? 1) * episode.Count;
            weight += heavy;
            if (episode.Succeeded) (won, wonWeight) = (won + episode.Count, wonWeight + heavy);
            else lost += episode.Count;
        }

        var critique = all.OrderByDescending(static f => f.Episode.AtUnixMs).FirstOrDefault(static f => f.Episode.Critique is not null)?.Episode.Critique;
        return new Approach(all[0].Episode.Actions, won, lost, Math.Round(Proportions.Wilson(won, won + lost).Low, 6), Math.Round(wonWeight / weight, 6), critique);
    }
}
