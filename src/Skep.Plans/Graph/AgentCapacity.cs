namespace Skep.Plans;

/// <summary>
/// How many replicas of each agent are free. A <em>class</em> is what tasks ask for, an agent or a team; a team's task goes to the
/// first member that has a free replica.
/// </summary>
internal sealed class AgentCapacity
{
    private static readonly string?[] s_gate = [null];

    private readonly Dictionary<string, int> _free = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?[]> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _classesOf = new(StringComparer.Ordinal);

    public AgentCapacity(Plan plan)
    {
        foreach (var agent in plan.Agents)
        {
            if (agent.Replicas is { } replicas) _free[agent.Id] = Math.Max(1, replicas);
            AddClass(agent.Id, [agent.Id]);
        }

        foreach (var team in plan.Teams)
        {
            var members = team.Members.Count > 0 ? team.Members : team.Lead is { } lead ? [lead] : [team.Id];
            AddClass(team.Id, [.. members.Distinct()]);
        }
    }

    /// <summary>What a node asks for; null for gates, which need no agent.</summary>
    public static string? ClassOf(GraphNode node) => node.Task is { } task ? task.Agent ?? AgentSpec.ImplicitId : null;

    /// <summary>Takes a replica for a class, or answers false when all are busy.</summary>
    public bool TryTake(string? wanted, out string? agent)
    {
        foreach (var member in wanted is null ? s_gate : _members.GetValueOrDefault(wanted) ?? [wanted])
        {
            agent = member;
            if (member is null || !_free.TryGetValue(member, out var free)) return true;
            if (free == 0) continue;
            _free[member] = free - 1;
            return true;
        }

        agent = null;
        return false;
    }

    /// <summary>Gives a replica back and answers the classes that it may serve.</summary>
    public IReadOnlyList<string> Release(string? agent)
    {
        if (agent is null || !_free.TryGetValue(agent, out var free)) return [];
        _free[agent] = free + 1;
        return _classesOf.GetValueOrDefault(agent) ?? [];
    }

    private void AddClass(string id, string[] members)
    {
        if (!_members.TryAdd(id, members)) return;
        foreach (var member in members)
        {
            if (!_classesOf.TryGetValue(member, out var classes)) _classesOf[member] = classes = [];
            classes.Add(id);
        }
    }
}
