using System.Text.Json.Serialization;

namespace Skep.Orchestration;

/// <summary>A hook ran. Evidence: it changes no state but the sums that reports show.</summary>
/// <param name="Task">Node key of the task that it ran around; null for a hook of the run.</param>
/// <param name="Attempt">Number of the attempt; null for a hook of the run.</param>
/// <param name="On">The event, one of <see cref="Plans.HookEvents"/>.</param>
/// <param name="Command">What ran, shortened.</param>
/// <param name="ExitCode">Its exit code; null when it could not be started or was stopped.</param>
/// <param name="Blocked">Whether it forbade what it stood before, or failed the attempt.</param>
/// <param name="Text">The last line that it said, masked and shortened, or why it did not end by itself.</param>
/// <param name="ElapsedMs">How long it took; of several calls together.</param>
/// <param name="Calls">How many calls this tells of. During a task calls of the same outcome are told of together.</param>
public sealed record HookRan(string? Task, int? Attempt, string On, string Command, int? ExitCode, bool Blocked, string Text, long ElapsedMs, int Calls) : RunEvent
{
    /// <summary>Whether it did not end with 0.</summary>
    [JsonIgnore]
    public bool Failed => ExitCode != 0;
}

/// <summary>The hooks before the run have let it begin: from now on tasks start.</summary>
public sealed record RunAdmitted : RunEvent;

/// <summary>What a task wrote is in the folder's memory, or cannot be kept there.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt whose outputs were stored.</param>
/// <param name="Error">Why they could not be stored, or null.</param>
public sealed record MemoryStored(string Task, int Attempt, string? Error) : RunEvent;

/// <summary>The work of an attempt is over; its hooks follow. Not kept: the attempt's result tells how long they took.</summary>
/// <param name="Task">Node key.</param>
/// <param name="Attempt">Number of the attempt.</param>
public sealed record WorkEnded(string Task, int Attempt) : RunEvent
{
    /// <inheritdoc />
    [JsonIgnore]
    public override bool IsDurable => false;
}
