using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Simulation;

/// <summary>What the real pool does, on the virtual clock: attempts wait for a place, an agent, and for nobody holding them back.</summary>
internal sealed class SimPool(SimWorld world, SimQueen queen)
{
    private readonly Dictionary<(string Task, int Attempt), SimWorker> _workers = [];
    private readonly List<SimWorker> _waiting = [];
    private readonly List<SimWorker> _running = [];
    private readonly HashSet<(string, int)> _suspended = [];
    private readonly Dictionary<SimWorker, (string Agent, int Number)> _places = [];
    private readonly Dictionary<string, InstanceNumbers> _instances = [];
    private bool _held;
    private bool _keepsAlive;

    public bool Idle => _workers.Values.All(w => w.Done);

    public void Start(NodeState node, int attempt)
    {
        if (_workers.ContainsKey((node.Key, attempt))) return;
        var person = node.Task?.Agent == "person" || queen.State.Agent(node.Current?.Agent)?.Executor == ExecutorKinds.Human;
        var votes = node.Gate?.Approval is not null;
        var worker = new SimWorker(world, queen, node.Key, attempt, person, Timeouts.Of(queen.State, node) is not null, node.Task?.Writes.Count > 0, votes ? node : null);
        _workers[(node.Key, attempt)] = worker;
        var current = node.Current!;
        var instance = current.StartedAt is null ? 0 : InstanceName.NumberOf(current.Agent, current.AgentName);
        _places[worker] = (current.Agent, instance > 0 && Of(current.Agent).TryTake(instance) ? instance : 0);
        _waiting.Add(worker);
        SendBackStranded();
        StartWhatFits();
        KeepAlive();
    }

    public void Stop(string task, int attempt)
    {
        if (!_workers.TryGetValue((task, attempt), out var worker)) return;
        if (!_waiting.Remove(worker))
        {
            worker.Stop();
            return;
        }

        worker.Withdraw();
        world.After(0, () => queen.Step(new WorkerAnswered(task, attempt, new AttemptResult { Outcome = AttemptOutcome.Cancelled })));
        GiveBack(worker);
    }

    public void Abandon(string task, int attempt)
    {
        if (!_workers.TryGetValue((task, attempt), out var worker)) return;
        if (!_waiting.Remove(worker))
        {
            worker.Leave();
            return;
        }

        worker.Withdraw();
        GiveBack(worker);
    }

    public void Suspend(string task, int attempt, bool suspended)
    {
        if (suspended) _suspended.Add((task, attempt));
        else _suspended.Remove((task, attempt));
        StartWhatFits();
    }

    public void Hold(bool held)
    {
        _held = held;
        StartWhatFits();
    }

    public void Open(string agent, IReadOnlyList<int> numbers)
    {
        foreach (var number in numbers) Of(agent).Open(number);
        StartWhatFits();
    }

    public void Close(string agent, IReadOnlyList<int> numbers)
    {
        var freed = numbers.Where(Of(agent).Close).ToList();
        if (freed.Count > 0) world.After(0, () => queen.Step(new AgentsFreed(agent, freed)));
        SendBackStranded();
    }

    public void Left(SimWorker worker)
    {
        _running.Remove(worker);
        GiveBack(worker);
        world.After(0, StartWhatFits);
    }

    public void Die()
    {
        foreach (var worker in _workers.Values) worker.ProcessDied();
    }

    private void StartWhatFits()
    {
        if (_held || !queen.Alive) return;
        foreach (var worker in _waiting.ToList())
        {
            if (_running.Count >= queen.State.MaxConcurrency) return;
            if (_suspended.Contains((worker.Task, worker.Attempt)) || !HasAgent(worker)) continue;
            _waiting.Remove(worker);
            _running.Add(worker);
            var (agent, number) = _places[worker];
            worker.Begin(agent.Length == 0 ? "gate" : InstanceName.Of(agent, number));
        }
    }

    private void SendBackStranded()
    {
        foreach (var worker in _waiting.Where(w => _places[w] is { Number: 0 } place && !Of(place.Agent).HasAny).ToList())
        {
            _waiting.Remove(worker);
            worker.Withdraw();
            world.After(0, () => queen.Step(new WorkerAnswered(worker.Task, worker.Attempt, new AttemptResult { Outcome = AttemptOutcome.Lost }) { Began = false }));
        }
    }

    private bool HasAgent(SimWorker worker)
    {
        var (agent, number) = _places[worker];
        if (number == 0 && Of(agent).TryTake(out number)) _places[worker] = (agent, number);
        return number > 0;
    }

    private void GiveBack(SimWorker worker)
    {
        var (agent, number) = _places[worker];
        if (number > 0 && Of(agent).GiveBack(number)) world.After(0, () => queen.Step(new AgentsFreed(agent, [number])));
    }

    private InstanceNumbers Of(string agent)
    {
        if (_instances.TryGetValue(agent, out var numbers)) return numbers;
        return _instances[agent] = new InstanceNumbers((agent.Length == 0 ? null : queen.State.Agent(agent)?.Replicas) ?? int.MaxValue);
    }

    private void KeepAlive()
    {
        if (_keepsAlive || !queen.Alive || _waiting.Count == 0) return;
        _keepsAlive = true;
        world.After((long)(world.Plan.Swarm.Lease / 3).TotalMilliseconds, () =>
        {
            _keepsAlive = false;
            foreach (var worker in _waiting.ToList()) queen.Step(new WorkerHeartbeat(worker.Task, worker.Attempt));
            KeepAlive();
        });
    }
}
