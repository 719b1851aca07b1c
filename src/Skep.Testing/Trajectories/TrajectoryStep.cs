namespace Skep.Testing;

/// <summary>What happens in a trajectory.</summary>
public enum TrajectoryStepKind
{
    /// <summary>The user says something.</summary>
    Asked,

    /// <summary>The model says something.</summary>
    Said,

    /// <summary>The model calls a tool.</summary>
    Called,

    /// <summary>A tool gives a result.</summary>
    Returned,
}

/// <summary>A step of a trajectory.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Text">What is said, a call's arguments as JSON, or a result.</param>
public sealed record TrajectoryStep(TrajectoryStepKind Kind, string Text)
{
    /// <summary>The turn of the model that it belongs to, from 1; 0 before the first.</summary>
    public int Turn { get; init; }

    /// <summary>The tool; null when there is none.</summary>
    public string? Tool { get; init; }

    /// <summary>What the user says.</summary>
    public static TrajectoryStep Asked(string text) => new(TrajectoryStepKind.Asked, text);

    /// <summary>What the model says.</summary>
    public static TrajectoryStep Said(string text, int turn) => new(TrajectoryStepKind.Said, text) { Turn = turn };

    /// <summary>A call of a tool.</summary>
    public static TrajectoryStep Called(string tool, string arguments, int turn) => new(TrajectoryStepKind.Called, arguments) { Tool = tool, Turn = turn };

    /// <summary>What a tool gave.</summary>
    public static TrajectoryStep Returned(string? tool, string result, int turn) => new(TrajectoryStepKind.Returned, result) { Tool = tool, Turn = turn };
}
