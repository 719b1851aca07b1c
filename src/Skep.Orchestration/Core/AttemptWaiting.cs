namespace Skep.Orchestration;

/// <summary>An agent in the middle of its work waits for a person, or does so no longer.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Waits">Whether it waits.</param>
public sealed record WorkerWaits(string Task, int Attempt, bool Waits) : RunInput;

/// <summary>An attempt waits for a person, or does so no longer. Its time limit stands still meanwhile; its lease does not.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Waits">Whether it waits.</param>
public sealed record AttemptWaits(string Task, int Attempt, bool Waits) : RunEvent;
