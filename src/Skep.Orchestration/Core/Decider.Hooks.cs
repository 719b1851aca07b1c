namespace Skep.Orchestration;

/// <summary>Hooks, and memory that outlives the run.</summary>
internal sealed partial class Decider
{
    /// <summary>A hook's word is evidence at any time, after the end of its attempt and of the run as well; how much of it is kept is bounded.</summary>
    private void OnHook(HookRan e)
    {
        if (state.Info is null) return;
        if (e.Task is null)
        {
            if (state.RunHooks.Records < Queen.MaxRunHookRecords) Emit(Bounded(e) with { Attempt = null });
            return;
        }

        if (state.Find(e.Task)?.AttemptList?.Find(a => a.Number == e.Attempt) is not { } attempt || attempt.Hooks.Records >= Queen.MaxHookRecordsPerAttempt) return;
        Emit(Bounded(e));
    }

    private static HookRan Bounded(HookRan e) => e with
    {
        Command = Text.Shorten(e.Command, Queen.MaxHookText),
        Text = Text.Shorten(e.Text, Queen.MaxHookText),
        ElapsedMs = Math.Max(0, e.ElapsedMs),
        Calls = Math.Max(1, e.Calls),
    };

    private void OnPreRun(string? forbidden)
    {
        if (!state.AwaitsPreRun || state.Status is not (RunStatus.Running or RunStatus.Paused)) return;
        if (forbidden is null) Emit(new RunAdmitted());
        else StopRun("hook", StopReason.Forbidden, Text.Shorten(forbidden, AnswerBounds.MaxMessage));
    }

    private void OnFinished(WorkerFinished input)
    {
        if (InFlight(input.Task, input.Attempt) is { } node) Emit(new WorkEnded(node.Key, input.Attempt));
    }

    private void OnMemory(MemoryAnswered input)
    {
        if (state.Find(input.Task) is { } node && node.AttemptList?.Find(a => a.Number == input.Attempt) is { } attempt && !attempt.Stored && Queen.Writes(node, attempt))
            Emit(new MemoryStored(node.Key, input.Attempt, input.Error is { } error ? Text.Shorten(error, Queen.MaxHookText) : null));
    }

    /// <summary>Whether something other than work has to be done first: then the run has not ended, though nothing is left to do.</summary>
    private bool AwaitsShell() => state.HasWorkers && ((state.AwaitsPreRun && state.Stopping == StopReason.None) || state.MemoryPending > 0);
}
