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

    /// <summary>How the agents stand to each other: star, hierarchical or mesh; see <see cref="GoalModes"/>.</summary>
    public Topology Topology { get; init; } = Topology.Star;

    /// <summary>Agents that are there already, and that the plan must make do with; empty: the plan chooses its own.</summary>
    public IReadOnlyList<GoalAgent> Roster { get; init; } = [];

    /// <summary>How much all its tasks matter; null: as the plan says.</summary>
    public Tier? Tier { get; init; }

    /// <summary>Most tasks, items of fan-outs not counted. As many again may be proposed where the mode lets agents propose.</summary>
    public int MaxTasks { get; init; } = 12;

    /// <summary>Most agents.</summary>
    public int MaxAgents { get; init; } = 6;

    /// <summary>What the run may use: every plan has a budget.</summary>
    public Budget Budget { get; init; } = new(Tokens: 500_000, AtLimit: AtLimit.Fail);

    /// <summary>Whether tasks and gates may run commands, which a model wrote.</summary>
    public bool AllowCommands { get; init; }
}

/// <summary>An agent that a plan may use.</summary>
/// <param name="Id">Its id, as plans name agents.</param>
/// <param name="Role">What it does, in words.</param>
public sealed record GoalAgent(string Id, string Role);

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

    /// <summary>What says how work is divided rather than what kind of work it is.</summary>
    private static readonly Dictionary<string, string> Shapes = new(StringComparer.Ordinal)
    {
        ["parallel"] = "Divide the work so that as much of it as possible is done at the same time.",
        ["sequential"] = "Divide the work into steps, one after the other, each with the result of the one before.",
        ["balanced"] = "Give every agent about as much to do as the others.",
        ["adaptive"] = Advice[Auto],
    };

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Advice.Keys];

    /// <summary>Names of ways to divide work, which can stand in place of a kind.</summary>
    public static IReadOnlyList<string> ShapeNames { get; } = [.. Shapes.Keys];

    /// <summary>What a kind of work, or a way to divide it, asks of a plan.</summary>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static string AdviceOf(string strategy) => Advice.GetValueOrDefault(strategy) ?? Shapes.GetValueOrDefault(strategy) ?? throw new ArgumentException($"there is no strategy '{strategy}'; there are: {string.Join(", ", Names)}", nameof(strategy));
}
