namespace Skep.Orchestration;

/// <summary>What the hooks of a run came to.</summary>
/// <param name="Totals">One per event and command, the dearest first.</param>
/// <param name="Tasks">Tasks with hooks, those whose hooks failed first, then the dearest.</param>
/// <param name="Calls">Calls in all.</param>
/// <param name="Failures">Of these, those that did not end with 0.</param>
/// <param name="Time">Time of all hooks together.</param>
/// <param name="AroundTasks">Of this, of the hooks around tasks.</param>
/// <param name="TaskTime">Time at work of the tasks that had hooks.</param>
internal sealed record HookFacts(
    IReadOnlyList<HookTotal> Totals, IReadOnlyList<TaskHooks> Tasks, int Calls, int Failures, TimeSpan Time, TimeSpan AroundTasks, TimeSpan TaskTime)
{
    /// <summary>Time of hooks around tasks, as a share of the time at work of these tasks; null where there is none.</summary>
    public double? Overhead => TaskTime > TimeSpan.Zero ? AroundTasks / TaskTime : null;

    public static HookFacts? Of(RunState state, DateTimeOffset until)
    {
        if (state.Hooks.Count == 0) return null;
        List<TaskHooks> tasks = [.. state.WorkNodes.Where(n => n.Attempts.Any(a => a.Hooks.Calls > 0)).Select(n => TaskHooks.Of(n, until))];
        return new HookFacts(
            [.. state.Hooks.OrderByDescending(h => h.ElapsedMs).ThenBy(h => h.On, StringComparer.Ordinal).ThenBy(h => h.Command, StringComparer.Ordinal)],
            [.. tasks.OrderByDescending(t => t.Failures > 0).ThenByDescending(t => t.Time).ThenBy(t => t.Key, StringComparer.Ordinal)],
            state.Hooks.Sum(h => h.Calls), state.Hooks.Sum(h => h.Failures), TimeSpan.FromMilliseconds(state.Hooks.Sum(h => h.ElapsedMs)),
            Sum(tasks.Select(t => t.Time)), Sum(tasks.Select(t => t.Work)));
    }

    /// <summary>The numbers in a sentence: <c>12 calls, 1 failed, 240ms in all; 3.2% of the task time</c>.</summary>
    public string Words => $"{ReportText.Count(Calls, "call")}, {ReportText.Count(Failures)} failed, {Plans.Drawing.DurationText.Format(Time)} in all"
        + (Overhead is { } share ? $"; around tasks {ReportText.Percent(share)} of their time at work" : "");

    private static TimeSpan Sum(IEnumerable<TimeSpan> values) => values.Aggregate(TimeSpan.Zero, (a, b) => a + b);
}

/// <summary>The hooks of one task, all attempts together.</summary>
/// <param name="Key">Node key.</param>
/// <param name="Calls">Calls.</param>
/// <param name="Failures">Of these, those that did not end with 0.</param>
/// <param name="Time">Their time.</param>
/// <param name="Work">The task's time at work.</param>
/// <param name="Trouble">The first that failed in the latest attempt in which one did.</param>
internal sealed record TaskHooks(string Key, int Calls, int Failures, TimeSpan Time, TimeSpan Work, string? Trouble)
{
    public static TaskHooks Of(NodeState node, DateTimeOffset until) => new(
        node.Key, node.Attempts.Sum(a => a.Hooks.Calls), node.Attempts.Sum(a => a.Hooks.Failures),
        TimeSpan.FromMilliseconds(node.Attempts.Sum(a => a.Hooks.ElapsedMs)),
        node.Attempts.Aggregate(TimeSpan.Zero, (sum, a) => sum + a.Duration(until)),
        node.Attempts.LastOrDefault(a => a.Hooks.Trouble is not null)?.Hooks.Trouble);
}
