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
    private readonly Dictionary<SimWorker, string> _agents = [];
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
        _agents[worker] = node.Current!.Agent;
        _waiting.Add(worker);
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
    }

    public void Abandon(string task, int attempt)
    {
        if (!_workers.TryGetValue((task, attempt), out var worker)) return;
        if (_waiting.Remove(worker)) worker.Withdraw();
        else worker.Leave();
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

    public void Left(SimWorker worker)
    {
        _running.Remove(worker);
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
            if (_suspended.Contains((worker.Task, worker.Attempt)) || !HasAgent(_agents[worker])) continue;
            _waiting.Remove(worker);
            _running.Add(worker);
            worker.Begin();
        }
    }

    private bool HasAgent(string agent) =>
        agent.Length == 0 || _running.Count(w => _agents[w] == agent) < (queen.State.Agent(agent)?.Replicas ?? int.MaxValue);

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
