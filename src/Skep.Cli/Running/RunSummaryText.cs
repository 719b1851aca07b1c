using System.Globalization;
using System.Text;
using Skep.Plans.Drawing;

namespace Skep.Cli.Running;

/// <summary>The end of a run in a few lines: outcome, numbers, gates with their evidence, what failed and where to read on.</summary>
internal static class RunSummaryText
{
    /// <summary>Most failed tasks that are shown.</summary>
    public const int MaxFailures = 10;

    /// <summary>Most gates that are shown.</summary>
    public const int MaxGates = 20;

    /// <summary>Lines of output shown of a failed task.</summary>
    public const int LogLines = 5;

    /// <summary>The whole summary.</summary>
    public static string Write(RunState state, Palette colours)
    {
        var text = new StringBuilder();
        foreach (var node in Failures(state).Take(MaxFailures)) Failure(text, state, node, colours);
        if (Failures(state).Count() is var all and > MaxFailures) text.Append($"… and {all - MaxFailures} more that failed: skep show {state.Info!.Run}\n");
        Gates(text, state, colours);
        text.Append(LastLine(state, colours));
        text.Append(Numbers(state));
        if (state.Status != RunStatus.Succeeded && PlannedWork.Of(state).Reason is { } planned) text.Append(colours.Warn($"  {planned}")).Append('\n');
        foreach (var drop in state.Dropped.Take(3)) text.Append(colours.Warn($"  dropped {drop.Tier.ToString().ToLowerInvariant()} tasks: {PlainLine.Clean(drop.Reason)}")).Append('\n');
        return text.ToString();
    }

    /// <summary>The outcome in one line.</summary>
    public static string LastLine(RunState state, Palette colours)
    {
        var outcome = state.Status switch
        {
            RunStatus.Succeeded => colours.Good("succeeded"),
            RunStatus.Failed => colours.Bad("failed"),
            _ => colours.Warn(state.Status.Name()),
        };
        var reason = string.IsNullOrEmpty(state.Reason) ? "" : $"  {PlainLine.Clean(ReadableText.Of(state.Reason))}";
        return $"run {state.Info!.Run}  {outcome}{PlainLines.LeftOut(state)}  {ByState(state)}  {DurationText.Format(RunNumbers.Wall(state))}{reason}\n";
    }

    /// <summary>How much was done in which time: "task time 8s in 5s of wall time: 1.6×; 1 retry". An attempt that was lost did no work that counts.</summary>
    private static string Numbers(RunState state)
    {
        var speed = RunNumbers.SpeedUp(state) is { } factor ? $" in {DurationText.Format(RunNumbers.Wall(state))} of wall time: {factor.ToString("0.0", CultureInfo.InvariantCulture)}×" : "";
        var losses = RunNumbers.LostWork(state) is var lost && lost > TimeSpan.Zero ? $"; {DurationText.Format(lost)} more in lost attempts" : "";
        return $"  task time {DurationText.Format(RunNumbers.Work(state))}{speed}{losses}{Times(RunNumbers.Retries(state))}{Resumed(state.Recoveries)}\n";
    }

    private static string Times(int retries) => retries == 0 ? "" : $"; {retries} {(retries == 1 ? "retry" : "retries")}";

    private static string Resumed(int recoveries) => recoveries switch { 0 => "", 1 => "; resumed once", _ => $"; resumed {recoveries} times" };

    private static string ByState(RunState state) => string.Join(", ", state.WorkNodes
        .GroupBy(n => (n.Status, Word: PlainLines.Word(n))).OrderBy(g => g.Key.Status).ThenByDescending(g => g.Key.Word, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key.Word}"));

    private static IEnumerable<NodeState> Failures(RunState state) => state.WorkNodes.Where(n => n.Status.IsFailure() && n.Gate is null);

    private static void Failure(StringBuilder text, RunState state, NodeState node, Palette colours)
    {
        var last = LastAttempt.Of(node);
        text.Append($"{colours.Bad("✗")} {colours.Bold(node.Key)}  {node.Status.Name()}  {PlainLine.Clean(node.Reason ?? last?.Result?.Error)}\n");
        foreach (var line in (last?.Result?.LogTail ?? "").TrimEnd().Split('\n').Where(l => l.Length > 0).TakeLast(LogLines))
            text.Append("    ").Append(colours.Dim(PlainLine.Fit(PlainLine.Clean(line), 200))).Append('\n');
        if (node.Attempts.Count > 0) text.Append($"    skep logs {state.Info!.Run} {Shell(node.Key)}\n");
    }

    private static void Gates(StringBuilder text, RunState state, Palette colours)
    {
        var gates = state.Nodes.Where(n => n.Gate is not null).ToList();
        foreach (var gate in gates.OrderByDescending(n => n.Status.IsFailure()).ThenByDescending(n => n.Waiver is not null).Take(MaxGates))
        {
            var evidence = LastAttempt.Of(gate)?.Result?.Evidence ?? gate.Reason;
            if (gate.Waiver is { } waiver) evidence = $"{waiver}; it had failed: {gate.Reason ?? evidence}";
            var mark = gate.Status switch { TaskStatus.Waived => colours.Warn("!"), TaskStatus.Succeeded => colours.Good("✓"), TaskStatus.Skipped => colours.Dim("-"), _ => colours.Bad("✗") };
            text.Append($"{mark} gate {gate.Gate!.Id}  {PlainLine.Fit(PlainLine.Clean(ReadableText.Of(evidence ?? "")), 300)}\n");
        }

        if (gates.Count > MaxGates) text.Append($"… and {gates.Count - MaxGates} more gates\n");
    }

    /// <summary>A task's name as it must be written in a shell: <c>'shard[3]'</c>.</summary>
    private static string Shell(string key) => key.Contains('[') ? $"'{key}'" : key;
}

/// <summary>Numbers about a whole run.</summary>
internal static class RunNumbers
{
    /// <summary>Time from start to end in which somebody worked on the run.</summary>
    public static TimeSpan Wall(RunState state) => (state.EndedAt ?? state.LastAt) - state.StartedAt - state.Downtime;

    /// <summary>Time at work of all attempts whose result was received: their tasks' times, one after the other.</summary>
    public static TimeSpan Work(RunState state) => Sum(state, lost: false);

    /// <summary>Time at work of attempts that were lost with their process; somebody had to do it again.</summary>
    public static TimeSpan LostWork(RunState state) => Sum(state, lost: true);

    /// <summary>Attempts after one that failed; one after a lost attempt is no retry.</summary>
    public static int Retries(RunState state) => state.WorkNodes.Sum(n => n.Attempts.Zip(n.Attempts.Skip(1)).Count(p => !IsLost(p.First)));

    /// <summary>Task time per wall-clock time, or null where it means nothing.</summary>
    public static double? SpeedUp(RunState state) => Wall(state) > TimeSpan.Zero && Work(state) > TimeSpan.Zero ? Work(state) / Wall(state) : null;

    private static TimeSpan Sum(RunState state, bool lost) => state.WorkNodes.SelectMany(n => n.Attempts).Where(a => IsLost(a) == lost)
        .Aggregate(TimeSpan.Zero, (sum, a) => sum + a.Duration(state.LastAt));

    private static bool IsLost(AttemptState attempt) => attempt.Result?.Outcome == AttemptOutcome.Lost;
}
