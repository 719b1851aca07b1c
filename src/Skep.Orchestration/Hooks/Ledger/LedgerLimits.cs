namespace Skep.Orchestration.Hooks;

/// <summary>Bounds of what hooks and messages leave behind.</summary>
public sealed record LedgerLimits
{
    /// <summary>Longest name of a session, agent, task or run, in characters.</summary>
    public const int MaxName = 256;

    /// <summary>Longest file path, command or other subject, in characters; what is longer is cut.</summary>
    public const int MaxSubject = 4096;

    /// <summary>Longest single value in a fact, in characters; what is longer is cut.</summary>
    public const int MaxValue = 4000;

    /// <summary>Most values in a fact.</summary>
    public const int MaxValues = 64;

    /// <summary>Longest sum of all values in a fact, in characters; what comes beyond is cut.</summary>
    public const int MaxPayload = 16_000;

    /// <summary>Longest message, in characters.</summary>
    public const int MaxMessage = 16_000;

    /// <summary>Most recipients that one message names.</summary>
    public const int MaxRecipients = 256;

    /// <summary>Most rows that one answer lists of a kind.</summary>
    public const int MaxListed = 100;

    /// <summary>Longest glob of a claim, in characters.</summary>
    public const int MaxGlob = 512;

    /// <summary>Most requests that wait for messages at once; further ones look again by themselves.</summary>
    public const int MaxWaiting = 128;

    /// <summary>Longest wait for messages.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromHours(24);

    /// <summary>Facts that are kept; the oldest are removed first. Default 1,000,000.</summary>
    public long MaxFacts { get; init; } = 1_000_000;

    /// <summary>Facts between two looks at whether there are too many, and most that one look removes beyond that. Default 1000.</summary>
    public int PruneChunk { get; init; } = 1000;

    /// <summary>Sessions that are kept; the ones that were silent longest are removed first. Default 10,000.</summary>
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>Agents that are known; the ones that were silent longest are forgotten first. Default 10,000.</summary>
    public int MaxAgents { get; init; } = 10_000;

    /// <summary>Messages that are kept for one recipient; of those that were read the oldest go first, unread ones are never dropped. Default 1000.</summary>
    public int MaxInbox { get; init; } = 1000;

    /// <summary>Messages that are kept in all. Default 200,000.</summary>
    public int MaxMessages { get; init; } = 200_000;

    /// <summary>Claims at one time. Default 2000.</summary>
    public int MaxClaims { get; init; } = 2000;

    /// <summary>How long ago an agent may have been heard of to count as there. Default 10 minutes.</summary>
    public TimeSpan AgentIsThere { get; init; } = TimeSpan.FromMinutes(10);
}
