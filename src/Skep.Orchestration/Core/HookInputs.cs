namespace Skep.Orchestration;

/// <summary>A hook ran.</summary>
/// <param name="Event">What is to be recorded of it.</param>
public sealed record HookReported(HookRan Event) : RunInput;

/// <summary>The hooks before the run have run.</summary>
/// <param name="Forbidden">Why the run must not begin, or null.</param>
public sealed record PreRunAnswered(string? Forbidden) : RunInput;

/// <summary>An agent's work is over, and hooks follow before it answers: the time limit of the work no longer counts.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
public sealed record WorkerFinished(string Task, int Attempt) : RunInput;

/// <summary>The values of a task have been stored in the folder's memory, or could not be.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Error">Why they could not be stored, or null.</param>
public sealed record MemoryAnswered(string Task, int Attempt, string? Error) : RunInput;
