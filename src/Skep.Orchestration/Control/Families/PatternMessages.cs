using System.Text.Json.Serialization;

namespace Skep.Orchestration;

/// <summary>The requests about episodes, and what is made of them, that an owner understands. All take <c>space</c>, the namespace of the episodes.</summary>
public static class PatternOps
{
    /// <summary>Records an episode: <c>task</c>, <c>actions</c>, <c>outcome</c>; <c>id</c>, <c>kind</c>, <c>tags</c>, <c>effects</c>, <c>reward</c>, <c>critique</c>, <c>assigned</c>, <c>atUnixMs</c>, <c>agent</c>, <c>byTask</c>, <c>run</c>.</summary>
    public const string Record = "patterns.record";

    /// <summary>Finds episodes: <c>task</c>, <c>outcome</c>, <c>kind</c>, <c>tags</c>, <c>minReward</c>, <c>minLikeness</c>, <c>limit</c>.</summary>
    public const string Search = "patterns.search";

    /// <summary>Lists episodes: <c>after</c>, <c>limit</c>.</summary>
    public const string List = "patterns.list";

    /// <summary>Ranks what was tried at similar tasks; takes what <see cref="Search"/> takes.</summary>
    public const string Advise = "patterns.advise";

    /// <summary>Distils skills: <c>minSuccesses</c>, <c>minLow</c>, <c>minLikeness</c>, <c>dryRun</c>.</summary>
    public const string Distill = "patterns.distill";

    /// <summary>Lists skills, or finds them for a <c>task</c>: <c>kind</c>, <c>retired</c>, <c>limit</c>.</summary>
    public const string Skills = "patterns.skills";

    /// <summary>Computes causal notes: <c>kind</c>, <c>cause</c>, <c>effect</c>, <c>minTries</c>.</summary>
    public const string Causes = "patterns.causes";

    /// <summary>Merges and drops episodes: <c>minLikeness</c>, <c>halfLifeMs</c>, <c>minValue</c>, <c>keep</c>, <c>dryRun</c>.</summary>
    public const string Consolidate = "patterns.consolidate";
}

/// <summary>Arguments of all requests about episodes; see <see cref="PatternOps"/> for which take which.</summary>
public sealed record PatternArgs
{
    /// <summary>The namespace of the episodes; <c>episodes</c> unless given.</summary>
    public string? Space { get; init; }

    /// <summary>Id of an episode.</summary>
    public string? Id { get; init; }

    /// <summary>What was, or is, to be done.</summary>
    public string? Task { get; init; }

    /// <summary>Kind of task.</summary>
    public string? Kind { get; init; }

    /// <summary>What was done.</summary>
    public IReadOnlyList<string>? Actions { get; init; }

    /// <summary>Circumstances.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>What else was seen afterwards.</summary>
    public IReadOnlyList<string>? Effects { get; init; }

    /// <summary>success or failure.</summary>
    public string? Outcome { get; init; }

    /// <summary>0 to 1; 1 for a success and 0 for a failure unless given.</summary>
    public double? Reward { get; init; }

    /// <summary>What was thought of it.</summary>
    public string? Critique { get; init; }

    /// <summary>chosen or random; chosen unless given.</summary>
    public string? Assigned { get; init; }

    /// <summary>When it ended, Unix milliseconds; now unless given.</summary>
    public long? AtUnixMs { get; init; }

    /// <summary>Who did it: agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Who did it: task of a plan.</summary>
    public string? ByTask { get; init; }

    /// <summary>Who did it: run.</summary>
    public string? Run { get; init; }

    /// <summary>Least reward.</summary>
    public double? MinReward { get; init; }

    /// <summary>Least likeness of tasks.</summary>
    public double? MinLikeness { get; init; }

    /// <summary>Where to go on.</summary>
    public string? After { get; init; }

    /// <summary>Most of them.</summary>
    public int? Limit { get; init; }

    /// <summary>Fewest successes of a skill.</summary>
    public int? MinSuccesses { get; init; }

    /// <summary>Least lower end of a skill's share of successes.</summary>
    public double? MinLow { get; init; }

    /// <summary>Whether to list retired skills, too.</summary>
    public bool Retired { get; init; }

    /// <summary>Only this cause.</summary>
    public string? Cause { get; init; }

    /// <summary>Towards which effect.</summary>
    public string? Effect { get; init; }

    /// <summary>Fewest tries on each side of an edge.</summary>
    public int? MinTries { get; init; }

    /// <summary>After which time an episode's value is halved, milliseconds.</summary>
    public double? HalfLifeMs { get; init; }

    /// <summary>Below which value an episode is dropped.</summary>
    public double? MinValue { get; init; }

    /// <summary>Most episodes that are kept.</summary>
    public int? Keep { get; init; }

    /// <summary>Only tell what would be done.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What a long request sends first: that it was understood.</summary>
/// <param name="Op">The request.</param>
public sealed record PatternWorkingMessage(string Op);

/// <summary>Generated JSON code for requests about episodes. Answers are those of <see cref="Skep.Memory.Patterns.PatternJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PatternArgs))]
[JsonSerializable(typeof(PatternWorkingMessage))]
public sealed partial class PatternArgsJson : JsonSerializerContext;
