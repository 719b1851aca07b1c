using Skep.Cli.Reading;
using Skep.Plans.Drawing;

namespace Skep.Cli.Running;

/// <summary>Turns events into lines such as <c>12:01:03 build  ok  1.2s</c>.</summary>
internal sealed class PlainLines(TimeZoneInfo zone)
{
    /// <summary>Most task names in one line.</summary>
    public const int MaxNames = 5;

    /// <summary>The lines for an event; most have none.</summary>
    public IEnumerable<string> Of(RunState state, RecordedEvent recorded)
    {
        var time = TimeZoneInfo.ConvertTime(recorded.At, zone).ToString("HH:mm:ss");
        return Words(state, recorded.Event).Select(words => $"{time} {PlainLine.Clean(ReadableText.Of(words))}");
    }

    private static IEnumerable<string> Words(RunState state, RunEvent happened)
    {
        switch (happened)
        {
            case RunStarted e: yield return $"run {e.Run}  started  plan {e.Plan}, {Count(state.WorkTotal, "task")}, up to {state.MaxConcurrency} at once"; break;
            case RunRecovered { Briefly: not true }: yield return $"run {state.Info!.Run}  resumed  {state.WorkSettled} of {state.WorkTotal} settled before"; break;
            case PhaseStarted e: yield return $"phase {e.Phase}  started"; break;
            case PhaseEnded e: yield return Line($"phase {e.Phase}", Word(e.Outcome), null, e.Reason); break;
            case TaskFannedOut e: yield return $"{e.Task}  fans out  {Count(e.Items.Count, "item")}"; break;
            case AttemptStarted e when state.Find(e.Task) is { } node && IsHuman(state, node): yield return $"{e.Task}  waits for a person: {WaitingQuestions.Question(state, node).Split('\n')[0]}  answer with: skep answer {state.Info!.Run} {e.Task} --approve"; break;
            case AttemptStarted e when state.Find(e.Task) is { } gate && WaitingVotes.Of(state, gate) is { } votes: yield return $"{e.Task}  waits for votes: {votes.Words}  vote with: {votes.HowTo(state)}"; break;
            case GateVoted e: yield return $"{e.Gate}  {e.Role} {(e.Approved ? "approved" : "rejected")} by {e.By}{(e.Text.Length > 0 ? ": " + e.Text : "")}{StillAwaited(state, e.Gate)}"; break;
            case GateWaived e: yield return $"{e.Gate}  waived by {e.By}: {e.Reason}"; break;
            case AttemptEnded e when state.Find(e.Task) is { } node: yield return Attempt(node, e); break;
            case TaskSettled e: yield return Line(e.Task, Word(e.Outcome), null, e.Reason); break;
            case TasksSkipped e when e.Tasks.All(IsPhase): break;
            case TasksSkipped e: yield return $"{Names(e.Tasks)}  {(e.Cause == SkipCause.Planned ? Statuses.Planned : "skipped")}  {e.Reason}"; break;
            case TierDropped e: yield return $"{Names(e.Tasks)}  dropped  {e.Reason}"; break;
            case HookRan { Failed: true } e: yield return Line(e.Task ?? $"run {state.Info!.Run}", HookWords(e), TimeSpan.FromMilliseconds(e.ElapsedMs), e.Text); break;
            case MemoryStored { Error: { } error } e: yield return Line(e.Task, "memory not stored", null, error); break;
            case TasksAdmitted e: yield return $"{Names(e.Tasks)}  added  proposed by {e.Task}"; break;
            case TasksReset e: yield return $"{Names(e.Tasks)}  will run again (asked by {e.By})"; break;
            case TaskPaused e: yield return $"{e.Task}  paused  by {e.By}  go on with: skep query resume {state.Info!.Run}/{e.Task}"; break;
            case TaskContinued e: yield return $"{e.Task}  continued  by {e.By}"; break;
            case ProgressReported e when IsQuestion(state, e): yield return $"{e.Task}  {e.Line}  answer with: skep query answer {state.Info!.Run}/{e.Task}"; break;
            case AgentsSpawned e: yield return $"{Names(e.Names)}  spawned by {e.By}"; break;
            case AgentDraining e: yield return $"{e.Name}  draining  asked by {e.By}"; break;
            case AgentRetired e: yield return $"{e.Name}  retired  {e.Reason}"; break;
            case RunPaused e: yield return $"run {state.Info!.Run}  paused  by {e.By}"; break;
            case RunContinued e: yield return $"run {state.Info!.Run}  continued  by {e.By}"; break;
            case RunStopping e: yield return $"run {state.Info!.Run}  stopping  {e.Reason}"; break;
            case RunEnded e: yield return Line($"run {state.Info!.Run}", e.Outcome.Name() + LeftOut(state), (state.EndedAt ?? state.LastAt) - state.StartedAt, e.Reason); break;
        }
    }

