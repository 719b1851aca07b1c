using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Simulation;

/// <summary>One incarnation of the shell: reads the log, then input by input: decide, append, perform.</summary>
internal sealed class SimQueen(SimWorld world, int number)
{
    private SimPool? _pool;
    private RunLog _log = null!;
    private DateTimeOffset? _timer;

    public RunState State { get; private set; } = null!;

    public bool Alive { get; private set; } = true;

    public bool Idle => Pool.Idle;

    public SimPool Pool => _pool ??= new SimPool(world, this);

    public void Begin(SimDisk disk, string run)
    {
        (State, _log) = RunLog.Load(disk, run, world.Plan, useSnapshot: world.Random.Chance(0.5), snapshotEvery: world.Random.Between(1, 30));
        if (State.Info is null)
        {
            var info = new RunStarted(run, "sim", "hash", null, "/w", "/p", "/r", new Dictionary<string, string>(), new Dictionary<string, string>(), null, world.Random.Next(), "sim");
            Step(new StartRun(info));
            return;
        }

        Step(new RecoverRun($"queen {number}", kind => kind is ExecutorKinds.Human or "gate/approve"));
    }

    public void Die()
    {
        Alive = false;
        Pool.Die();
    }

    /// <summary>Hands an input to the queen, as the shell does.</summary>
    public void Step(RunInput input)
    {
        if (!Alive) return;
        var now = world.Now > State.LastAt ? world.Now : State.LastAt;
        var decision = Queen.Decide(State, input, now);
        Believes(input, decision);
        // A crash between deciding and writing loses nothing: nothing had been promised.
        if (world.Random.Chance(world.Faults.Crash / 4))
        {
            world.StoodDown(this);
            return;
        }

        try
        {
            _log.AppendAsync(State, decision.Events, now).GetAwaiter().GetResult();
        }
        catch (StorageException)
        {
            world.StoodDown(this);
            return;
        }

        foreach (var effect in decision.Effects)
        {
            // A crash between writing and performing: the effects are found again from the state.
            if (world.Random.Chance(world.Faults.Crash / 4))
            {
                world.StoodDown(this);
                return;
            }

            Perform(effect);
        }

        if (world.Recounts && Alive) StateRecount.Check(State);
        SetTimer();
    }

    /// <summary>The pool tells the truth: an agent that it gave work to must not be gone for the queen, nor have other work.</summary>
    private static void Believes(RunInput input, Decision decision)
    {
        if (input is WorkerStarted told && decision.Events.OfType<AttemptStarted>().FirstOrDefault() is { } recorded && recorded.AgentName != told.AgentName)
            throw new BrokenPromiseException($"{told} is recorded as {recorded}");
    }

    /// <summary>A person interferes.</summary>
    public void Control()
    {
        if (!Alive || State.Info is null) return;
        var tasks = State.Nodes.Where(n => n.Node.Kind == NodeKind.Task).ToList();
        var task = world.Random.Pick(tasks).Key;
        Step(world.Random.Below(14) switch
        {
            10 or 11 when AnyGate() is { } gate => Vote(gate),
            12 or 13 when AnyGate() is { } gate => new WaiveGate(gate.Key, "ann", "the show must go on"),
            0 => new PauseRun("sim"),
            1 => new ContinueRun("sim"),
            2 or 3 => new PauseTask(task, "sim"),
            4 or 5 => new ContinueTask(task, "sim"),
            6 => world.Random.Chance(0.1) ? new CancelRun("sim", "test") : new CancelTask(task, "sim"),
            7 => new RetryTasks(world.Random.Chance(0.5) ? null : task, "sim"),
            8 => Overslept.Instance,
            _ => new ReportMetric("m", world.Random.Below(3), task),
        });
    }

    /// <summary>Somebody votes: mostly yes, sometimes a role that has no vote, or one person for two.</summary>
    public CastVote Vote(NodeState gate)
    {
        var role = world.Random.Below(gate.Gate!.Approval?.Roles.Count + 1 ?? 1);
        return new CastVote(gate.Key, $"role{role}", world.Random.Chance(0.2) ? "boss" : $"person{role}", world.Random.Chance(0.7), "");
    }

    private NodeState? AnyGate() => State.Nodes.Where(n => n.Gate is not null).ToList() is { Count: > 0 } gates ? world.Random.Pick(gates) : null;

