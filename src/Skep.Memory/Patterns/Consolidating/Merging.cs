namespace Skep.Memory.Patterns.Consolidating;

/// <summary>Merges episodes that count alike and are told in nearly the same words. Takes them by id: the first of several stays.</summary>
internal sealed class Merging(double likeness)
{
    private readonly TaskLikeness _likenesses = new();
    private readonly Dictionary<EpisodeCell, List<Item>> _cells = [];
    private readonly List<Item> _kept = [];

    /// <summary>What stays, with what it took in.</summary>
    internal IReadOnlyList<Item> Kept => _kept;

    /// <summary>Entries that change.</summary>
    internal int Changes { get; private set; }

    /// <summary>Whether there was more to merge than one consolidation may change.</summary>
    internal bool IsCut { get; private set; }

    internal void Add(Episode episode)
    {
        var cell = EpisodeCell.Of(episode);
        if (!_cells.TryGetValue(cell, out var items)) _cells[cell] = items = [];
        var item = new Item(episode, _likenesses.Of(episode.Task));
        for (var i = Math.Max(0, items.Count - PatternLimits.MaxCompared); i < items.Count; i++)
        {
            if (items[i].Fits(item, likeness) && HasRoom(items[i]))
            {
                Changes += items[i].Taken.Count == 0 ? 2 : 1;
                items[i].Take(episode);
                return;
            }
        }

        items.Add(item);
        _kept.Add(item);
    }

    private bool HasRoom(Item into)
    {
        if (Changes + (into.Taken.Count == 0 ? 2 : 1) <= PatternLimits.MaxChanges) return true;
        IsCut = true;
        return false;
    }

    /// <summary>An episode that stays.</summary>
    internal sealed class Item(Episode episode, float[] vector)
    {
        private readonly List<string> _taken = [];

        internal Episode Episode { get; private set; } = episode;

        /// <summary>Ids of the entries that were merged into it.</summary>
        internal IReadOnlyList<string> Taken => _taken;

        private float[] Vector => vector;

        internal bool Fits(Item other, double likeness) =>
            Episode.Merged.Count + 1 + other.Episode.Merged.Count <= PatternLimits.MaxMerged && Episode.Count + other.Episode.Count <= PatternLimits.MaxCount && TaskLikeness.Between(vector, other.Vector) >= likeness;

        internal void Take(Episode other)
        {
            _taken.Add(other.Id);
            Episode = Join(Episode, other) with { Merged = [.. Episode.Merged.Concat(other.Ids).Order(StringComparer.Ordinal)] };
        }
    }

    /// <summary>One episode for two of the same cell: all counts, the mean reward, the critique and time of the later one.</summary>
    internal static Episode Join(Episode one, Episode two)
    {
        var later = two.AtUnixMs >= one.AtUnixMs ? two : one;
        return one with
        {
            Count = one.Count + two.Count,
            Reward = Math.Clamp(((one.Reward * one.Count) + (two.Reward * two.Count)) / (one.Count + two.Count), 0, 1),
            Critique = later.Critique ?? one.Critique ?? two.Critique,
            AtUnixMs = later.AtUnixMs,
        };
    }
}
