using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Walks the critical path of a run backwards.</summary>
internal sealed class PathWalk
{
    private readonly RunState _state;
    private readonly DateTimeOffset _until;
    private readonly int[] _rank;

    public PathWalk(RunState state, DateTimeOffset until, IReadOnlyList<GraphNode> order)
    {
        (_state, _until) = (state, until);
        _rank = new int[order.Count];
        for (var i = 0; i < order.Count; i++) _rank[order[i].Index] = i;
    }

    public IReadOnlyList<PathStep> Walk()
    {
        var steps = new List<PathStep>();
        for (var node = Last(); node is not null; node = Before(node)) steps.Add(Step(node));
        steps.Reverse();
        return steps;
    }

    /// <summary>Where the path ends: in a run that goes on, with what has been under way the longest; else with what ended last.</summary>
    private NodeState? Last()
    {
        var work = _state.WorkNodes.Where(n => n.ReadyAt is not null).ToList();
        if (!_state.Status.IsEnded())
        {
            var open = work.Where(n => n.Current is not null).MinBy(n => (n.ReadyAt, n.Index))
                ?? work.Where(n => n.Status == TaskStatus.Ready).MinBy(n => (n.ReadyAt, n.Index));
            if (open is not null) return open;
        }

        return work.Where(Worked).MaxBy(n => (Round(n).Last().EndedAt, _rank[n.Node.Index], n.Index));
    }

    /// <summary>What a node waited for last. Phases, and what was skipped, are passed through to what they waited for themselves.</summary>
    private NodeState? Before(NodeState node)
    {
        var bound = node.ReadyAt!.Value;
        while (LatestNeed(node, bound) is { } need)
        {
            var candidate = need.Items is { Count: > 0 } items ? items.Where(Worked).MaxBy(i => (i.SettledAt, -i.Index)) : need;
            if (candidate is not null && Worked(candidate) && Round(candidate).Last().EndedAt <= bound) return candidate;
            node = need;
        }

        return null;
    }

    private NodeState? LatestNeed(NodeState node, DateTimeOffset bound)
    {
        NodeState? latest = null;
        foreach (var edge in (node.Parent ?? node).Node.Needs)
        {
            var need = _state.Of(edge);
            if (need.SettledAt is { } at && at <= bound && (latest is null || (at, _rank[edge.Node]).CompareTo((latest.SettledAt!.Value, _rank[latest.Node.Index])) > 0))
                latest = need;
        }

        return latest;
    }

    /// <summary>Whether attempts were made since its needs were last met, and not only before it was put back to its beginning.</summary>
    private static bool Worked(NodeState node) =>
        node.ReadyAt is not null && node.Status is not (TaskStatus.Skipped or TaskStatus.Pending) && Round(node).Any();

    private static IEnumerable<AttemptState> Round(NodeState node) => node.Attempts.Where(a => a.AssignedAt >= node.ReadyAt);

    private PathStep Step(NodeState node)
    {
        var ready = node.ReadyAt!.Value;
        var step = new PathStep { Key = node.Key, Node = node.Node, Ready = ready };
        var (cursor, first) = (ready, true);
        foreach (var attempt in Round(node))
        {
            var begin = attempt.StartedAt ?? attempt.EndedAt ?? _until;
            var before = HooksBefore(attempt, begin);
            step = Gap(step, begin - cursor - before, first) with { Hooks = step.Hooks + before };
            (cursor, first) = (begin, false);
            if (attempt.StartedAt is null) continue;
            cursor = attempt.EndedAt ?? _until;
            step = AtWork(step, attempt, cursor - begin);
        }

        return node.Status == TaskStatus.Ready ? Gap(step, _until - cursor, first) : step;
    }

    /// <summary>The hooks before an attempt run between its assignment and its start; what they took in all is only known together with those during the work.</summary>
    private static TimeSpan HooksBefore(AttemptState attempt, DateTimeOffset begin)
    {
        var known = TimeSpan.FromMilliseconds(Math.Max(0, attempt.Hooks.ElapsedMs - (attempt.Result?.HooksAfterMs ?? 0)));
        var gap = begin - attempt.AssignedAt;
        return known < gap ? known : gap > TimeSpan.Zero ? gap : TimeSpan.Zero;
    }

    private static PathStep Gap(PathStep step, TimeSpan gap, bool first)
    {
        if (gap <= TimeSpan.Zero) return step;
        return first ? step with { Wait = step.Wait + gap } : step with { RetryWait = step.RetryWait + gap };
    }

    private PathStep AtWork(PathStep step, AttemptState attempt, TimeSpan span)
    {
        var work = AttemptFacts.Of(attempt, _until).Work;
        var after = TimeSpan.FromMilliseconds(Math.Clamp(attempt.Result?.HooksAfterMs ?? 0, 0, Math.Max(0, (span - work).TotalMilliseconds)));
        step = step with { Held = step.Held + (span - work - after), Hooks = step.Hooks + after };
        return attempt.Result?.Outcome == AttemptOutcome.Lost ? step with { Lost = step.Lost + work } : step with { Work = step.Work + work };
    }
}
