using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Reads the facts of tasks and gates off the state of a run.</summary>
internal sealed class TaskFactsReader(RunState state, DateTimeOffset until)
{
    public IReadOnlyList<TaskFacts> Tasks() =>
        [.. state.Graph.Nodes.Where(n => n.Kind == NodeKind.Task).Select(n => Read(state.Of(n)))];

    public IReadOnlyList<TaskFacts> Gates() =>
        [.. state.Graph.Nodes.Where(n => n.Kind == NodeKind.Gate).Select(n => Read(state.Of(n)))];

    /// <summary>The state's name; being held shows over a state that is not final.</summary>
    public static string StateOf(NodeState node) => node.Paused && !node.Status.IsSettled() ? "paused" : node.StateName();

    private TaskFacts Read(NodeState node) => node.Items is { } items ? FanOut(node, [.. items.Select(Single)]) : Single(node);

    private TaskFacts Single(NodeState node)
    {
        List<AttemptFacts> attempts = [.. node.Attempts.Select(a => AttemptFacts.Of(a, until))];
        return new TaskFacts
        {
            Key = node.Key,
            Node = node.Node,
            IsItem = node.Parent is not null,
            State = StateOf(node),
            Status = node.Status,
            SkipCause = node.SkipCause,
            Attempts = attempts,
            Start = node.FirstStart,
            End = attempts.Count > 0 && attempts.TrueForAll(a => a.End is not null) ? attempts[^1].End : null,
            Wait = Wait(node),
            Work = Sum(attempts.Select(a => a.Work)),
            LostWork = Sum(attempts.Where(a => a.State == AttemptFacts.Lost).Select(a => a.Work)),
            CpuMs = Total(attempts.Select(a => a.Result?.CpuMs)),
            PeakRss = attempts.Max(a => a.Result?.PeakRssBytes),
            Tier = node.EffectiveTier,
            Outputs = node.Outputs,
            Error = Error(node),
            Votes = [.. node.Votes],
            Waiver = node.Waiver,
            ProposedBy = node.Parent is null ? node.ProposedBy : null,
        };
    }

    private static TaskFacts FanOut(NodeState node, IReadOnlyList<TaskFacts> items) => new()
    {
        Key = node.Key,
        Node = node.Node,
        State = StateOf(node),
        Status = node.Status,
        SkipCause = node.SkipCause,
        Attempts = [],
        Items = items,
        Start = items.Min(i => i.Start),
        End = node.Status.IsSettled() ? items.Max(i => i.End) : null,
        Wait = items.Min(i => i.Wait),
        Work = Sum(items.Select(i => i.Work)),
        LostWork = Sum(items.Select(i => i.LostWork)),
        CpuMs = Total(items.Select(i => i.CpuMs)),
        PeakRss = items.Max(i => i.PeakRss),
        Tier = node.EffectiveTier,
        Outputs = node.Outputs,
        Error = Error(node),
        ProposedBy = node.ProposedBy,
    };

    private static string? Error(NodeState node)
    {
        if (node.Status == TaskStatus.Succeeded) return null;
        return node.Reason ?? (node.Status.IsSettled() ? null : node.Attempts.LastOrDefault(a => a.Result is not null)?.Result!.Error);
    }

    /// <summary>The wait of the latest round; a retry on request starts a new one.</summary>
    private TimeSpan? Wait(NodeState node)
    {
        if (node.ReadyAt is not { } ready) return null;
        var first = node.Attempts.FirstOrDefault(a => a.AssignedAt >= ready);
        if (first is null) return node.Status == TaskStatus.Ready ? Positive(until - ready) : null;
        return Positive((first.StartedAt ?? first.EndedAt ?? until) - ready);
    }

    private static TimeSpan Positive(TimeSpan value) => value < TimeSpan.Zero ? TimeSpan.Zero : value;

    private static TimeSpan Sum(IEnumerable<TimeSpan> values) => values.Aggregate(TimeSpan.Zero, (a, b) => a + b);

    private static long? Total(IEnumerable<long?> values) => values.Aggregate((long?)null, (a, b) => b is null ? a : (a ?? 0) + b);
}
