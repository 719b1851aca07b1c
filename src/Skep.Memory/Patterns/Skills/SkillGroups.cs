namespace Skep.Memory.Patterns.Skills;

/// <summary>Episodes that took the same actions at tasks of one kind.</summary>
/// <param name="Id">The id that its skill has.</param>
/// <param name="Successes">Those that worked, by id; what is left of forgotten ones last.</param>
/// <param name="Failures">Those that did not, in the same order.</param>
internal sealed record SkillGroup(string Id, IReadOnlyList<Episode> Successes, IReadOnlyList<Episode> Failures)
{
    internal long Won { get; } = Successes.Sum(static e => e.Count);

    internal long Lost { get; } = Failures.Sum(static e => e.Count);
}

/// <summary>Which episodes speak for or against the same skill.</summary>
internal static class SkillGroups
{
    internal static IEnumerable<SkillGroup> Of(IEnumerable<Episode> episodes, double likeness)
    {
        var ordered = episodes.OrderBy(static e => e.IsFaded).ThenBy(static e => e.Id, StringComparer.Ordinal).ToList();
        foreach (var group in ordered.GroupBy(static e => (e.Kind, Actions: ActionText.Normalise(e.Actions))))
        {
            if (group.Key.Kind is { } kind) yield return Make(PatternHash.Of("kind", kind, group.Key.Actions), kind, group);
            else foreach (var (first, alike) in ByTask(group, likeness)) yield return Make(PatternHash.Of("task", first, group.Key.Actions), "task", alike);
        }
    }

    /// <summary>Each goes to the first representative that it is like, or becomes one. What is left of forgotten ones has no task, and so no group.</summary>
    private static IEnumerable<(string First, List<Episode> Alike)> ByTask(IEnumerable<Episode> episodes, double likeness)
    {
        var likenesses = new TaskLikeness();
        var groups = new List<(float[] Vector, string First, List<Episode> Alike)>();
        foreach (var episode in episodes.Where(static e => !e.IsFaded))
        {
            var vector = likenesses.Of(episode.Task);
            var at = groups.FindIndex(Math.Max(0, groups.Count - PatternLimits.MaxCompared), g => TaskLikeness.Between(g.Vector, vector) >= likeness);
            if (at < 0) groups.Add((vector, episode.Id, [episode]));
            else groups[at].Alike.Add(episode);
        }

        return groups.Select(static g => (g.First, g.Alike));
    }

    private static SkillGroup Make(string hash, string name, IEnumerable<Episode> episodes)
    {
        var all = episodes.ToLookup(static e => e.Succeeded);
        return new SkillGroup($"{name}-{hash}", [.. all[true]], [.. all[false]]);
    }
}
