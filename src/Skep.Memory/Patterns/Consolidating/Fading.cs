namespace Skep.Memory.Patterns.Consolidating;

/// <summary>The counts that are left of dropped episodes: one for each cell.</summary>
internal sealed class Fading(IReadOnlyCollection<Episode> before)
{
    private readonly Dictionary<string, Episode> _cells = before.ToDictionary(static e => e.Id, StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    private IEnumerable<Episode> Oldest => _cells.Values.OrderBy(static e => e.AtUnixMs).ThenBy(static e => e.Id, StringComparer.Ordinal).Take(Math.Max(0, _cells.Count - PatternLimits.MaxFaded));

    /// <summary>Counts to be written.</summary>
    internal IReadOnlyList<Episode> Changed => [.. _changed.Select(id => _cells[id]).Except(Oldest).OrderBy(static e => e.Id, StringComparer.Ordinal)];

    /// <summary>Ids of counts for which there is no room.</summary>
    internal IReadOnlyList<string> Removed => [.. Oldest.Select(static e => e.Id).Where(id => before.Any(e => e.Id == id))];

    /// <summary>How many tries those are.</summary>
    internal long Lost => Oldest.Sum(static e => e.Count);

    internal void Add(Episode episode)
    {
        var id = EpisodeCell.Of(episode).FadedId;
        var counts = episode with { Id = id, Task = "", Critique = null, Merged = [], By = MemoryAuthor.Unknown, IsFaded = true };
        // A cell that is full stays as it is: a count of a thousand million is not bent by one more.
        _cells[id] = !_cells.TryGetValue(id, out var there) ? counts : there.Count + counts.Count <= PatternLimits.MaxCount ? Merging.Join(there, counts) : there;
        _changed.Add(id);
    }
}
