using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Simulation;

/// <summary>
/// The promises about agents, checked on a log with a model of its own: an agent holds one attempt at a time, nothing begins on one that is gone,
/// what is placed after an agent was to go does not begin on it, and no spec runs or gets more than its agents can take.
/// </summary>
internal sealed class AgentChecker(Plan plan)
{
    private sealed record Held(string Spec, int Attempt, long Placed, string? Name);

    private readonly HashSet<string> _extra = [];
    private readonly HashSet<string> _begun = [];
    private readonly Dictionary<string, long> _draining = [];
    private readonly HashSet<string> _retired = [];
    private readonly Dictionary<string, Held> _open = [];
    private long _step;

    public int Spawned => _extra.Count;

    public int Retired => _retired.Count;

    public void Spawn(AgentsSpawned e)
    {
        Require(e.Names.Count > 0, "nothing is spawned");
        foreach (var name in e.Names)
        {
            Require(InstanceName.NumberOf(e.Spec, name) > (ReplicasOf(e.Spec) ?? 0) && !_begun.Contains(name) && _extra.Add(name), $"{name} is spawned though there is an agent of that name");
        }
    }

    public void Drain(AgentDraining e)
    {
        Require(IsThere(e.Name), $"{e.Name} is drained though there is no such agent");
        Require(_draining.TryAdd(e.Name, ++_step), $"{e.Name} is drained twice");
    }

    public void Retire(AgentRetired e)
    {
        Require(_draining.ContainsKey(e.Name) && _retired.Add(e.Name), $"{e.Name} is retired twice, or without being drained");
        Require(_open.Values.All(h => h.Name != e.Name), $"{e.Name} is retired while it works");
    }

    public void Assign(TaskAssigned e)
    {
        _open[e.Task] = new Held(e.Agent, e.Attempt, ++_step, null);
        var held = _open.Values.Count(h => h.Spec == e.Agent && (h.Name is null || !_draining.ContainsKey(h.Name)));
        Require(held <= 2 * CapacityOf(e.Agent), $"{e.Task} is placed with {e.Agent}, whose agents can take {CapacityOf(e.Agent)} and hold {held}");
    }

    public void Begin(AttemptStarted e)
    {
        var held = _open[e.Task];
        if (InstanceName.NumberOf(held.Spec, e.AgentName) == 0) return; // a person, a gate, or an answer whose beginning was not heard
        Require(ReplicasOf(held.Spec) is null || IsThere(e.AgentName), $"{e.Task} begins on {e.AgentName}, which there is not");
        Require(!_retired.Contains(e.AgentName), $"{e.Task} begins on {e.AgentName}, which is retired");
        Require(!_draining.TryGetValue(e.AgentName, out var since) || held.Placed < since, $"{e.Task} begins on {e.AgentName}, which was to get nothing more when it was placed");
        Require(_open.Values.All(h => h.Name != e.AgentName), $"{e.AgentName} holds two attempts");
        _begun.Add(e.AgentName);
        _open[e.Task] = held with { Name = e.AgentName };
        var working = _open.Values.Count(h => h.Spec == held.Spec && h.Name is not null && !_draining.ContainsKey(h.Name));
        Require(working <= CapacityOf(held.Spec), $"{working} agents of {held.Spec} work; {CapacityOf(held.Spec)} may");
    }

    public void End(AttemptEnded e) => _open.Remove(e.Task);

    private bool IsThere(string name) =>
        _extra.Contains(name) || _begun.Contains(name) || (InstanceName.Parse(name) is { } parsed && parsed.Number <= ReplicasOf(parsed.Spec));

    private int? ReplicasOf(string spec) => plan.Agents.FirstOrDefault(a => a.Id == spec)?.Replicas;

    private double CapacityOf(string spec) => ReplicasOf(spec) is { } replicas
        ? replicas + _extra.Count(n => InstanceName.NumberOf(spec, n) > 0) - _draining.Keys.Count(n => InstanceName.NumberOf(spec, n) > 0)
        : double.PositiveInfinity;

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new BrokenPromiseException(message);
    }
}
