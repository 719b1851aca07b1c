using System.Runtime.InteropServices;

namespace Skep.Orchestration;

/// <summary>
/// The agents of a run: those that were spawned by request, and those that have begun an attempt or were drained. The others that a
/// plan's <c>replicas</c> give are known by their number alone, so that a spec of thousands costs nothing before it works.
/// </summary>
internal sealed class AgentRoster(RunState state)
{
    private readonly Dictionary<string, AgentState> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SpecAgents> _families = new(StringComparer.Ordinal);

    /// <summary>Agents that are known by name, the retired ones included.</summary>
    public int Count => _byName.Count;

    /// <summary>All agents that are known by name.</summary>
    public IEnumerable<AgentState> Known => _byName.Values;

    /// <summary>The specs of which agents are known.</summary>
    public IEnumerable<SpecAgents> Families => _families.Values.Where(f => f.Known.Count > 0);

    /// <summary>What is known of the agents of a spec.</summary>
    public SpecAgents Of(string spec)
    {
        ref var family = ref CollectionsMarshal.GetValueRefOrAddDefault(_families, spec, out _);
        return family ??= new SpecAgents(spec, spec.Length == 0 ? null : state.Agent(spec)?.Replicas);
    }

    /// <summary>The agent of a name, or null when none is known by it.</summary>
    public AgentState? Find(string? name) => name is null ? null : _byName.GetValueOrDefault(name);

    /// <summary>The agent of a name, or one that the plan gives under that name and that has done nothing yet; else null.</summary>
    public AgentState? FindOrImply(string name)
    {
        if (Find(name) is { } known) return known;
        return InstanceName.Parse(name) is { } parsed && state.Agent(parsed.Spec) is not null && Of(parsed.Spec) is var family && family.IsGiven(parsed.Number)
            ? new AgentState(family, parsed.Number, null)
            : null;
    }

    /// <summary>All agents of a spec: known ones, and those that the plan gives and that have done nothing yet. By number.</summary>
    public IEnumerable<AgentState> All(SpecAgents family)
    {
        var given = Enumerable.Range(1, family.Replicas ?? 0).Where(n => !_byName.ContainsKey(InstanceName.Of(family.Spec, n)));
        return family.Known.Concat(given.Select(n => new AgentState(family, n, null))).OrderBy(a => a.Number);
    }

    /// <summary>The agent of a name; it joins when it was not known.</summary>
    public AgentState Join(string spec, int number, DateTimeOffset at)
    {
        ref var agent = ref CollectionsMarshal.GetValueRefOrAddDefault(_byName, InstanceName.Of(spec, number), out var known);
        return known ? agent! : agent = Of(spec).Add(number, at);
    }
}

/// <summary>What is known of the agents of one spec.</summary>
internal sealed class SpecAgents(string spec, int? replicas)
{
    private readonly List<AgentState> _known = [];

    public string Spec => spec;

    /// <summary>How many the plan gives; null for as many as the swarm allows.</summary>
    public int? Replicas => replicas;

    public IReadOnlyList<AgentState> Known => _known;

    /// <summary>Agents that were spawned by request.</summary>
    public int Extra { get; set; }

    /// <summary>Agents that drain or are retired.</summary>
    public int Closed { get; set; }

    /// <summary>Draining ones that still work: they hold attempts without having a place for any.</summary>
    public int DrainingAtWork { get; set; }

    /// <summary>How many attempts its agents may hold, those that drain left out.</summary>
    public double Capacity => replicas is { } given ? Math.Max(0.0, (double)given + Extra - Closed) : double.PositiveInfinity;

    /// <summary>The number of the next agent that is spawned: none that the plan gives has it, and none that is known.</summary>
    public int NextNumber => Math.Max(replicas ?? 0, _known.Count == 0 ? 0 : _known.Max(a => a.Number)) + 1;

    /// <summary>Whether the plan gives an agent of that number.</summary>
    public bool IsGiven(int number) => number <= replicas;

    public AgentState Add(int number, DateTimeOffset at)
    {
        var agent = new AgentState(this, number, at);
        _known.Add(agent);
        return agent;
    }
}
