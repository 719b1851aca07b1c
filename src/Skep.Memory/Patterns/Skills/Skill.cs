using System.Text.Json.Serialization;

namespace Skep.Memory.Patterns.Skills;

/// <summary>Whether a skill can be relied on.</summary>
public enum SkillStatus
{
    /// <summary>What was recorded supports it.</summary>
    [JsonStringEnumMemberName("living")]
    Living = 0,

    /// <summary>It did once, and does no longer.</summary>
    [JsonStringEnumMemberName("retired")]
    Retired = 1,
}

/// <summary>A sequence of actions that has worked again and again for tasks of one kind, with the evidence for and against it.</summary>
public sealed record Skill
{
    /// <summary>The same for the same kind (or the same first task) and actions.</summary>
    public required string Id { get; init; }

    /// <summary>The kind of tasks; null where tasks were grouped by their likeness to <see cref="Task"/>.</summary>
    public string? Kind { get; init; }

    /// <summary>A task that it worked for, the earliest that is remembered.</summary>
    public required string Task { get; init; }

    /// <summary>What to do, as the earliest success put it.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>How often it worked.</summary>
    public required long Successes { get; init; }

    /// <summary>How often the same was done and did not.</summary>
    public required long Failures { get; init; }

    /// <summary>From which share of successes on, by Wilson's interval at 95 %.</summary>
    public required double Low { get; init; }

    /// <summary>Up to which share.</summary>
    public required double High { get; init; }

    /// <summary>Mean reward of the successes.</summary>
    public required double Reward { get; init; }

    /// <summary>Ids of episodes in which it worked, at most <see cref="PatternLimits.MaxEvidence"/>.</summary>
    public required IReadOnlyList<string> Supporting { get; init; }

    /// <summary>Ids of episodes in which it did not, at most <see cref="PatternLimits.MaxEvidence"/>.</summary>
    public required IReadOnlyList<string> Contradicting { get; init; }

    /// <summary>Whether it can be relied on.</summary>
    public SkillStatus Status { get; init; }

    /// <summary>Why it was retired; null while it lives.</summary>
    public string? Reason { get; init; }

    /// <summary>When the last of its evidence was made, Unix milliseconds.</summary>
    public long LastUnixMs { get; init; }
}
