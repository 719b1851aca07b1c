namespace Skep.Orchestration;

/// <summary>
/// Which rows a table of tasks shows when there are too many: failures first, then what took more than one attempt, then file order.
/// A fan-out stays in as long as one of its items does.
/// </summary>
internal sealed class TaskSelection
{
    private readonly HashSet<string> _keys;

    private TaskSelection(HashSet<string> keys, int hidden) => (_keys, Hidden) = (keys, hidden);

    /// <summary>How many tasks and items are left out.</summary>
    public int Hidden { get; }

    /// <summary>The sentence about what is left out, or null.</summary>
    public string? Note => Hidden == 0 ? null
        : $"{ReportText.Count(Hidden, "more task")} and items are not listed: failures come first, then what took more than one attempt, then the order of the plan. The run's log has them all.";

    public static TaskSelection Of(RunFacts facts, int most)
    {
        var all = facts.WorkTasks.ToList();
        var chosen = all.OrderBy(t => t.Status.IsFailure() ? 0 : t.IsTrouble ? 1 : 2).Take(most);
        return new TaskSelection(chosen.Select(t => t.Key).ToHashSet(StringComparer.Ordinal), Math.Max(0, all.Count - most));
    }

    public bool Shows(TaskFacts task) => task.Items is { Count: > 0 } items ? items.Any(Shows) : _keys.Contains(task.Key);
}
