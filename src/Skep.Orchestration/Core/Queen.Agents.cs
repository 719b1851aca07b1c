namespace Skep.Orchestration;

public static partial class Queen
{
    /// <summary>
    /// Agents that a run may know by name before it refuses to spawn more; those that are retired count, because the log and the snapshot keep them.
    /// Agents that the plan gives always join.
    /// </summary>
    public const int MaxAgents = 4096;

    private static void Spawn(RunState state, AgentsSpawned e, DateTimeOffset at)
    {
        foreach (var name in e.Names)
        {
            var number = InstanceName.NumberOf(e.Spec, name);
            if (number == 0 || state.Roster.Find(name) is not null) throw new RunLogException($"event {state.Seq} of the log spawns '{name}' of '{e.Spec}', which {(number == 0 ? "is no name of its agents" : "there is already")}");
            var agent = state.Roster.Join(e.Spec, number, at);
            (agent.IsExtra, agent.By, agent.Request) = (true, e.By, e.Request);
            agent.Family.Extra++;
        }
    }

    private static void Drain(RunState state, AgentDraining e, DateTimeOffset at)
    {
        var agent = Require(state, e.Name, at);
        if (!agent.IsOpen) throw new RunLogException($"event {state.Seq} of the log drains '{e.Name}', which is {AgentOverview.Word(agent.Life)}");
        agent.Drain(at);
        agent.By = e.By;
    }

    private static void Retire(RunState state, AgentRetired e, DateTimeOffset at)
    {
        var agent = Require(state, e.Name, at);
        if (agent is not { Life: AgentLife.Draining, Held: 0 }) throw new RunLogException($"event {state.Seq} of the log retires '{e.Name}', which is {AgentOverview.Word(agent.Life)}{(agent.Held > 0 ? " and at work" : "")}");
        (agent.IsRetired, agent.Since, agent.Reason) = (true, at, e.Reason);
    }

    private static AgentState Require(RunState state, string name, DateTimeOffset at) =>
        state.Roster.FindOrImply(name) is { } agent
            ? state.Roster.Join(agent.Spec, agent.Number, at)
            : throw new RunLogException($"event {state.Seq} of the log names agent '{name}', which there is not");

    /// <summary>The agent that begins an attempt joins by that; names that are none of its spec's instances (people, gates) do not.</summary>
    private static void Engage(RunState state, NodeState node, AttemptState attempt, string name, DateTimeOffset at)
    {
        if (attempt.StartedAt is null && InstanceName.NumberOf(attempt.Agent, name) is > 0 and var number)
            state.Roster.Join(attempt.Agent, number, at).Engage(node, at);
    }

    private static void Disengage(RunState state, NodeState node, AttemptState attempt, DateTimeOffset at) => AgentOf(state, attempt)?.Disengage(node, at);

    /// <summary>The agent that works on an attempt, or null before it has begun, and when it is not known by name.</summary>
    internal static AgentState? AgentOf(RunState state, AttemptState attempt) =>
        attempt.StartedAt is not null && state.Roster.Find(attempt.AgentName) is { } agent && agent.Spec == attempt.Agent ? agent : null;

    /// <summary>What whoever runs the agents must know before the first attempt is placed: which there are beyond the plan, and which are gone.</summary>
    private static IEnumerable<RunEffect> AgentEffects(RunState state)
    {
        foreach (var family in state.Roster.Families)
        {
            if (NumbersOf(family, a => a is { IsExtra: true, IsOpen: true }) is { Count: > 0 } open) yield return new OpenAgents(family.Spec, open);
            if (NumbersOf(family, a => !a.IsOpen) is { Count: > 0 } closed) yield return new CloseAgents(family.Spec, closed);
        }
    }

    private static List<int> NumbersOf(SpecAgents family, Func<AgentState, bool> which) => [.. family.Known.Where(which).Select(a => a.Number)];
}
