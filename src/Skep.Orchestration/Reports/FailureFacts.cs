namespace Skep.Orchestration;

/// <summary>What went wrong first.</summary>
/// <param name="Task">The task or gate.</param>
/// <param name="At">When it was settled.</param>
/// <param name="Attempt">Its last attempt, or null when it failed without one.</param>
/// <param name="Others">How many more failed of which it matters.</param>
internal sealed record FailureFacts(TaskFacts Task, DateTimeOffset? At, AttemptFacts? Attempt, int Others)
{
    /// <summary>Finds the first failure that matters: of a task whose failure is not allowed, or of a gate. What was cancelled did not fail.</summary>
    public static FailureFacts? Of(RunState state, IReadOnlyList<TaskFacts> tasks, IReadOnlyList<TaskFacts> gates)
    {
        if (state.Status == RunStatus.Succeeded) return null;
        var failed = tasks.SelectMany(t => t.Items is { Count: > 0 } items ? items : [t]).Concat(gates)
            .Where(t => t.Status is TaskStatus.Failed or TaskStatus.TimedOut && t.Task?.AllowFailure != true)
            .Select(t => (Task: t, Node: state.Find(t.Key)!))
            .OrderBy(p => p.Node.SettledAt).ThenBy(p => p.Node.Index).ToList();
        if (failed.Count == 0) return null;
        var first = failed[0];
        return new FailureFacts(first.Task, first.Node.SettledAt, first.Task.Last, failed.Count - 1);
    }
}
