namespace Skep.Memory.Patterns.Consolidating;

/// <summary>
/// Decides what is merged and what is forgotten. Pure: the same episodes at the same time give the same plan, and nothing is left to do after it was carried out.
/// <para>
/// Value: (½ + ½ · reward) · (1 + log₂ count) · ½^(age / half-life). Evidence of a living skill stays whatever it is worth. What is dropped leaves its counts behind: if failures, which are worth less,
/// vanished from the counts too, everything that is computed from the rest would look better than it was.
/// </para>
/// </summary>
public static class Consolidator
{
    /// <summary>Makes the plan.</summary>
    /// <param name="episodes">All of a namespace.</param>
    /// <param name="faded">The counts that earlier consolidations left.</param>
    /// <param name="evidence">Ids of episodes that speak for or against a living skill.</param>
    /// <param name="nowUnixMs">The time, Unix milliseconds.</param>
    /// <param name="options">What to merge and what to drop.</param>
    /// <exception cref="MemoryException">The options make no sense.</exception>
    public static ConsolidationPlan Plan(IReadOnlyCollection<Episode> episodes, IReadOnlyCollection<Episode> faded, IReadOnlySet<string> evidence, long nowUnixMs, ConsolidateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        ArgumentNullException.ThrowIfNull(faded);
        ArgumentNullException.ThrowIfNull(evidence);
        var wanted = options ?? new ConsolidateOptions();
        wanted.Require();
        var merging = new Merging(wanted.MinLikeness);
        foreach (var episode in episodes.OrderBy(static e => e.Id, StringComparer.Ordinal)) merging.Add(episode);
        var kept = merging.Kept;
        var free = kept.Where(k => !k.Episode.Ids.Any(evidence.Contains)).ToList();
        // A drop changes the episode and its cell of counts.
        var room = Math.Max(0, (PatternLimits.MaxChanges - merging.Changes) / 2);
        var drops = Drops(free.ConvertAll(k => (k.Episode.Id, ValueOf(k.Episode, nowUnixMs, wanted.HalfLife))), kept.Count, wanted, room);
        return Made(merging, drops, faded, free.Count, episodes.Count, isCut: merging.IsCut || (drops.Count == room && room < free.Count));
    }

    /// <summary>What an episode is worth at a time.</summary>
    internal static double ValueOf(Episode episode, long nowUnixMs, TimeSpan halfLife) =>
        (0.5 + (0.5 * episode.Reward)) * (1 + Math.Log2(episode.Count)) * Math.Pow(0.5, Math.Max(0, nowUnixMs - episode.AtUnixMs) / halfLife.TotalMilliseconds);

    /// <summary>Those below the least value, and the least valuable beyond the most that are kept.</summary>
    private static List<Drop> Drops(List<(string Id, double Value)> free, int all, ConsolidateOptions options, int room)
    {
        var drops = new List<Drop>();
        foreach (var (id, value) in free.OrderBy(static f => f.Value).ThenBy(static f => f.Id, StringComparer.Ordinal).Take(room))
        {
            var isWorthless = value < options.MinValue;
            if (!isWorthless && all - drops.Count <= options.Keep) break;
            drops.Add(new Drop(id, Math.Round(value, 6), isWorthless ? $"its value is below {options.MinValue}" : $"more than {options.Keep} are there, and it is worth least"));
        }

        return drops;
    }

    private static ConsolidationPlan Made(Merging merging, List<Drop> drops, IReadOnlyCollection<Episode> faded, int free, int before, bool isCut)
    {
        var gone = drops.Select(static d => d.Id).ToHashSet(StringComparer.Ordinal);
        var fading = new Fading(faded);
        foreach (var item in merging.Kept.Where(k => gone.Contains(k.Episode.Id))) fading.Add(item.Episode);
        var notes = new List<string>();
        if (isCut) notes.Add($"one consolidation changes at most {PatternLimits.MaxChanges} entries: consolidate again for the rest");
        if (fading.Lost > 0) notes.Add($"more than {PatternLimits.MaxFaded} cells of counts are left of what was dropped: the oldest, of {fading.Lost} tries, are gone for good");
        return new ConsolidationPlan
        {
            Merges = [.. merging.Kept.Where(static k => k.Taken.Count > 0).Select(static k => new Merge(k.Episode.Id, k.Taken, k.Episode.Count))],
            Drops = drops,
            Before = before,
            After = merging.Kept.Count - drops.Count,
            Evidence = merging.Kept.Count - free,
            Notes = notes,
            Stored = [.. merging.Kept.Where(k => k.Taken.Count > 0 && !gone.Contains(k.Episode.Id)).Select(static k => k.Episode)],
            Removed = [.. merging.Kept.SelectMany(static k => k.Taken), .. drops.Select(static d => d.Id)],
            Faded = fading.Changed,
            RemovedFaded = fading.Removed,
        };
    }
}
