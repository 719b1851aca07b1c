using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>How an agent does work. One instance serves all attempts of its kind; it is thread-safe.</summary>
public interface IExecutor
{
    /// <summary>The name that plans use; see <see cref="ExecutorKinds"/>.</summary>
    string Kind { get; }

    /// <summary>
    /// Whether an attempt outlives the process: a question to a person does, a child process does not.
    /// A surviving attempt is started again after a crash under the same number; any other counts as lost.
    /// </summary>
    bool SurvivesRestart => false;

    /// <summary>
    /// Does one attempt and always returns a result: failures are results, not exceptions.
    /// When <paramref name="cancel"/> fires the executor stops all that it started, then returns; the queen knows why she cancelled.
    /// </summary>
    Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel);

    /// <summary>
    /// Called once before a run is resumed: stops what attempts of an earlier process may have left running. Returns a line for the log for each thing stopped.
    /// </summary>
    Task<IReadOnlyList<string>> ReclaimAsync(string runId, string runDirectory, CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);
}

/// <summary>What an executor may tell while it works, and what it may be told.</summary>
public interface IAttemptContext
{
    /// <summary>Renews the lease. Call at least every <see cref="AttemptRequest.HeartbeatEvery"/> while there are signs of life.</summary>
    void Heartbeat();

    /// <summary>Shows the last line of output. Not durable; may be dropped when it comes too fast.</summary>
    void Progress(string line);

    /// <summary>Registers what to do when the task is paused (true) or continued (false) while the attempt runs.</summary>
    void OnSuspend(Action<bool> handler);

    /// <summary>Tells what the attempt has used so far: sums since it began. Durable before anything that the executor tells later.</summary>
    void Used(AttemptUsage usage)
    {
    }

    /// <summary>Tells that the attempt waits for a person (true) or works (false): its time limit does not count what it waits. Signs of life go on.</summary>
    void Waiting(bool waits)
    {
    }

    /// <summary>Whether the process is to end. An attempt that outlives it is given up then, and not over.</summary>
    bool IsLeaving => false;

    /// <summary>The clock.</summary>
    TimeProvider Time { get; }
}