    private static string StillAwaited(RunState state, string gate) =>
        state.Find(gate) is { } node && WaitingVotes.Of(state, node) is not null ? "  " + Approvals.Waiting(node.Gate!.Approval!, node.Votes) : "";

    private static bool IsHuman(RunState state, NodeState node) => node.Gate is null && node.Current is { } attempt && state.Agent(attempt.Agent)?.Executor == ExecutorKinds.Human;

    private static bool IsQuestion(RunState state, ProgressReported e) =>
        e.Line.StartsWith(Skep.Agents.ChatExecutor.WaitingWord, StringComparison.Ordinal) && state.Find(e.Task)?.Current is { } attempt && state.Agent(attempt.Agent)?.Executor == ExecutorKinds.Chat;

    private static string Attempt(NodeState node, AttemptEnded e)
    {
        var attempt = node.Attempts.FirstOrDefault(a => a.Number == e.Attempt);
        var duration = attempt is { StartedAt: not null, EndedAt: { } end } ? attempt.Duration(end) : (TimeSpan?)null;
        if (e.Final is { } final) return Line(e.Task, Word(final), duration, final == TaskStatus.Succeeded ? e.Result.Evidence : e.Result.Error);
        return Line(e.Task, $"attempt {e.Attempt} {OutcomeWord(e.Result.Outcome)}, tried again", duration, e.Result.Error);
    }

    private static string Line(string name, string word, TimeSpan? duration, string? reason) =>
        $"{name}  {word}{(duration is { } d ? "  " + DurationText.Format(d) : "")}{(string.IsNullOrEmpty(reason) ? "" : "  " + reason)}";

    private static string HookWords(HookRan e) =>
        $"hook {e.On} {(e.Blocked ? "blocks" : "failed")}{(e.ExitCode is { } code ? $" with exit code {code}" : "")}{(e.Calls > 1 ? $" {e.Calls} times" : "")}  {PlainLine.Fit(PlainLine.Clean(e.Command), 100)}";

    /// <summary>What an outcome is followed by when work was left out.</summary>
    internal static string LeftOut(RunState state) => !state.Degraded ? "" : state.Dropped.Count > 0 ? " (degraded)" : " (incomplete)";

    /// <summary>What a node's state is called where space is short.</summary>
    internal static string Word(NodeState node) => node.Status == TaskStatus.Succeeded ? "ok" : node.StateName();

    /// <summary>What a state is called where space is short.</summary>
    internal static string Word(TaskStatus status) => status == TaskStatus.Succeeded ? "ok" : status.Name();

    private static string OutcomeWord(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.TimedOut => "timed out",
        AttemptOutcome.Lost => "was lost",
        AttemptOutcome.Cancelled => "was cancelled",
        _ => "failed",
    };

    /// <summary>What becomes of a phase is told by its own events.</summary>
    private static bool IsPhase(string key) => key.StartsWith("phase/", StringComparison.Ordinal);

    private static string Names(IReadOnlyList<string> tasks) =>
        string.Join(", ", tasks.Take(MaxNames)) + (tasks.Count > MaxNames ? $" and {tasks.Count - MaxNames} more" : "");

    private static string Count(int n, string noun) => $"{n} {noun}{(n == 1 ? "" : "s")}";
}
