namespace Skep.Plans;

/// <summary>One execution in a <see cref="ResourceSchedule"/>.</summary>
/// <param name="Node">The task or gate.</param>
/// <param name="Item">Index of the <c>foreach</c> item; 0 for tasks without one.</param>
/// <param name="Start">Start, counted from the start of the run.</param>
/// <param name="Finish">Finish, counted from the start of the run.</param>
/// <param name="Slot">Which of the concurrent slots it occupies, from 0; the lowest free one.</param>
/// <param name="Agent">The agent spec that does it; null for gates.</param>
public readonly record struct ScheduledRun(GraphNode Node, int Item, TimeSpan Start, TimeSpan Finish, int Slot, string? Agent);

/// <summary>
/// What the run would look like with a limited number of executions at once: list scheduling (Graham 1966), which starts whatever
/// is ready as soon as a slot and a replica of its agent are free. Among ready nodes the more important tier goes first, then
/// the higher priority, then the longest remaining path, then file order. With slots as the only limit the result is
/// at most span + work / slots. Gates occupy a slot while they are checked.
/// </summary>
public sealed class ResourceSchedule
{
    /// <summary>Most executions in one schedule.</summary>
    public const int MaxRuns = 1_000_000;

    internal ResourceSchedule(Schedule schedule, int slots, IReadOnlyList<ScheduledRun> runs)
    {
        (Schedule, Slots, Runs) = (schedule, slots, runs);
        foreach (var run in runs)
        {
            if (run.Finish > Makespan) Makespan = run.Finish;
            UsedSlots = Math.Max(UsedSlots, run.Slot + 1);
        }
    }

    /// <summary>The schedule without limits that this one starts from.</summary>
    public Schedule Schedule { get; }

    /// <summary>How many executions may run at once.</summary>
    public int Slots { get; }

    /// <summary>How many of the slots are ever used.</summary>
    public int UsedSlots { get; }

    /// <summary>The executions in order of their start.</summary>
    public IReadOnlyList<ScheduledRun> Runs { get; }

    /// <summary>When the last execution finishes.</summary>
    public TimeSpan Makespan { get; }

    /// <summary>No schedule with this many slots is shorter: the larger of the span and work / slots.</summary>
    public TimeSpan LowerBound
    {
        get
        {
            var share = new TimeSpan((long)Math.Ceiling((decimal)Schedule.TotalWork.Ticks / Slots));
            return share > Schedule.Span ? share : Schedule.Span;
        }
    }

    /// <summary>Share of the slots' time that is spent working, 0 to 1.</summary>
    public double Utilisation => Makespan == TimeSpan.Zero ? 0 : Schedule.TotalWork / Makespan / Slots;

    /// <summary>Computes the schedule.</summary>
    /// <param name="schedule">The schedule without limits.</param>
    /// <param name="slots">Executions at once; the plan's <c>max_concurrency</c> (and at most its <c>max_agents</c>) when null.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slots"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">There are more executions than <see cref="MaxRuns"/>.</exception>
    public static ResourceSchedule Compute(Schedule schedule, int? slots = null)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var swarm = schedule.Graph.Plan.Swarm;
        var limit = slots ?? Math.Max(1, Math.Min(swarm.MaxConcurrency, swarm.MaxAgents));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(slots));
        var runs = schedule.Nodes.Where(n => n.IsWork).Sum(n => (long)n.Items);
        if (runs > MaxRuns)
            throw new InvalidOperationException(
                $"plan '{schedule.Graph.Plan.Name}' has {runs:N0} executions and a schedule holds at most {MaxRuns:N0}; shorten its foreach lists or draw the plan without a schedule");
        return new ResourceSchedule(schedule, limit, new ListScheduler(schedule, limit).Run());
    }
}
