using System.Text;

namespace Skep.Memory.Patterns;

/// <summary>Which episodes to find. Without a task, those written last come first.</summary>
public sealed record EpisodeQuery
{
    /// <summary>Most episodes that one search returns.</summary>
    public const int MaxK = 200;

    /// <summary>A task whose like to find.</summary>
    public string? Task { get; init; }

    /// <summary>Only those that ended so.</summary>
    public EpisodeOutcome? Outcome { get; init; }

    /// <summary>Only those of this kind.</summary>
    public string? Kind { get; init; }

    /// <summary>Only those with all of these tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Only those with at least this reward.</summary>
    public double MinReward { get; init; }

    /// <summary>Only those whose task is at least so like <see cref="Task"/>, see <see cref="TaskLikeness"/>; 0 for all.</summary>
    public double MinLikeness { get; init; }

    /// <summary>Most episodes, 1 to <see cref="MaxK"/>.</summary>
    public int K { get; init; } = 10;

    /// <summary>Throws when it makes no sense.</summary>
    /// <exception cref="MemoryException">It does not.</exception>
    internal void Require()
    {
        if (Task is not null && string.IsNullOrWhiteSpace(Task)) throw Bad("the task to find the like of is empty: give words, or leave it out");
        if (Task is { Length: > PatternLimits.MaxTask }) throw Bad($"the task to find the like of has {Task.Length} characters, and {PatternLimits.MaxTask} are allowed");
        if (K is < 1 or > MaxK) throw Bad($"{K} cannot be the most episodes of a search: give 1 to {MaxK}");
        if (!(MinReward is >= 0 and <= 1)) throw Bad($"{MinReward} cannot be the least reward: give 0 to 1");
        if (!(MinLikeness is >= 0 and <= 1)) throw Bad($"{MinLikeness} cannot be the least likeness: give 0 to 1");
        if (MinLikeness > 0 && Task is null) throw Bad("a least likeness needs a task to be like");
        if (EpisodeCheck.KindFault(Kind) is { } fault) throw Bad(fault);
    }

    /// <summary>The condition on metadata, for the memory's own search.</summary>
    internal string FilterIn(string space)
    {
        var filter = new StringBuilder($"namespace = {Quoted(space)}");
        if (Outcome is { } outcome) filter.Append($" and tags has {Quoted(EpisodeTags.Of(outcome))}");
        if (Kind is { } kind) filter.Append($" and tags has {Quoted(EpisodeTags.OfKind(kind))}");
        foreach (var tag in Tags) filter.Append($" and tags has {Quoted(EpisodeTags.OfTag(tag))}");
        return filter.ToString();
    }

    internal static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static MemoryException Bad(string message) => new(MemoryFault.InvalidRequest, message);
}

/// <summary>The tags that an episode's entry has, so that every search in memory can ask for them: <c>success</c> or <c>failure</c>, <c>random</c>, <c>kind:K</c>, <c>tag:T</c>.</summary>
internal static class EpisodeTags
{
    internal static IReadOnlyList<string> Of(Episode episode)
    {
        var tags = new List<string> { Of(episode.Outcome) };
        if (episode.Assigned == EpisodeAssignment.Random) tags.Add("random");
        if (episode.Kind is { } kind) tags.Add(OfKind(kind));
        tags.AddRange(episode.Tags.Select(OfTag));
        return tags;
    }

    internal static string Of(EpisodeOutcome outcome) => outcome == EpisodeOutcome.Success ? "success" : "failure";

    internal static string OfKind(string kind) => $"kind:{kind}";

    internal static string OfTag(string tag) => $"tag:{tag}";
}
