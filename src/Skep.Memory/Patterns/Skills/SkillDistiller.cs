using Skep.Memory.Patterns.Statistics;

namespace Skep.Memory.Patterns.Skills;

/// <summary>
/// Finds what has worked again and again: episodes of one kind, or without a kind and with similar tasks, that took the same actions. Pure; the same episodes give the same skills in
/// whatever order they come.
/// </summary>
public static class SkillDistiller
{
    /// <summary>The skills that episodes support, best supported first.</summary>
    /// <exception cref="MemoryException">The options make no sense.</exception>
    public static IReadOnlyList<Skill> Distill(IEnumerable<Episode> episodes, DistillOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        var wanted = options ?? new DistillOptions();
        wanted.Require();
        return Living(SkillGroups.Of(episodes, wanted.MinLikeness), wanted);
    }

    /// <summary>What the skills that were there before become: those that are still supported as they are now, the others retired with the reason. What was retired before stays as it was then.</summary>
    /// <exception cref="MemoryException">The options make no sense.</exception>
    public static IReadOnlyList<Skill> Revise(IEnumerable<Skill> before, IEnumerable<Episode> episodes, DistillOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(episodes);
        var wanted = options ?? new DistillOptions();
        wanted.Require();
        var groups = SkillGroups.Of(episodes, wanted.MinLikeness).ToDictionary(static g => g.Id, StringComparer.Ordinal);
        var living = Living(groups.Values, wanted);
        var lives = living.Select(static s => s.Id).ToHashSet(StringComparer.Ordinal);
        return [.. living, .. before.Where(s => !lives.Contains(s.Id)).Select(s => s.Status == SkillStatus.Retired ? s : Retire(s, groups.GetValueOrDefault(s.Id), wanted)).OrderBy(static s => s.Id, StringComparer.Ordinal)];
    }

    /// <summary>Ids of all episodes that speak for or against a living skill: those of the skills that are stored, and those that a distillation would find now.</summary>
    internal static HashSet<string> Evidence(IEnumerable<Skill> stored, IEnumerable<Episode> episodes)
    {
        var (living, options) = (stored.Where(static s => s.Status == SkillStatus.Living).ToList(), new DistillOptions());
        var lives = living.Select(static s => s.Id).ToHashSet(StringComparer.Ordinal);
        // A skill names a bounded number of ids; its group has all.
        var groups = SkillGroups.Of(episodes, options.MinLikeness).Where(g => lives.Contains(g.Id) || FaultOf(g, options) is null);
        return [.. living.SelectMany(static s => s.Supporting.Concat(s.Contradicting)), .. groups.SelectMany(static g => g.Successes.Concat(g.Failures)).SelectMany(static e => e.Ids)];
    }

    private static Skill[] Living(IEnumerable<SkillGroup> groups, DistillOptions options) =>
        [.. groups.Where(g => FaultOf(g, options) is null).Select(Of)
            .OrderByDescending(static s => s.Low).ThenByDescending(static s => s.Successes).ThenBy(static s => s.Id, StringComparer.Ordinal).Take(PatternLimits.MaxSkills)];

    private static Skill Of(SkillGroup group)
    {
        var (first, share) = (group.Successes[0], Proportions.Wilson(group.Won, group.Won + group.Lost));
        return new Skill
        {
            Id = group.Id,
            Kind = first.Kind,
            Task = group.Successes.FirstOrDefault(static e => !e.IsFaded)?.Task ?? "",
            Actions = first.Actions,
            Successes = group.Won,
            Failures = group.Lost,
            Low = Round(share.Low),
            High = Round(share.High),
            Reward = Round(group.Successes.Sum(static e => e.Reward * e.Count) / group.Won),
            Supporting = Ids(group.Successes),
            Contradicting = Ids(group.Failures),
            LastUnixMs = group.Successes.Concat(group.Failures).Max(static e => e.AtUnixMs),
        };
    }

    private static Skill Retire(Skill skill, SkillGroup? group, DistillOptions options)
    {
        var left = group ?? new SkillGroup(skill.Id, [], []);
        var share = Proportions.Wilson(left.Won, left.Won + left.Lost);
        return skill with
        {
            Status = SkillStatus.Retired,
            Reason = group is null ? "no episode of it is remembered" : FaultOf(group, options) ?? $"{PatternLimits.MaxSkills} skills are better supported",
            Successes = left.Won,
            Failures = left.Lost,
            Low = Round(share.Low),
            High = Round(share.High),
            Supporting = Ids(left.Successes),
            Contradicting = Ids(left.Failures),
        };
    }

    private static string? FaultOf(SkillGroup group, DistillOptions options)
    {
        if (group.Won < options.MinSuccesses) return $"{group.Won} successes support it, and {options.MinSuccesses} are needed";
        var low = Proportions.Wilson(group.Won, group.Won + group.Lost).Low;
        return low >= options.MinLow ? null : $"{group.Won} of {group.Won + group.Lost} succeeded: the lower end of that share, {low:0.00}, is below {options.MinLow:0.00}";
    }

    private static string[] Ids(IReadOnlyList<Episode> episodes) => [.. episodes.SelectMany(static e => e.Ids).Order(StringComparer.Ordinal).Take(PatternLimits.MaxEvidence)];

    /// <summary>So that sums in another order give the same skill.</summary>
    private static double Round(double number) => Math.Round(number, 6);
}
