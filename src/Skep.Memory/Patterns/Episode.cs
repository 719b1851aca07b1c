using System.Text.Json.Serialization;

namespace Skep.Memory.Patterns;

/// <summary>How an episode ended.</summary>
public enum EpisodeOutcome
{
    /// <summary>It did not do what it was to do.</summary>
    [JsonStringEnumMemberName("failure")]
    Failure = 0,

    /// <summary>It did what it was to do, by whatever checked it.</summary>
    [JsonStringEnumMemberName("success")]
    Success = 1,
}

/// <summary>Who or what decided which actions an episode took.</summary>
public enum EpisodeAssignment
{
    /// <summary>Whoever did the work: what led to the choice may also have led to the outcome.</summary>
    [JsonStringEnumMemberName("chosen")]
    Chosen = 0,

    /// <summary>Chance alone, before the work began: only then does a difference between outcomes speak of cause.</summary>
    [JsonStringEnumMemberName("random")]
    Random = 1,
}

/// <summary>One try at a task: what was done, how it ended, and what was thought of it.</summary>
public sealed record Episode
{
    /// <summary>Its name within its namespace. Ids that sort by time make the earliest of several alike the one that stays.</summary>
    public string Id { get; init; } = "";

    /// <summary>What was to be done, in words; empty only where <see cref="IsFaded"/>.</summary>
    public required string Task { get; init; }

    /// <summary>A short label of tasks that are done alike, such as <c>parse-invoice</c>; null for none.</summary>
    public string? Kind { get; init; }

    /// <summary>What was done, in order, in short words; compared by <see cref="ActionText"/>.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Circumstances that were there before the work began, such as <c>lang:cs</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What else was seen afterwards, such as <c>timed-out</c>.</summary>
    public IReadOnlyList<string> Effects { get; init; } = [];

    /// <summary>How it ended.</summary>
    public required EpisodeOutcome Outcome { get; init; }

    /// <summary>How good that was, 0 to 1; of several that were merged, the mean.</summary>
    public double Reward { get; init; }

    /// <summary>What to do better, or what made it work; null for nothing.</summary>
    public string? Critique { get; init; }

    /// <summary>What decided on the actions.</summary>
    public EpisodeAssignment Assigned { get; init; }

    /// <summary>Who did it: the author of its entry.</summary>
    public MemoryAuthor By { get; init; } = MemoryAuthor.Unknown;

    /// <summary>When it ended, Unix milliseconds; of several that were merged, the last.</summary>
    public long AtUnixMs { get; init; }

    /// <summary>How many tries it stands for.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Ids of others that were merged into it, in ordinal order.</summary>
    public IReadOnlyList<string> Merged { get; init; } = [];

    /// <summary>Whether only the counts are left: task, critique and ids were dropped, so that what is forgotten does not bend what is counted.</summary>
    public bool IsFaded { get; init; }

    /// <summary>Whether it did what it was to do.</summary>
    [JsonIgnore]
    public bool Succeeded => Outcome == EpisodeOutcome.Success;

    /// <summary>Its id and those of the episodes that were merged into it.</summary>
    [JsonIgnore]
    public IEnumerable<string> Ids => IsFaded ? [] : Merged.Prepend(Id);
}
