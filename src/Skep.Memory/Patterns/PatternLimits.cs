namespace Skep.Memory.Patterns;

/// <summary>Bounds of episodes and of what is computed from them. What does not fit is refused with an error that names the bound, or counted in a note.</summary>
public static class PatternLimits
{
    /// <summary>Most characters of an episode's task.</summary>
    public const int MaxTask = 4_096;

    /// <summary>Most characters of a kind.</summary>
    public const int MaxKind = 64;

    /// <summary>Most actions of an episode.</summary>
    public const int MaxActions = 64;

    /// <summary>Most characters of an action.</summary>
    public const int MaxAction = 256;

    /// <summary>Most tags of an episode, and most effects.</summary>
    public const int MaxTags = 16;

    /// <summary>Most characters of a tag or an effect.</summary>
    public const int MaxTag = 64;

    /// <summary>Most characters of a critique.</summary>
    public const int MaxCritique = 8_192;

    /// <summary>Most characters of an episode's id.</summary>
    public const int MaxId = 128;

    /// <summary>Most times that one episode stands for, once others have been merged into it.</summary>
    public const long MaxCount = 1_000_000_000;

    /// <summary>Most ids of others that were merged into an episode; one with that many takes in no more.</summary>
    public const int MaxMerged = 256;

    /// <summary>Most episodes of a namespace: recording one more is refused until some have been consolidated.</summary>
    public const int MaxEpisodes = 20_000;

    /// <summary>Most cells of counts that a namespace keeps of episodes it has dropped; the oldest go first, and are counted in a note.</summary>
    public const int MaxFaded = 5_000;

    /// <summary>Most skills that one distillation yields, the best supported first.</summary>
    public const int MaxSkills = 2_000;

    /// <summary>Most ids of supporting, and of contradicting, episodes that a skill names; its counts are of all.</summary>
    public const int MaxEvidence = 1_000;

    /// <summary>Most edges that one report holds; all that were tested count as tested.</summary>
    public const int MaxEdges = 500;

    /// <summary>Most different causes of one kind that are tested, the most frequent first.</summary>
    public const int MaxCauses = 1_000;

    /// <summary>How many representatives a task is compared with when like ones are looked for, the latest first.</summary>
    public const int MaxCompared = 512;

    /// <summary>Most entries that one consolidation changes; what is left is done by the next.</summary>
    public const int MaxChanges = 5_000;
}