/// <summary>Everything that an executor needs for one attempt. Expressions are resolved; secrets are not in here, only their names.</summary>
public sealed record AttemptRequest
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The task (an item of a fan-out is <c>task[3]</c>) or the gate; empty for a hook of the run.</summary>
    public required string TaskId { get; init; }

    /// <summary>The phase.</summary>
    public required string Phase { get; init; }

    /// <summary>Number of the attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Name of the agent instance, such as <c>embedder-2</c>.</summary>
    public required string AgentName { get; init; }

    /// <summary>The agent spec.</summary>
    public required AgentSpec Agent { get; init; }

    /// <summary>The same for every delivery of this attempt: <c>run/task/attempt</c>.</summary>
    public string IdempotencyKey => $"{RunId}/{TaskId}/{Attempt}";

    /// <summary>Program and arguments, for <c>command</c>; empty when <see cref="Script"/> is set.</summary>
    public IReadOnlyList<string> Argv { get; init; } = [];

    /// <summary>Shell script, for <c>command</c> with <c>shell: true</c>.</summary>
    public string? Script { get; init; }

    /// <summary>Prompt, question or input.</summary>
    public string? Prompt { get; init; }

    /// <summary>What a model is told beside the prompt; null for executors that talk to none.</summary>
    public ChatBrief? Chat { get; init; }

    /// <summary>The plan's MCP servers.</summary>
    public IReadOnlyList<McpServerSpec> McpServers { get; init; } = [];

    /// <summary>How the finished work of coding agents comes together, expressions resolved; null for other executors, and when it stays on their branches.</summary>
    public MergeSpec? Merge { get; init; }

    /// <summary>For <c>coding-cli</c>: globs of the files that only this task may change, relative to the workspace, expressions resolved; empty for other executors.</summary>
    public IReadOnlyList<string> Owns { get; init; } = [];

    /// <summary>For <c>mcp</c>: the tool to call, when the agent does not say it.</summary>
    public string? Tool { get; init; }

    /// <summary>Arguments for <c>dotnet</c> and <c>mcp</c> agents.</summary>
    public IReadOnlyDictionary<string, PlanValue> With { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, PlanValue>.Empty;

    /// <summary>The fan-out item, or null.</summary>
    public PlanValue? Item { get; init; }

    /// <summary>Environment that the plan sets, resolved.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Names (or <c>PREFIX*</c>) of variables passed through from the host besides the built-in list.</summary>
    public IReadOnlyList<string> EnvAllow { get; init; } = [];

    /// <summary>Names of host variables that are passed through and whose values are masked wherever they appear.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Absolute working directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Absolute path of the workspace, the folder in which the run was started.</summary>
    public required string Workspace { get; init; }

    /// <summary>Absolute path of the run's own folder (<c>.skep/runs/ID</c>), with <c>work/</c> and <c>logs/</c> in it.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>Absolute path of the <c>.skep</c> folder.</summary>
    public required string SkepDirectory { get; init; }

    /// <summary>Absolute path of the folder that the plan file stands in.</summary>
    public required string PlanDirectory { get; init; }

    /// <summary>Files to keep as artifacts, relative to <see cref="WorkingDirectory"/>; a missing one fails the attempt.</summary>
    public IReadOnlyList<string> Produces { get; init; } = [];

    /// <summary>Limits, with the task's own timeout merged in. The queen enforces the timeout; executors enforce the rest.</summary>
    public AgentLimits Limits { get; init; } = new();

    /// <summary>Which part of the attempt this is, for what stands beside its work: <c>hook-2</c>. Null for the work itself. Logs, outputs and processes of parts are kept apart.</summary>
    public string? Part { get; init; }

    /// <summary>What Skep tells the command beside the usual; the plan cannot override it.</summary>
    public IReadOnlyDictionary<string, string> Told { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Stem of the names of its files.</summary>
    internal string FileStem => (TaskId.Length == 0 ? "run" : $"{Output.SafeFileName.Of(TaskId)}.{Attempt}") + (Part is null ? "" : "." + Part);

    /// <summary>How often to send a heartbeat.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>It did its work.</summary>
    Succeeded,

    /// <summary>It did not.</summary>
    Failed,

    /// <summary>It was stopped because its time was up.</summary>
    TimedOut,

    /// <summary>It was stopped on request.</summary>
    Cancelled,

    /// <summary>Nobody knows: its agent or its process is gone. Not the task's fault, so it does not use up a retry.</summary>
    Lost,
}

/// <summary>A file that a task left behind.</summary>
/// <param name="Name">Path relative to the task's working directory.</param>
/// <param name="Sha256">Content address, lower-case hex.</param>
/// <param name="Bytes">Size.</param>
public sealed record Artifact(string Name, string Sha256, long Bytes);

/// <summary>What came of an attempt. All texts are masked already.</summary>
public sealed record AttemptResult
{
    /// <summary>How it ended.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>Exit code of the process, if it was one and it ended by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it did not succeed: one line for people.</summary>
    public string? Error { get; init; }

    /// <summary>Whether another attempt may help. False for what will fail again, such as a program that does not exist.</summary>
    public bool Retryable { get; init; } = true;

    /// <summary>Outputs by name.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Artifacts.</summary>
    public IReadOnlyList<Artifact> Artifacts { get; init; } = [];

    /// <summary>The last lines of output (at most <see cref="MaxLogTail"/> characters).</summary>
    public string LogTail { get; init; } = "";

    /// <summary>Path of the full log relative to the run directory, when there is more than the tail.</summary>
    public string? LogFile { get; init; }

    /// <summary>CPU time of the process tree in milliseconds, if known.</summary>
    public long? CpuMs { get; init; }

    /// <summary>Peak resident memory of the process tree in bytes, if known.</summary>
    public long? PeakRssBytes { get; init; }

    /// <summary>How long hooks took between the end of the work and this answer, in milliseconds; null without any.</summary>
    public long? HooksAfterMs { get; init; }

    /// <summary>Evidence of a gate: what was measured and against what.</summary>
    public string? Evidence { get; init; }

    /// <summary>Longest log tail kept in an event, in characters.</summary>
    public const int MaxLogTail = 8 * 1024;

    /// <summary>Makes a failure.</summary>
    public static AttemptResult Failure(string error, bool retryable = true) =>
        new() { Outcome = AttemptOutcome.Failed, Error = error, Retryable = retryable };
}
