namespace Skep.Orchestration;

/// <summary>Counts and sums over all tasks and gates.</summary>
/// <param name="TaskStates">How many tasks (items, not fan-outs) are in which state, in the order of a task's life.</param>
/// <param name="GateStates">The same of gates.</param>
/// <param name="Attempts">Attempts made.</param>
/// <param name="Retries">Of these, after a failure.</param>
/// <param name="Losses">Attempts whose agent or process was gone.</param>
/// <param name="Work">Sum of all attempts' time at work.</param>
/// <param name="LostWork">Of this, in attempts that were lost.</param>
/// <param name="Tokens">Model tokens, if any were reported.</param>
/// <param name="CostUsd">US dollars, if any were reported.</param>
internal sealed record RunTotals(
    IReadOnlyList<StateCount> TaskStates,
    IReadOnlyList<StateCount> GateStates,
    int Attempts,
    int Retries,
    int Losses,
    TimeSpan Work,
    TimeSpan LostWork,
    double Tokens,
    double CostUsd)
{
    /// <summary>Time at work whose result was received.</summary>
    public TimeSpan UsefulWork => Work - LostWork;

    public static RunTotals Of(IReadOnlyList<TaskFacts> tasks, IReadOnlyList<TaskFacts> gates, Usage usage)
    {
        List<TaskFacts> single = [.. tasks.SelectMany(t => t.Items is { Count: > 0 } items ? items : [t])];
        List<TaskFacts> all = [.. single, .. gates];
        return new RunTotals(
            Count(single), Count(gates), all.Sum(t => t.Attempts.Count), all.Sum(t => t.Retries), all.Sum(t => t.Losses),
            Sum(all.Select(t => t.Work)), Sum(all.Select(t => t.LostWork)), usage.Tokens, usage.CostUsd);
    }

    private static IReadOnlyList<StateCount> Count(IReadOnlyList<TaskFacts> tasks) =>
        [.. tasks.GroupBy(t => t.State).Select(g => new StateCount(g.Key, g.Count())).OrderBy(c => Order(c.State))];

    private static int Order(string state) => Array.IndexOf(s_order, state) is var at and >= 0 ? at : s_order.Length;

    private static readonly string[] s_order =
        ["succeeded", "waived", "failed", "timed-out", "cancelled", "skipped", Statuses.Planned, "running", "assigned", "paused", "ready", "pending"];

    private static TimeSpan Sum(IEnumerable<TimeSpan> values) => values.Aggregate(TimeSpan.Zero, (a, b) => a + b);
}

/// <summary>How many are in a state.</summary>
internal sealed record StateCount(string State, int Count);
