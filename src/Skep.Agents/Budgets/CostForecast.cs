namespace Skep.Agents.Budgets;

/// <summary>What a task has used so far.</summary>
/// <param name="Task">Which.</param>
/// <param name="Agent">Its agent spec: tasks of the same one are taken to be alike.</param>
/// <param name="State">Whether it is over.</param>
/// <param name="Tokens">Tokens that it used.</param>
/// <param name="CostUsd">Dollars that it used, as far as prices are known.</param>
public sealed record TaskUse(string Task, string Agent, TaskUseState State, long Tokens = 0, decimal CostUsd = 0);

/// <summary>Where a task stands, for a forecast.</summary>
public enum TaskUseState
{
    /// <summary>Nothing was done.</summary>
    Waiting,

    /// <summary>It has begun.</summary>
    Running,

    /// <summary>It will use no more.</summary>
    Finished,
}

/// <summary>An expectation and the range around it.</summary>
/// <param name="Low">Rather not less.</param>
/// <param name="Expected">Expected.</param>
/// <param name="High">Rather not more.</param>
public readonly record struct ForecastRange(decimal Low, decimal Expected, decimal High);

/// <summary>
/// What a run will have used at its end.
/// <para>
/// The rule: a task that is not over is expected to use, in all, what finished tasks of its agent used on average (of all agents, while its own has finished none), and no
/// less than it used already. The range is two standard deviations of the sum to either side, tasks taken as independent and the mean as known from as many tasks as have
/// finished; with one finished task, half and twice what is still expected. It is never below what is used already. No finished task, no forecast.
/// </para>
/// </summary>
/// <param name="Tokens">Tokens.</param>
/// <param name="CostUsd">US dollars.</param>
/// <param name="Finished">Finished tasks that it is drawn from.</param>
/// <param name="Remaining">Tasks that are not over.</param>
public sealed record CostForecast(ForecastRange Tokens, ForecastRange CostUsd, int Finished, int Remaining)
{
    /// <summary>A forecast; null while no task has finished.</summary>
    public static CostForecast? Of(IReadOnlyCollection<TaskUse> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var finished = tasks.Where(t => t.State == TaskUseState.Finished).ToList();
        if (finished.Count == 0) return null;
        return new(Range(tasks, finished, t => t.Tokens), Range(tasks, finished, t => t.CostUsd), finished.Count, tasks.Count - finished.Count);
    }

    private static ForecastRange Range(IReadOnlyCollection<TaskUse> tasks, List<TaskUse> finished, Func<TaskUse, decimal> of)
    {
        var used = tasks.Sum(of);
        var (expected, variance, guess) = (used, 0.0, 0m);
        foreach (var group in tasks.Where(t => t.State != TaskUseState.Finished).GroupBy(t => t.Agent))
        {
            var own = finished.Where(t => t.Agent == group.Key).ToList();
            var samples = (own.Count > 0 ? own : finished).ConvertAll(t => of(t));
            var mean = samples.Average();
            var toCome = group.Sum(t => Math.Max(0, mean - of(t)));
            expected += toCome;
            if (samples.Count == 1) guess += toCome;
            else variance += Variance(samples, mean) * (group.Count() + (double)group.Count() * group.Count() / samples.Count);
        }

        var spread = 2 * (decimal)Math.Sqrt(variance);
        return new(Math.Max(used, expected - spread - guess / 2), expected, expected + spread + guess);
    }

    private static double Variance(List<decimal> samples, decimal mean) => samples.Sum(s => (double)((s - mean) * (s - mean))) / (samples.Count - 1);
}
