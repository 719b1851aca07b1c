using Skep.Orchestration;
using Skep.Plans;
using TaskStatus = Skep.Orchestration.TaskStatus;

namespace Skep.Simulation;

/// <summary>Every sum that the core keeps along the way must be what counting from the start gives.</summary>
internal static class StateRecount
{
    public static void Check(RunState state)
    {
        if (state.Info is null) return;
        Counts(state);
        Usage(state);
        Agents(state);
        foreach (var node in state.Nodes)
        {
            Node(state, node);
            if (!state.Status.IsEnded() && WatchedUntil(state, node) is { } moment && !state.Agenda.Watches(node, moment))
                throw new BrokenPromiseException($"nothing happens to {node} at {moment:O}, though it must");
        }

        foreach (var agent in state.Plan.Agents.Select(a => a.Id).Append(AgentSpec.ImplicitId).Append(""))
            Same($"slots of '{agent}'", state.Nodes.Count(n => n.Current?.Agent == agent), state.Agenda.InUse(agent));
    }

    /// <summary>An agent holds what the attempts in flight say, and never two.</summary>
    private static void Agents(RunState state)
    {
        foreach (var agent in state.Roster.Known)
        {
            var held = state.Nodes.Where(n => n.Current is { StartedAt: not null } attempt && attempt.Agent == agent.Spec && attempt.AgentName == agent.Name).ToList();
            Same($"attempts of {agent.Name}", held.Count, agent.Held);
            if (held.Count > 1 || held.FirstOrDefault() != agent.Work) throw new BrokenPromiseException($"{agent.Name} is said to work on {agent.Work}, and holds {string.Join(", ", held)}");
        }

        foreach (var family in state.Roster.Families)
        {
            Same($"spawned agents of {family.Spec}", family.Known.Count(a => a.IsExtra), family.Extra);
            Same($"closed agents of {family.Spec}", family.Known.Count(a => a.Life is AgentLife.Draining or AgentLife.Retired), family.Closed);
            Same($"draining agents of {family.Spec} at work", family.Known.Count(a => a is { Life: AgentLife.Draining, Held: > 0 }), family.DrainingAtWork);
        }
    }

    /// <summary>When the queen must look at a node at the latest, or null.</summary>
    private static DateTimeOffset? WatchedUntil(RunState state, NodeState node) => node switch
    {
        { Status: TaskStatus.Ready, RetryAt: { } retry } => retry,
        { Current: { Stop: not StopReason.None, StopAt: { } stopped } } => stopped + Queen.StopGrace,
        { Current: { } attempt } when !attempt.IsHeld(node) => Timeouts.Deadline(state, node, attempt) is { } deadline && deadline < attempt.LeaseUntil ? deadline : attempt.LeaseUntil,
        _ => null,
    };

    private static void Counts(RunState state)
    {
        var inFlight = state.Nodes.Where(n => n.Current is not null).ToList();
        var work = state.WorkNodes.ToList();
        Same("assigned", inFlight.Count(n => n.Status == TaskStatus.Assigned), state.AssignedCount);
        Same("running", inFlight.Count(n => n.Status == TaskStatus.Running), state.RunningCount);
        Same("open nodes", state.Nodes.Count(n => n.Parent is null && !n.Status.IsSettled()), state.OpenNodes);
        Same("work", work.Count, state.WorkTotal);
        Same("settled work", work.Count(n => n.Status.IsSettled()), state.WorkSettled);
        Same("failed work", work.Count(n => n.Status.IsFailure()), state.WorkFailed);
        Same("memory pending", state.Nodes.Count(Queen.IsUnstored), state.MemoryPending);
        if (state.Undecided.Any(n => n.Undecided)) throw new BrokenPromiseException("a decision is left open");
    }

    private static void Usage(RunState state)
    {
        var waiting = state.Nodes.Where(n => n.Task is not null && n.Items is null && n.Status is TaskStatus.Pending or TaskStatus.Ready).ToList();
        foreach (var tier in Enum.GetValues<Tier>())
        {
            Same($"waiting in {tier}", waiting.Count(n => n.EffectiveTier == tier), state.Usage.WaitingIn(tier));
            var counted = waiting.Where(n => n.EffectiveTier <= tier).Sum(n => n.Task!.Estimate?.TotalSeconds ?? state.Usage.MeanSeconds);
            if (Math.Abs(counted - state.Usage.WaitingSeconds(tier)) > 1e-6 * Math.Max(1, counted))
                throw new BrokenPromiseException($"seconds up to {tier}: {counted} counted, {state.Usage.WaitingSeconds(tier)} kept");
        }
    }

    private static void Node(RunState state, NodeState node)
    {
        if (node.Items is { } items) Same($"open items of {node.Key}", items.Count(i => !i.Status.IsSettled()), node.OpenItems);
        if (node.Parent is null && !node.Status.IsSettled())
            Same($"open needs of {node.Key}", node.Node.Needs.Count(e => !state.Of(e).Status.IsSettled()), node.OpenNeeds);
        if (node is { Status: TaskStatus.Ready, RetryAt: null, Paused: false } && !state.Agenda.Holds(node))
            throw new BrokenPromiseException($"{node.Key} is ready but nobody will ever look at it");
        if (node is { Status: TaskStatus.Pending, OpenNeeds: 0, Parent: null } && !state.Status.IsEnded())
            throw new BrokenPromiseException($"{node.Key} waits for nothing");
        if (node.Status.IsSettled() && (node.Paused || node.SettledAt is null))
            throw new BrokenPromiseException($"{node.Key} is {node.Status} and {(node.Paused ? "held" : "nobody knows since when")}");
    }

    private static void Same(string what, int counted, int kept)
    {
        if (counted != kept) throw new BrokenPromiseException($"{what}: {counted} counted, {kept} kept");
    }
}
