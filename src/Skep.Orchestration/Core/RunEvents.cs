using System.Text.Json.Serialization;

namespace Skep.Orchestration;

/// <summary>
/// Something that happened in a run. The log of these is the truth; <see cref="Queen.Apply"/> folds it into a <see cref="RunState"/>.
/// Nodes are named by key: a task by its id (<c>build</c>, <c>shard[3]</c>), a gate as <c>gate/ID</c>, a phase as <c>phase/ID</c>.
/// </summary>
public abstract record RunEvent
{
    /// <summary>False for events that only serve those who watch and are not kept.</summary>
    [JsonIgnore]
    public virtual bool IsDurable => true;
}

/// <summary>The run begins.</summary>
/// <param name="Run">Run id.</param>
/// <param name="Plan">Name of the plan.</param>
/// <param name="PlanHash">SHA-256 of the plan's text, which is kept as a blob.</param>
/// <param name="PlanFile">Where the text came from, for people.</param>
/// <param name="Workspace">Absolute path of the folder in which tasks work.</param>
/// <param name="PlanDirectory">Absolute path of the plan's folder.</param>
/// <param name="RunDirectory">Absolute path of the run's own folder.</param>
/// <param name="Vars">Variables given on start, over the plan's defaults.</param>
/// <param name="Env">Environment variables of the host that the plan's expressions name.</param>
/// <param name="MaxConcurrency">Replaces the plan's setting when given.</param>
/// <param name="Seed">Seed of all that is random in this run.</param>
/// <param name="Writer">Version of the program.</param>
/// <param name="Memory">Values of the folder's memory, as they were then, that the plan's expressions name or its tasks read; null in logs of versions that had none.</param>
public sealed record RunStarted(
    string Run,
    string Plan,
    string PlanHash,
    string? PlanFile,
    string Workspace,
    string PlanDirectory,
    string RunDirectory,
    IReadOnlyDictionary<string, string> Vars,
    IReadOnlyDictionary<string, string> Env,
    int? MaxConcurrency,
    ulong Seed,
    string Writer,
    IReadOnlyDictionary<string, string>? Memory = null) : RunEvent;

/// <summary>A queen took the run over after the process before her had gone. Attempts that cannot survive that have been recorded as lost.</summary>
/// <param name="By">Who, for people: host and process id.</param>
/// <param name="Briefly">True when nobody worked on it afterwards: a request was recorded, and the run left as it was. Null in logs of versions that did not tell.</param>
public sealed record RunRecovered(string By, bool? Briefly = null) : RunEvent;

/// <summary>A phase's needs are met.</summary>
/// <param name="Phase">Phase id.</param>
public sealed record PhaseStarted(string Phase) : RunEvent;

/// <summary>A phase's tasks and gates are settled, or it is skipped.</summary>
/// <param name="Phase">Phase id.</param>
/// <param name="Outcome">Succeeded, failed or skipped.</param>
/// <param name="Reason">Why it did not succeed.</param>
public sealed record PhaseEnded(string Phase, TaskStatus Outcome, string? Reason) : RunEvent;

/// <summary>A task with a condition may start: the condition is true.</summary>
/// <param name="Task">Node key.</param>
public sealed record TaskReady(string Task) : RunEvent;

/// <summary>A fan-out's list is known: the task runs once per item.</summary>
/// <param name="Task">Node key of the fan-out.</param>
/// <param name="Items">The items, as JSON values.</param>
public sealed record TaskFannedOut(string Task, IReadOnlyList<string> Items) : RunEvent;

/// <summary>Tasks that will not run.</summary>
/// <param name="Tasks">Node keys.</param>
/// <param name="Cause">Why, in general.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record TasksSkipped(IReadOnlyList<string> Tasks, SkipCause Cause, string Reason) : RunEvent;

/// <summary>A task ended without an attempt: its expressions cannot be evaluated, or it was cancelled before it started.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Outcome">Failed or cancelled.</param>
/// <param name="Reason">Why.</param>
public sealed record TaskSettled(string Task, TaskStatus Outcome, string Reason) : RunEvent;

/// <summary>An attempt is placed with an agent.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt, from 1.</param>
/// <param name="Agent">Agent spec id; empty for a gate.</param>
public sealed record TaskAssigned(string Task, int Attempt, string Agent) : RunEvent;

/// <summary>An agent is at work.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="AgentName">Name of the agent instance.</param>
public sealed record AttemptStarted(string Task, int Attempt, string AgentName) : RunEvent;

/// <summary>The queen wants an attempt stopped.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Why">Why.</param>
public sealed record AttemptStopRequested(string Task, int Attempt, StopReason Why) : RunEvent;

/// <summary>Why an attempt is stopped.</summary>
public enum StopReason
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>Its time is up.</summary>
    Timeout,

    /// <summary>It has been silent for longer than its lease.</summary>
    LeaseExpired,

    /// <summary>A person or program asked for it.</summary>
    Cancelled,

    /// <summary>The run's budget is used up.</summary>
    Budget,

    /// <summary>Another task failed and the plan says to stop.</summary>
    OtherFailed,

    /// <summary>A hook before the run forbade it.</summary>
    Forbidden,
}