    /// <summary>A person spawns agents, or lets some go.</summary>
    public void ChangeAgents()
    {
        if (!Alive || State.Info is null) return;
        if (world.Random.Chance(0.4)) Step(new SpawnAgents(AnySpec(), world.Random.Between(0, 4), "sim"));
        else Step(new DrainAgents([.. Enumerable.Range(0, world.Random.Between(1, 3)).Select(_ => AnyAgent())], "sim", world.Random.Chance(0.4)));
    }

    /// <summary>Mostly a spec; now and then what has no agents.</summary>
    private string AnySpec() => world.Random.Pick([.. State.Plan.Agents.Select(a => a.Id), AgentSpec.ImplicitId, "team", "gate", "nobody"]);

    /// <summary>An agent that there is, was, or might be; or all of a spec.</summary>
    private string AnyAgent()
    {
        var known = State.Roster.Known.Select(a => a.Name).ToList();
        if (known.Count > 0 && world.Random.Chance(0.6)) return world.Random.Pick(known);
        return world.Random.Chance(0.5) ? AnySpec() : InstanceName.Of(AnySpec(), world.Random.Between(1, 4));
    }

    /// <summary>Gives agents to specs whose agents have all been drained, so that the run can end.</summary>
    public void Reinforce()
    {
        foreach (var spec in State.Plan.Agents.Select(a => a.Id).Where(id => State.Roster.Of(id).Capacity < 1).ToList()) Step(new SpawnAgents(spec, 1, "sim"));
    }

    /// <summary>Ends all pauses and answers for people, so that the run can end.</summary>
    public void Release()
    {
        Step(new ContinueRun("sim"));
        foreach (var node in State.Nodes.Where(n => n.Paused).ToList()) Step(new ContinueTask(node.Key, "sim"));
        Reinforce();
        if (!State.Status.IsEnded() && world.Random.Chance(0.1)) Step(new RetryTasks(null, "sim"));
    }

    private void Perform(RunEffect effect)
    {
        switch (effect)
        {
            case StartAttempt e when e.Node.Current?.Number == e.Attempt: Pool.Start(e.Node, e.Attempt); break;
            case StopAttempt e: Pool.Stop(e.Node.Key, e.Attempt); break;
            case AbandonAttempt e: Pool.Abandon(e.Node.Key, e.Attempt); break;
            case SuspendAttempt e: Pool.Suspend(e.Node.Key, e.Attempt, e.Suspended); break;
            case HoldStarts e: Pool.Hold(e.Held); break;
            case OpenAgents e: Pool.Open(e.Spec, e.Numbers); break;
            case CloseAgents e: Pool.Close(e.Spec, e.Numbers); break;
            case RestoreEffects:
                foreach (var found in Queen.Effects(State)) Perform(found);
                break;
            case RunPreHooks: Later(new PreRunAnswered(world.Random.Chance(0.1) ? "a hook said no" : null), new HookReported(new HookRan(null, null, "pre-run", "hook", world.Random.Below(2), false, "", 5, 1))); break;
            case StoreMemory e: Store(e.Node, e.Attempt); break;
            case FinishRun: break;
        }
    }

    /// <summary>What the shell does beside the attempts always gets an answer, unless the process dies first.</summary>
    private void Later(params RunInput[] answers)
    {
        world.After(world.Random.Between(0, 5000), () =>
        {
            foreach (var answer in answers.Reverse()) Step(answer);
        });
    }

    /// <summary>The store may be full, and the process may die before it stores or before it can say that it has.</summary>
    private void Store(NodeState node, int attempt)
    {
        var value = node.Outputs["key"];
        world.After(world.Random.Between(0, 5000), () =>
        {
            if (!Alive) return;
            if (world.Random.Chance(0.1))
            {
                Step(new MemoryAnswered(node.Key, attempt, "full"));
                return;
            }

            world.Memory[(node.Key, attempt)] = value;
            Later(new MemoryAnswered(node.Key, attempt, null));
        });
    }

    /// <summary>As the shell does: one timer, for the next moment that matters.</summary>
    private void SetTimer()
    {
        if (!Alive || State.Status.IsEnded() || Queen.NextTick(State) is not { } due || (_timer <= due && _timer > world.Now)) return;
        _timer = due;
        world.After((long)Math.Ceiling((due - world.Now).TotalMilliseconds), () =>
        {
            _timer = null;
            Step(Tick.Instance);
        });
    }
}
