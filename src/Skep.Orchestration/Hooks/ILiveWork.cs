using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// What is at work in this process right now, as far as others must know: who may edit what, and whose hooks hear of it. Kept by the runs'
/// shells, asked by those who answer hook calls. Thread-safe.
/// </summary>
public interface ILiveWork
{
    /// <summary>The tasks that are being worked on, of all runs.</summary>
    IReadOnlyList<LiveTask> Tasks { get; }

    /// <summary>
    /// Runs the hooks that plans declare for an event that somebody reports from outside: an edit, a command, a message, a session. With
    /// <see cref="HookOccasion.Task"/> those around that task, with only a run those of its plan, with neither those of all live runs' plans.
    /// </summary>
    /// <returns>What came of each; recorded in the log of its run already.</returns>
    Task<IReadOnlyList<HookOutcome>> FireAsync(HookOccasion occasion, CancellationToken cancel = default);
}

/// <summary>A task that is being worked on.</summary>
/// <param name="Run">Its run.</param>
/// <param name="Task">Its node key.</param>
/// <param name="Phase">Its phase.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Agent">Name of the agent instance.</param>
/// <param name="Workspace">Absolute path that <paramref name="Owns"/> is relative to.</param>
/// <param name="Owns">Globs of the files that only it may change.</param>
/// <param name="Ownership">What the plan wants to happen when somebody else changes them.</param>
public sealed record LiveTask(string Run, string Task, string Phase, int Attempt, string Agent, string Workspace, IReadOnlyList<string> Owns, OwnershipRule Ownership);

/// <summary>Something that hooks may hear of.</summary>
/// <param name="Event">One of <see cref="HookEvents"/>.</param>
/// <param name="Run">The run that it belongs to, or null.</param>
/// <param name="Task">Node key of the task that it belongs to, or null.</param>
/// <param name="File">For edits: absolute path.</param>
/// <param name="Environment">What the hooks' commands are told beside the usual, as environment variables (<c>SKEP_HOOK_…</c>).</param>
public sealed record HookOccasion(string Event, string? Run, string? Task, string? File, IReadOnlyDictionary<string, string> Environment);

/// <summary>What came of one hook.</summary>
/// <param name="Event">The event.</param>
/// <param name="Command">What ran, shortened.</param>
/// <param name="ExitCode">Its exit code; null when it could not be started, or was stopped because its time was up.</param>
/// <param name="Blocks">Whether it forbids what it stands before.</param>
/// <param name="Text">The end of its output, masked, or why it did not run.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record HookOutcome(string Event, string Command, int? ExitCode, bool Blocks, string Text, TimeSpan Elapsed);