/// <summary>An attempt is over. Exactly one of these is recorded per attempt.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Final">The task's final state, or null when it is tried again.</param>
/// <param name="RetryAt">When the next attempt may start.</param>
public sealed record AttemptEnded(string Task, int Attempt, AttemptResult Result, TaskStatus? Final, DateTimeOffset? RetryAt) : RunEvent;

/// <summary>An answer came for an attempt that is settled or was never made. It changes nothing.</summary>
/// <param name="Task">Node key as it was given, shortened.</param>
/// <param name="Attempt">Number as it was given.</param>
/// <param name="Outcome">The outcome that it claimed.</param>
/// <param name="Reason">Why it was ignored.</param>
public sealed record AnswerIgnored(string Task, int Attempt, AttemptOutcome Outcome, string Reason) : RunEvent;

/// <summary>A person answered.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="By">Who.</param>
/// <param name="Approved">Yes or no.</param>
/// <param name="Text">What they said.</param>
public sealed record HumanAnswered(string Task, int Attempt, string By, bool Approved, string Text) : RunEvent;

/// <summary>A measured number.</summary>
/// <param name="Name">Metric name.</param>
/// <param name="Value">Value, finite.</param>
/// <param name="Task">Node key of the task that reported it, or null.</param>
public sealed record MetricReported(string Name, double Value, string? Task) : RunEvent;

/// <summary>Nothing new starts from now on.</summary>
/// <param name="By">Who asked.</param>
public sealed record RunPaused(string By) : RunEvent;

/// <summary>A paused run goes on.</summary>
/// <param name="By">Who asked.</param>
public sealed record RunContinued(string By) : RunEvent;

/// <summary>A task is held: it does not start, or its attempt is suspended.</summary>
/// <param name="Task">Node key.</param>
/// <param name="By">Who asked.</param>
public sealed record TaskPaused(string Task, string By) : RunEvent;

/// <summary>A held task goes on.</summary>
/// <param name="Task">Node key.</param>
/// <param name="By">Who asked.</param>
public sealed record TaskContinued(string Task, string By) : RunEvent;

/// <summary>The run is to end: what has not started is cancelled, what runs is stopped.</summary>
/// <param name="By">Who asked.</param>
/// <param name="Why">Asked for, a failure with <c>on_failure: stop</c>, or a used-up budget.</param>
/// <param name="Reason">In words.</param>
public sealed record RunStopping(string By, StopReason Why, string Reason) : RunEvent;

/// <summary>A budget runs short: tasks of a tier that have not started are given up.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Resource"><c>wall</c>, <c>tokens</c> or <c>cost_usd</c>.</param>
/// <param name="Reason">The forecast that led to it.</param>
/// <param name="Tasks">Node keys.</param>
public sealed record TierDropped(Plans.Tier Tier, string Resource, string Reason, IReadOnlyList<string> Tasks) : RunEvent;

/// <summary>Tasks that had ended are to run again, with everything that hangs on them. Reopens an ended run.</summary>
/// <param name="Tasks">Node keys, all of them.</param>
/// <param name="By">Who asked.</param>
public sealed record TasksReset(IReadOnlyList<string> Tasks, string By) : RunEvent;

/// <summary>The run is over.</summary>
/// <param name="Outcome">Succeeded, failed or cancelled.</param>
/// <param name="Reason">Why it did not succeed, or what it left out.</param>
/// <param name="Degraded">Whether tiers were dropped on the way, or something was passed over because it is only planned.</param>
public sealed record RunEnded(RunStatus Outcome, string? Reason, bool Degraded) : RunEvent;

/// <summary>An agent gave a sign of life. Not kept: a queen who recovers the run gives fresh leases.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Until">New end of the lease.</param>
public sealed record LeaseRenewed(string Task, int Attempt, DateTimeOffset Until) : RunEvent
{
    /// <inheritdoc />
    [JsonIgnore]
    public override bool IsDurable => false;
}

/// <summary>The last line of an attempt's output. Not kept: the log file has it.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Line">The line, masked and shortened.</param>
public sealed record ProgressReported(string Task, int Attempt, string Line) : RunEvent
{
    /// <inheritdoc />
    [JsonIgnore]
    public override bool IsDurable => false;
}

/// <summary>The wait before a further attempt is over. Not kept: it follows from the time.</summary>
/// <param name="Task">Node key.</param>
public sealed record BackoffOver(string Task) : RunEvent
{
    /// <inheritdoc />
    [JsonIgnore]
    public override bool IsDurable => false;
}

/// <summary>An event with its place in the log.</summary>
/// <param name="Seq">Sequence number from 1; 0 for events that are not kept.</param>
/// <param name="At">When it happened.</param>
/// <param name="Event">The event.</param>
public readonly record struct RecordedEvent(long Seq, DateTimeOffset At, RunEvent Event);
