namespace Skep.Orchestration;

/// <summary>What reaches the queen: a message of a worker, a control request, or the clock.</summary>
public abstract record RunInput;

/// <summary>Begin.</summary>
/// <param name="Event">The first event.</param>
public sealed record StartRun(RunStarted Event) : RunInput;

/// <summary>A queen takes over: attempts that cannot have survived are lost.</summary>
/// <param name="By">Who.</param>
/// <param name="Survives">Tells for an executor kind whether its attempts outlive a process.</param>
public sealed record RecoverRun(string By, Func<string, bool> Survives) : RunInput;

/// <summary>Time has passed.</summary>
public sealed record Tick : RunInput
{
    /// <summary>The only one.</summary>
    public static Tick Instance { get; } = new();
}

/// <summary>
/// The queen could not listen for a while, because the machine slept or the disk stood still: silence in that time says nothing about the agents.
/// </summary>
public sealed record Overslept : RunInput
{
    /// <summary>The only one.</summary>
    public static Overslept Instance { get; } = new();
}

/// <summary>An agent began.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="AgentName">Name of the instance.</param>
public sealed record WorkerStarted(string Task, int Attempt, string AgentName) : RunInput;

/// <summary>An agent lives.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
public sealed record WorkerHeartbeat(string Task, int Attempt) : RunInput;

/// <summary>An agent's last line.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Line">The line.</param>
public sealed record WorkerProgress(string Task, int Attempt, string Line) : RunInput;

/// <summary>An agent's answer.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Result">What came of it.</param>
public sealed record WorkerAnswered(string Task, int Attempt, AttemptResult Result) : RunInput
{
    /// <summary>Whether its work began. False for an attempt that says so itself when it begins: a hook may keep it from that.</summary>
    public bool Began { get; init; } = true;
}

/// <summary>A metric.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
/// <param name="Task">Node key of the reporting task, or null.</param>
public sealed record ReportMetric(string Name, double Value, string? Task) : RunInput;

/// <summary>A person's answer to a <c>human</c> task.</summary>
/// <param name="Task">Node key.</param>
/// <param name="By">Who.</param>
/// <param name="Approved">Yes or no.</param>
/// <param name="Text">What they said.</param>
public sealed record AnswerTask(string Task, string By, bool Approved, string Text) : RunInput;

/// <summary>Hold the run.</summary>
/// <param name="By">Who asks.</param>
public sealed record PauseRun(string By) : RunInput;

/// <summary>Let a held run go on.</summary>
/// <param name="By">Who asks.</param>
public sealed record ContinueRun(string By) : RunInput;

/// <summary>Hold a task.</summary>
/// <param name="Task">Node key.</param>
/// <param name="By">Who asks.</param>
public sealed record PauseTask(string Task, string By) : RunInput;

/// <summary>Let a held task go on.</summary>
/// <param name="Task">Node key.</param>
/// <param name="By">Who asks.</param>
public sealed record ContinueTask(string Task, string By) : RunInput;

/// <summary>End the run.</summary>
/// <param name="By">Who asks.</param>
/// <param name="Reason">Why.</param>
public sealed record CancelRun(string By, string Reason) : RunInput;

/// <summary>End a task.</summary>
/// <param name="Task">Node key.</param>
/// <param name="By">Who asks.</param>
public sealed record CancelTask(string Task, string By) : RunInput;

/// <summary>Run again what did not succeed.</summary>
/// <param name="Task">Node key, or null for all that failed.</param>
/// <param name="By">Who asks.</param>
public sealed record RetryTasks(string? Task, string By) : RunInput;
