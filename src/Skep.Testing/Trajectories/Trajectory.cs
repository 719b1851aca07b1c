using System.Text;

namespace Skep.Testing;

/// <summary>
/// The way that an agent took, with assertions about it. Each assertion gives the trajectory back, so that they can be strung together; one that fails throws a
/// <see cref="TrajectoryException"/> whose message shows the whole way.
/// </summary>
public sealed partial class Trajectory
{
    private const int ShownText = 300;
    private const int ShownSteps = 200;

    /// <summary>Makes one from steps.</summary>
    /// <param name="steps">The steps in order.</param>
    /// <param name="tokens">What all turns used.</param>
    /// <param name="name">Whose it is, for messages.</param>
    public Trajectory(IEnumerable<TrajectoryStep> steps, long tokens = 0, string name = "trajectory")
    {
        Steps = [.. steps];
        (Tokens, Name) = (tokens, name);
    }

    /// <summary>Whose it is.</summary>
    public string Name { get; }

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<TrajectoryStep> Steps { get; }

    /// <summary>Tokens that all turns used, those that were asked for again included.</summary>
    public long Tokens { get; }

    /// <summary>Turns of the model.</summary>
    public int Turns => Steps.Count == 0 ? 0 : Steps.Max(s => s.Turn);

    /// <summary>The calls of tools in order.</summary>
    public IReadOnlyList<TrajectoryStep> Calls => [.. Steps.Where(s => s.Kind == TrajectoryStepKind.Called)];

    /// <summary>The last text of the model, if it ended with one; else null.</summary>
    public string? FinalAnswer => Steps is [.., { Kind: TrajectoryStepKind.Said } last] ? last.Text : null;

    /// <summary>What an agent did, from the exchanges of a model.</summary>
    /// <param name="exchanges">The model's log.</param>
    /// <param name="agent">The agent (<see cref="ModelRequest.Agent"/>); null: all exchanges, which must be of one conversation then.</param>
    public static Trajectory From(ExchangeLog exchanges, string? agent = null)
    {
        ArgumentNullException.ThrowIfNull(exchanges);
        return From(agent is null ? exchanges.All() : exchanges.Of(agent), agent ?? "trajectory");
    }

    /// <summary>What happened in exchanges of one conversation, oldest first. A turn that was asked for again counts once, its tokens every time.</summary>
    public static Trajectory From(IEnumerable<Exchange> exchanges, string name = "trajectory") => TrajectoryBuilder.Build(exchanges, name);

    /// <summary>The way, a step a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Name}: {Turns} turns, {Calls.Count} calls, {Tokens} tokens\n");
        foreach (var step in Steps.Take(ShownSteps)) text.Append(Line(step)).Append('\n');
        if (Steps.Count > ShownSteps) text.Append($"  and {Steps.Count - ShownSteps} steps more\n");
        return text.ToString();
    }

    private static string Line(TrajectoryStep step) => step.Kind switch
    {
        TrajectoryStepKind.Asked => $"    user  : {Short(step.Text)}",
        TrajectoryStepKind.Said => $"{step.Turn,3} model : {Short(step.Text)}",
        TrajectoryStepKind.Called => $"{step.Turn,3} call  : {step.Tool} {Short(step.Text)}",
        _ => $"{step.Turn,3} result: {step.Tool} {Short(step.Text)}",
    };

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= ShownText ? line : Wire.TextPieces.Head(line, ShownText) + "…";
    }

    private Trajectory Require(bool holds, string expected) => holds ? this : throw new TrajectoryException($"Expected {expected}.\n{this}", this);
}

/// <summary>A trajectory is not as it should be.</summary>
/// <param name="message">What was expected, and the way that was taken.</param>
/// <param name="trajectory">The trajectory.</param>
public sealed class TrajectoryException(string message, Trajectory trajectory) : Exception(message)
{
    /// <summary>The trajectory.</summary>
    public Trajectory Trajectory { get; } = trajectory;
}
