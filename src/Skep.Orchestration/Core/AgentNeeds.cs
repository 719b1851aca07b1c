namespace Skep.Orchestration;

/// <summary>Tasks that wait because no agent is left that could do them.</summary>
/// <param name="Agent">The agent spec or team that they ask for.</param>
/// <param name="Tasks">Node keys, in the order of the plan.</param>
public sealed record StrandedTasks(string Agent, IReadOnlyList<string> Tasks)
{
    /// <summary>What waits now, by what it asks for. Nothing in a run that has ended.</summary>
    public static IReadOnlyList<StrandedTasks> Of(RunState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Status.IsEnded() ? [] : Of(state, spec => state.Roster.Of(spec).Capacity);
    }

    /// <summary>
    /// What would wait with other capacities. A task that an agent has begun does not count, although it may have to be tried again: whoever drains
    /// the last agent of a spec mostly waits for exactly that task, and its retry would be seen to wait.
    /// </summary>
    internal static IReadOnlyList<StrandedTasks> Of(RunState state, Func<string, double> capacityOf)
    {
        var open = state.Nodes.Where(n => n.Task is not null && n.Items is null && !n.Status.IsSettled() && n.Status != TaskStatus.Running);
        return [.. open.GroupBy(Agenda.AgentOf, StringComparer.Ordinal)
            .Where(g => state.Agenda.CandidatesFor(g.Key).All(spec => capacityOf(spec) < 1))
            .Select(g => new StrandedTasks(g.Key, [.. g.Select(n => n.Key)]))];
    }
}
