namespace Skep.Orchestration;

/// <summary>What an attempt has used of what costs: sums since it began, so that telling them twice changes nothing.</summary>
/// <param name="Tokens">Model tokens of all kinds.</param>
/// <param name="CostUsd">US dollars; calls whose price is unknown are not in it.</param>
/// <param name="Turns">Answers of models.</param>
public sealed record AttemptUsage(long Tokens, double CostUsd, int Turns)
{
    /// <summary>Nothing.</summary>
    public static AttemptUsage None { get; } = new(0, 0, 0);

    internal bool IsMoreThan(AttemptUsage other) => this != other && Tokens >= other.Tokens && CostUsd >= other.CostUsd && Turns >= other.Turns;
}

/// <summary>An agent tells what its attempt has used so far.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Usage">Sums.</param>
public sealed record WorkerUsed(string Task, int Attempt, AttemptUsage Usage) : RunInput;

/// <summary>What an attempt has used so far. What was paid for counts, whatever became of the attempt.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Usage">Sums.</param>
public sealed record UsageReported(string Task, int Attempt, AttemptUsage Usage) : RunEvent;
