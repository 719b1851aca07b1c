namespace Skep.Orchestration;

public static partial class Queen
{
    /// <summary>Events about hooks that are kept per attempt; more calls are made but not told of.</summary>
    public const int MaxHookRecordsPerAttempt = 100;

    /// <summary>Events about hooks of the run itself that are kept.</summary>
    public const int MaxRunHookRecords = 1000;

    /// <summary>Longest command or text of a hook that is kept, in characters.</summary>
    public const int MaxHookText = 400;

    /// <summary>Different hooks whose sums a run keeps; those beyond are summed up together.</summary>
    public const int MaxHookTotals = 1000;

    private static void CountHook(RunState state, HookRan e)
    {
        var node = e.Task is null ? null : state.Find(e.Task);
        if (node?.AttemptList?.Find(a => a.Number == e.Attempt) is { } attempt)
        {
            attempt.Hooks = attempt.Hooks.Add(e);
            state.Changed.Add(node);
        }
        else
        {
            state.RunHooks = state.RunHooks.Add(e);
        }

        var key = (e.On, e.Command);
        if (!state.HookMap.ContainsKey(key) && state.HookMap.Count >= MaxHookTotals) key = ("other", "");
        state.HookMap[key] = state.HookMap.GetValueOrDefault(key, new HookTotal(key.Item1, key.Item2, 0, 0, 0, 0, null)).Add(e);
    }

    private static void EndWork(RunState state, WorkEnded e, DateTimeOffset at)
    {
        if (state.Find(e.Task)?.Current is { } attempt && attempt.Number == e.Attempt) attempt.WorkEndedAt ??= at;
    }

    private static void KeepStored(RunState state, NodeState node, MemoryStored e)
    {
        if (node.AttemptList?.Find(a => a.Number == e.Attempt) is not { Stored: false } attempt)
            throw new RunLogException($"the log stores the memory of attempt {e.Attempt} of '{node.Key}', which has none to be stored");
        if (IsUnstored(node)) state.MemoryPending--;
        attempt.Stored = true;
        state.Changed.Add(node);
    }

    /// <summary>Whether an attempt gave values that belong into the folder's memory.</summary>
    internal static bool Writes(NodeState node, AttemptState attempt) =>
        node.Task is { Writes.Count: > 0 } && attempt.Result?.Outcome == AttemptOutcome.Succeeded;

    /// <summary>Whether a task's values are not yet known to be in the folder's memory.</summary>
    internal static bool IsUnstored(NodeState node) =>
        node is { Status: TaskStatus.Succeeded, Task.Writes.Count: > 0, AttemptList: [.., { Stored: false } last] } && Writes(node, last);
}
