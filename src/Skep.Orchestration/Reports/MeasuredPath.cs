using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// The critical path through what really happened: from the task that ended last, back along the dependency that settled last, to the
/// start of the run. The steps follow one another in time and never overlap, so their shares of the wall time add up to at most 1.
/// </summary>
/// <param name="Steps">The steps, first to last.</param>
/// <param name="LongestChain">
/// The largest sum of measured times at work along any chain of dependencies (of a fan-out its longest item): with any number of agents the
/// run would have taken this long.
/// </param>
internal sealed record MeasuredPath(IReadOnlyList<PathStep> Steps, TimeSpan LongestChain)
{
    public static MeasuredPath Of(RunState state, DateTimeOffset until)
    {
        var order = state.Graph.TopologicalOrder() ?? state.Graph.Nodes;
        return new MeasuredPath(new PathWalk(state, until, order).Walk(), Chain(state, until, order));
    }

    private static TimeSpan Chain(RunState state, DateTimeOffset until, IReadOnlyList<GraphNode> order)
    {
        var ends = new TimeSpan[state.Graph.Nodes.Count];
        var longest = TimeSpan.Zero;
        foreach (var node in order)
        {
            var start = TimeSpan.Zero;
            foreach (var need in node.Needs)
                if (ends[need.Node] > start) start = ends[need.Node];
            ends[node.Index] = start + Worked(state.Of(node), until);
            if (ends[node.Index] > longest) longest = ends[node.Index];
        }

        return longest;
    }

    private static TimeSpan Worked(NodeState node, DateTimeOffset until) => node.Items is { Count: > 0 } items
        ? items.Max(i => Worked(i, until))
        : node.Attempts.Where(a => a.Result?.Outcome != AttemptOutcome.Lost).Aggregate(TimeSpan.Zero, (sum, a) => sum + AttemptFacts.Of(a, until).Work);
}

/// <summary>One step of the path.</summary>
internal sealed record PathStep
{
    public required string Key { get; init; }

    public required GraphNode Node { get; init; }

    /// <summary>When its needs were met.</summary>
    public required DateTimeOffset Ready { get; init; }

    /// <summary>From then to the first start: waiting for an agent.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>At work, in attempts that were not lost.</summary>
    public TimeSpan Work { get; init; }

    /// <summary>Between attempts: back-off, and waiting for an agent again.</summary>
    public TimeSpan RetryWait { get; init; }

    /// <summary>In attempts that were lost.</summary>
    public TimeSpan Lost { get; init; }

    /// <summary>Suspended by request while at work.</summary>
    public TimeSpan Held { get; init; }

    /// <summary>In hooks of the plan before and after the work.</summary>
    public TimeSpan Hooks { get; init; }

    public TimeSpan Total => Wait + Work + RetryWait + Lost + Held + Hooks;
}
