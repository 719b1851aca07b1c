using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>What a report tells of a run: computed once, immutable, free of presentation.</summary>
internal sealed record RunFacts
{
    /// <summary>The first event, or null when the run has none.</summary>
    public required RunStarted? Info { get; init; }

    public required PlanGraph Graph { get; init; }

    public required RunStatus Status { get; init; }

    public required string? Reason { get; init; }

    public required IReadOnlyList<TierDropped> Dropped { get; init; }

    /// <summary>What was passed over because it is only planned.</summary>
    public required PlannedWork Planned { get; init; }

    public required int Recoveries { get; init; }

    public required RunTimes Times { get; init; }

    public required int MaxConcurrency { get; init; }

    /// <summary>Tasks and fan-outs in file order; items stand under their fan-out.</summary>
    public required IReadOnlyList<TaskFacts> Tasks { get; init; }

    public required IReadOnlyList<TaskFacts> Gates { get; init; }

    public required RunTotals Totals { get; init; }

    public required MeasuredPath Path { get; init; }

    /// <summary>What went wrong first, unless nothing did or it did not matter.</summary>
    public required FailureFacts? Failure { get; init; }

    public required ComparisonFacts? Comparison { get; init; }

    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <summary>What hooks came to, or null when none ran.</summary>
    public required HookFacts? Hooks { get; init; }

    /// <summary>State of every node of the plan's graph, by index.</summary>
    public required IReadOnlyList<string> NodeStates { get; init; }

    /// <summary>Tasks that are worked on: no fan-outs, but their items.</summary>
    public IEnumerable<TaskFacts> WorkTasks => Tasks.SelectMany(t => t.Items is { Count: > 0 } items ? items : [t]);

    /// <summary>All that is worked on.</summary>
    public IEnumerable<TaskFacts> Work => WorkTasks.Concat(Gates);

    public static RunFacts Of(RunState state, RunReportOptions options)
    {
        var times = RunTimes.Of(state, options.Now);
        var reader = new TaskFactsReader(state, times.Until);
        var (tasks, gates) = (reader.Tasks(), reader.Gates());
        var totals = RunTotals.Of(tasks, gates, state.Usage);
        return new RunFacts
        {
            Info = state.Info,
            Graph = state.Graph,
            Status = state.Status,
            Reason = state.Reason,
            Dropped = [.. state.Dropped],
            Planned = PlannedWork.Of(state),
            Recoveries = state.Recoveries,
            Times = times,
            MaxConcurrency = state.MaxConcurrency,
            Tasks = tasks,
            Gates = gates,
            Totals = totals,
            Path = MeasuredPath.Of(state, times.Until),
            Failure = FailureFacts.Of(state, tasks, gates),
            Comparison = options.Sequential is { } other ? ComparisonFacts.Of(state, times, other, options.Now) : null,
            Metrics = [.. state.Metrics.Values.Distinct().OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Task, StringComparer.Ordinal)],
            Hooks = HookFacts.Of(state, times.Until),
            NodeStates = [.. state.Graph.Nodes.Select(n => TaskFactsReader.StateOf(state.Of(n)))],
        };
    }
}

/// <summary>The times of a run.</summary>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended, or null.</param>
/// <param name="Until">The end, or the time of reading.</param>
/// <param name="Downtime">How long no process worked on it.</param>
internal sealed record RunTimes(DateTimeOffset Start, DateTimeOffset? End, DateTimeOffset Until, TimeSpan Downtime)
{
    /// <summary>From start to end, whatever happened.</summary>
    public TimeSpan Wall => Until - Start;

    /// <summary>Wall time in which a process worked on the run.</summary>
    public TimeSpan Active => Wall > Downtime ? Wall - Downtime : TimeSpan.Zero;

    public static RunTimes Of(RunState state, DateTimeOffset now)
    {
        if (state.Info is null) return new RunTimes(now, null, now, TimeSpan.Zero);
        var until = state.EndedAt ?? (now > state.LastAt ? now : state.LastAt);
        return new RunTimes(state.StartedAt, state.EndedAt, until, state.Downtime);
    }
}
