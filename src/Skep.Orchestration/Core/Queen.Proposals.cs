using Skep.Plans;

namespace Skep.Orchestration;

public static partial class Queen
{
    private static void Admit(RunState state, TasksAdmitted e, DateTimeOffset at)
    {
        var waiting = state.Nodes.Where(IsWaiting).Select(n => (Node: n, Tier: n.EffectiveTier)).ToList();
        foreach (var (node, _) in waiting) state.Usage.Waiting(node, -1);
        var added = Grow(state, e);
        EffectiveTiers.Compute(state);
        foreach (var (node, tier) in waiting) Recount(state, node, tier);
        foreach (var node in added) Join(state, node);
        foreach (var node in added)
            if (node.OpenNeeds == 0) Unblock(state, node, at);
    }

    /// <summary>Adds the tasks of a proposal to the state's plan, graph and nodes.</summary>
    /// <exception cref="RunLogException">They do not fit the plan.</exception>
    internal static IReadOnlyList<NodeState> Grow(RunState state, TasksAdmitted e)
    {
        var proposer = Get(state, e.Task).Node;
        var proposal = ProposalReader.Read(e.Fragment, state.Plan, new Proposer(proposer.Id, e.Agent));
        if (proposal.Plan is null) throw new RunLogException($"the log admits tasks proposed by '{e.Task}' that do not fit the plan: {proposal.Problem}");
        state.ProposalList.Add(e);
        state.ProposedExecutions += proposal.Executions;
        return state.Extend(state.Graph.With(proposal.Plan, proposal.Tasks), e.Task);
    }

    private static void Join(RunState state, NodeState node)
    {
        state.OpenNodes++;
        state.WorkTotal++;
        state.Usage.Waiting(node, +1);
        state.Changed.Add(node);
        Recount(state, node);
        foreach (var edge in node.Node.Dependants) Recount(state, state.Of(edge));
    }

    /// <summary>Counts a node that waits in again; one that has become more important goes forward in its lane.</summary>
    private static void Recount(RunState state, NodeState node, Tier before)
    {
        state.Usage.Waiting(node, +1);
        if (node.EffectiveTier != before && node is { Status: TaskStatus.Ready, RetryAt: null }) state.Agenda.Enqueue(node);
    }

    /// <summary>Whether it counts among what has not begun; see <see cref="Usage.Waiting"/>.</summary>
    internal static bool IsWaiting(NodeState node) => node.Items is null && node.Status is TaskStatus.Pending or TaskStatus.Ready;
}
