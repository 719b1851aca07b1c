namespace Skep.Orchestration;

/// <summary>
/// The coordinator of one run, as three pure functions over a <see cref="RunState"/>:
/// <list type="bullet">
/// <item><see cref="Apply"/> folds one event into the state; it is the only place where the state changes.</item>
/// <item><see cref="Decide"/> answers an input with events (which it applies) and effects.</item>
/// <item><see cref="Effects"/> tells what ought to be in flight; after a crash the shell folds the log and starts these.</item>
/// </list>
/// No clock, no randomness, no I/O: time comes in as an argument, the seed stands in the first event. The same log gives the same
/// state anywhere, which is what the simulator leans on.
/// </summary>
public static partial class Queen
{
    /// <summary>How long a stopped attempt may take to answer before it counts as lost.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);

    /// <summary>Lost attempts (agent or process gone) of one task before it counts as failed.</summary>
    public const int MaxLosses = 100;

    /// <summary>Ignored answers that are recorded per attempt; more are dropped silently, so that a babbling agent cannot fill the log.</summary>
    public const int MaxIgnoredPerAttempt = 3;

    /// <summary>Metrics of different names that one run keeps.</summary>
    public const int MaxMetrics = 10_000;

    /// <summary>
    /// Answers an input. The events are applied to <paramref name="state"/> already; if the shell cannot make the durable ones durable it
    /// must throw the state away.
    /// </summary>
    public static Decision Decide(RunState state, RunInput input, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        var decider = new Decider(state, now);
        decider.Handle(input);
        return decider.ToDecision();
    }

    /// <summary>What ought to be in flight: the effects that bring a fresh shell in step with the state.</summary>
    public static IReadOnlyList<RunEffect> Effects(RunState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var effects = new List<RunEffect>();
        if (state.Status == RunStatus.Paused) effects.Add(new HoldStarts(true));
        effects.AddRange(AgentEffects(state));
        // What had begun takes its place back before what had only been placed.
        foreach (var node in state.Nodes.Where(n => n.Current is not null).OrderBy(n => n.Current!.StartedAt is null))
        {
            var attempt = node.Current!;
            effects.Add(new StartAttempt(node, attempt.Number));
            if (attempt.Stop != StopReason.None) effects.Add(new StopAttempt(node, attempt.Number, attempt.Stop));
            else if (node.Paused) effects.Add(new SuspendAttempt(node, attempt.Number, true));
        }

        if (state.AwaitsPreRun && state.Status is RunStatus.Running or RunStatus.Paused) effects.Add(new RunPreHooks());
        if (state.MemoryPending > 0)
            foreach (var node in state.Nodes.Where(IsUnstored)) effects.Add(new StoreMemory(node, node.Attempts[^1].Number));
        if (state.Status.IsEnded()) effects.Add(new FinishRun());
        return effects;
    }

    /// <summary>When <see cref="Decide"/> wants to be called with a <see cref="Tick"/>, or null. May be early, never late.</summary>
    public static DateTimeOffset? NextTick(RunState state) => state?.Agenda.NextDue;
}
