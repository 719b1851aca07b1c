namespace Skep.Orchestration;

/// <summary>One call of <see cref="Queen.Decide"/>: collects events, applying each at once, and effects.</summary>
internal sealed partial class Decider(RunState state, DateTimeOffset now)
{
    private readonly List<RunEvent> _events = [];
    private readonly List<RunEffect> _effects = [];
    private string? _refusal;

    public Decision ToDecision() => new(_events, _effects, _refusal);

    public void Handle(RunInput input)
    {
        switch (input)
        {
            case StartRun i: Begin(i.Event); break;
            case RecoverRun i: Recover(i); break;
            case Overslept: RenewAllLeases(); break;
            case Tick: break;
            case WorkerStarted i: OnStarted(i); break;
            case WorkerHeartbeat i: OnHeartbeat(i.Task, i.Attempt); break;
            case WorkerProgress i: OnProgress(i); break;
            case WorkerAnswered i: OnAnswered(i); break;
            case WorkerUsed i: OnUsed(i); break;
            case WorkerWaits i: OnWaits(i); break;
            case ReportMetric i: OnMetric(i); break;
            case AnswerTask i: OnHumanAnswer(i); break;
            case PauseRun i: OnPauseRun(i.By); break;
            case ContinueRun i: OnContinueRun(i.By); break;
            case PauseTask i: OnPauseTask(i); break;
            case ContinueTask i: OnContinueTask(i); break;
            case CancelRun i: OnCancelRun(i); break;
            case CancelTask i: OnCancelTask(i); break;
            case RetryTasks i: OnRetry(i); break;
            case ProposeTasks i: OnPropose(i); break;
            case CastVote i: OnVote(i); break;
            case WaiveGate i: OnWaive(i); break;
            case HookReported i: OnHook(i.Event); break;
            case PreRunAnswered i: OnPreRun(i.Forbidden); break;
            case WorkerFinished i: OnFinished(i); break;
            case MemoryAnswered i: OnMemory(i); break;
            case SpawnAgents i: OnSpawn(i); break;
            case DrainAgents i: OnDrain(i); break;
            case AgentsFreed i: OnFreed(i); break;
            default: throw new ArgumentException($"unknown input {input.GetType().Name}", nameof(input));
        }

        if (state.Info is null || state.Status.IsEnded()) return;
        // Only when the clock calls, and not with every word of a batch: the sign of life that saves a lease may be the next word in it.
        if (input is Tick or RecoverRun && state.HasWorkers) FireTimers();
        Advance();
    }

    private void Begin(RunStarted first)
    {
        Emit(first);
        if (state.AwaitsPreRun) Effect(new RunPreHooks());
        PassOverPlanned();
    }

    /// <summary>Draws every consequence: conditions, lists, skips, phases, budgets, assignments, the end.</summary>
    private void Advance()
    {
        do
        {
            DecideNodes();
            StopAfterFailure();
            // Time in which nobody works on a run is not yet known to be downtime; whoever resumes it looks at its budget.
            if (state.HasWorkers) WatchBudget();
        }
        while (state.Undecided.Count > 0);

        AssignReady();
        EndIfDone();
    }

    private void Emit(RunEvent e)
    {
        Queen.Apply(state, e, now);
        _events.Add(e);
    }

    private void Effect(RunEffect effect) => _effects.Add(effect);

    private void RenewAllLeases()
    {
        foreach (var node in state.Nodes)
            if (node.Current is not null) RenewLease(node);
    }

    private void RenewLease(NodeState node) =>
        Emit(new LeaseRenewed(node.Key, node.Current!.Number, now + state.Plan.Swarm.Lease));

    private void Refuse(string why) => _refusal = why;

    /// <summary>Attempts that cannot have survived the process are lost; the rest is in flight still and gets a fresh lease.</summary>
    private void Recover(RecoverRun input)
    {
        Emit(new RunRecovered(input.By, state.HasWorkers ? null : true));
        Effect(new RestoreEffects());
        foreach (var node in state.Nodes.Where(n => n.Current is not null).ToList())
        {
            var attempt = node.Current!;
            if (input.Survives(Executors.KindOf(state, node)))
            {
                // Whoever waited is gone; who takes the attempt up says so anew.
                if (attempt.Waits) Emit(new AttemptWaits(node.Key, attempt.Number, false));
                RenewLease(node);
                continue;
            }

            EndAttempt(node, attempt, new AttemptResult
            {
                Outcome = AttemptOutcome.Lost,
                Error = "the process that ran it ended before it did",
            });
        }
    }
}
