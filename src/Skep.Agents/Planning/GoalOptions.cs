using Skep.Plans;

namespace Skep.Agents.Planning;

/// <summary>What a plan for a goal is to be like.</summary>
public sealed record GoalOptions
{
    /// <summary>Longest goal, in characters.</summary>
    public const int MaxGoal = 20_000;

    /// <summary>What is to be reached.</summary>
    public required string Goal { get; init; }

    /// <summary>Kind of work: one of <see cref="GoalStrategies.Names"/>.</summary>
    public string Strategy { get; init; } = GoalStrategies.Auto;

    /// <summary>How the agents stand to each other.</summary>
    public Topology Topology { get; init; } = Topology.Hierarchical;

    /// <summary>Most tasks, items of fan-outs not counted.</summary>
    public int MaxTasks { get; init; } = 12;

    /// <summary>Most agents.</summary>
    public int MaxAgents { get; init; } = 6;

    /// <summary>What the run may use: every plan has a budget.</summary>
    public Budget Budget { get; init; } = new(Tokens: 500_000, AtLimit: AtLimit.Fail);

    /// <summary>Whether tasks and gates may run commands, which a model wrote.</summary>
    public bool AllowCommands { get; init; }
}

/// <summary>Kinds of work, and what each asks of a plan.</summary>
public static class GoalStrategies
{
    /// <summary>The model chooses.</summary>
    public const string Auto = "auto";

    private static readonly Dictionary<string, string> Advice = new(StringComparer.Ordinal)
    {
        [Auto] = "Choose the shape that the goal asks for.",
        ["research"] = "Several agents look into different sides of the question beside each other, one doubts what they found, one joins it into an answer with its sources.",
        ["development"] = "State what is wanted and how it is accepted; design; build in parts that can be worked on beside each other; review; join.",
        ["testing"] = "List what must hold; design cases beside each other by area, the unusual ones included; judge what they found; report.",
        ["optimization"] = "Say what is measured and how; find where the cost lies; propose changes beside each other; compare them with the measure; decide.",
    };

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Advice.Keys];

    /// <summary>What a kind asks of a plan.</summary>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static string AdviceOf(string strategy) => Advice.GetValueOrDefault(strategy) ?? throw new ArgumentException($"there is no strategy '{strategy}'; there are: {string.Join(", ", Names)}", nameof(strategy));
}
