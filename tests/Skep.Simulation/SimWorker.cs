using System.Globalization;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Simulation;

/// <summary>One attempt's worker. Mostly it works; else it is silent, hangs, fails, is late, answers twice, out of order, or with garbage.</summary>
internal sealed class SimWorker(SimWorld world, SimQueen queen, string task, int attempt, bool person, bool timed, bool writes, NodeState? gate)
{
    private string _name = "";
    private bool _stopped;
    private bool _dead;

    public string Task => task;

    public int Attempt => attempt;

    public bool Done { get; private set; }

    /// <summary>Whether its place in the swarm is free again.</summary>
    public bool Left { get; private set; }

    /// <summary>The queen has given it up: its place is given to others, whatever it does.</summary>
    public void Leave()
    {
        if (Left) return;
        Left = true;
        queen.Pool.Left(this);
    }

    /// <summary>It never began.</summary>
    public void Withdraw() => (Done, Left) = (true, true);

    public void Begin(string name)
    {
        _name = name;
        var (random, faults) = (world.Random, world.Faults);
        if (random.Chance(faults.Silent) && !person)
        {
            Done = true; // dies at once: only the lease finds out
            return;
        }

        Heartbeat();
        if (!person && gate is null && random.Chance(0.3)) Later(random.Between(0, 8000), Before);
        else Work();
    }

    /// <summary>Hooks before the work, in the agent's place; one that blocks ends the attempt, which has not begun.</summary>
    private void Before()
    {
        if (Done || _stopped) return;
        queen.Step(new HookReported(new HookRan(task, attempt, HookEvents.PreTask, "hook", 1, true, "no", 3, 1)));
        if (world.Random.Chance(world.Faults.Block)) End(AttemptResult.Failure("not started: a hook said no"), began: false);
        else Work();
    }

    private void Work()
    {
        var (random, faults) = (world.Random, world.Faults);
        var duration = random.Between(0, random.Chance(0.3) ? 30_000 : 40);
        var early = random.Chance(faults.OutOfOrder);
        if (!early) Later(random.Between(0, 50), () => queen.Step(new WorkerStarted(task, attempt, _name)));
        if (gate is not null)
        {
            AwaitVotes(gate);
            return;
        }

        if (random.Chance(0.2)) Ask(duration);
        // Only with a timeout: an agent that gives signs of life for ever and has no limit is meant to go on for ever.
        if (random.Chance(faults.Hang) && timed) return;
        if (random.Chance(faults.Late)) duration += 200_000;
        Later(duration + 60, () => Answer(Result()));
        if (early) Later(duration + 120, () => queen.Step(new WorkerStarted(task, attempt, _name)));
    }

    /// <summary>It waits for a person for a while, perhaps beyond the end of its work, and may tell everything twice.</summary>
    private void Ask(int within)
    {
        var from = world.Random.Between(0, within + 60);
        Later(from, () => queen.Step(new WorkerWaits(task, attempt, true)));
        if (world.Random.Chance(0.3)) Later(from + 1, () => queen.Step(new WorkerWaits(task, attempt, true)));
        Later(from + world.Random.Between(0, 20_000), () => queen.Step(new WorkerWaits(task, attempt, false)));
    }

    /// <summary>The gate waits for ever; people vote now and then. Sometimes the check itself claims that it passed, which must not count.</summary>
    private void AwaitVotes(NodeState waiting)
    {
        if (world.Random.Chance(world.Faults.Garbage)) Later(world.Random.Between(60, 20_000), () => Answer(new AttemptResult { Outcome = AttemptOutcome.Succeeded }));
        else Later(world.Random.Between(60, 20_000), Next);

        void Next()
        {
            if (Done || _stopped) return;
            queen.Step(queen.Vote(waiting));
            Later(world.Random.Between(60, 20_000), Next);
        }
    }

    public void Stop()
    {
        if (_stopped || Done) return;
        _stopped = true;
        if (world.Random.Chance(world.Faults.Deaf)) return;
        Later(world.Random.Between(0, 6000), () =>
        {
            if (Done) return;
            Leave();
            Send(new AttemptResult { Outcome = AttemptOutcome.Cancelled });
            Done = true;
        });
    }

    /// <summary>The process is gone and its children with it, except now and then one that still talks to whoever listens.</summary>
    public void ProcessDied()
    {
        _dead = true;
        Done = true;
    }

    private void Heartbeat()
    {
        if (_dead || Done) return;
        queen.Step(new WorkerHeartbeat(task, attempt));
        if (queen.Alive) world.After(1500, Heartbeat);
    }

    private void Answer(AttemptResult result)
    {
        var (random, faults) = (world.Random, world.Faults);
        if (Done) return;
        if (random.Chance(faults.Garbage)) Babble();
        if (!person && gate is null && random.Chance(0.5)) world.Propose(queen, task, attempt);
        if (random.Chance(0.2)) queen.Step(new ReportMetric(random.Chance(0.5) ? "tokens" : "cost_usd", random.Below(20), task));
        if (!person && gate is null && random.Chance(0.3)) After(result);
        else End(result);
    }

    /// <summary>Hooks after the work; a stop may come meanwhile, and one that blocks makes a success a failure.</summary>
    private void After(AttemptResult result)
    {
        queen.Step(new WorkerFinished(task, attempt));
        var took = world.Random.Between(0, 8000);
        Later(took, () =>
        {
            if (Done) return;
            var blocks = world.Random.Chance(world.Faults.Block);
            queen.Step(new HookReported(new HookRan(task, attempt, HookEvents.PostTask, "hook", blocks ? 1 : 0, blocks, "said", took, 1)));
            if (blocks && result.Outcome == AttemptOutcome.Succeeded) result = result with { Outcome = AttemptOutcome.Failed, Error = "a hook said no" };
            End(result with { HooksAfterMs = took });
        });
    }

    private void End(AttemptResult result, bool began = true)
    {
        if (Done) return;
        Leave();
        Send(result, began);
        if (world.Random.Chance(world.Faults.Twice)) Later(world.Random.Between(0, 10_000), () => Send(Result(), began));
        Done = true;
    }

    private void Babble()
    {
        queen.Step(new WorkerAnswered("no-such-task", 1, AttemptResult.Failure("lie")));
        queen.Step(new WorkerAnswered(task, attempt + 7, AttemptResult.Failure("lie")));
        queen.Step(new WorkerAnswered(task, -1, new AttemptResult { Outcome = (AttemptOutcome)99 }));
        queen.Step(new WorkerAnswered($"phase/p0", 1, new AttemptResult { Outcome = AttemptOutcome.Succeeded }));
        queen.Step(new WorkerProgress(task, attempt, new string('x', 5000)));
        queen.Step(new ReportMetric("m", double.NaN, task));
    }

    private AttemptResult Result()
    {
        var random = world.Random;
        if (random.Chance(world.Faults.Garbage / 2)) return new AttemptResult { Outcome = (AttemptOutcome)42, Error = new string('!', 10_000) };
        if (random.Chance(world.Faults.Fail)) return AttemptResult.Failure("it failed", retryable: random.Chance(0.8));
        return new AttemptResult
        {
            Outcome = AttemptOutcome.Succeeded,
            Outputs = Outputs(random),
        };
    }

    private Dictionary<string, string> Outputs(SimRandom random)
    {
        var outputs = new Dictionary<string, string>();
        if (writes && random.Chance(0.9)) outputs["key"] = $"{task}#{attempt}";
        if (random.Chance(0.9)) outputs["n"] = random.Below(8).ToString(CultureInfo.InvariantCulture);
        if (random.Chance(0.9)) outputs["list"] = $"[{string.Join(',', Enumerable.Range(0, random.Below(4)))}]";
        return outputs;
    }

    private void Send(AttemptResult result, bool began = true)
    {
        if (person) queen.Step(new AnswerTask(task, "somebody", result.Outcome == AttemptOutcome.Succeeded, ""));
        else queen.Step(new WorkerAnswered(task, attempt, result) { Began = began });
    }

    private void Later(long delayMs, Action act) => world.After(delayMs, () =>
    {
        if (!_dead) act();
    });
}
