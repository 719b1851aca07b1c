namespace Skep.Plans;

/// <summary>A node of a <see cref="Schedule"/>. Times count from the start of the run, with no limit on what runs at once.</summary>
/// <param name="Node">The node.</param>
/// <param name="Duration">Expected duration of one execution.</param>
/// <param name="Origin">Where <paramref name="Duration"/> comes from.</param>
/// <param name="Items">Executions side by side, for <c>foreach</c>; 1 otherwise.</param>
/// <param name="Layer">Depth: tasks and gates on the longest chain before this node.</param>
/// <param name="EarliestStart">When its needs can be met at the earliest.</param>
/// <param name="EarliestFinish">Earliest start plus duration.</param>
/// <param name="LatestStart">The latest start that does not delay the run.</param>
/// <param name="LatestFinish">The latest finish that does not delay the run.</param>
public readonly record struct ScheduledNode(
    GraphNode Node,
    TimeSpan Duration,
    DurationOrigin Origin,
    int Items,
    int Layer,
    TimeSpan EarliestStart,
    TimeSpan EarliestFinish,
    TimeSpan LatestStart,
    TimeSpan LatestFinish)
{
    /// <summary>Total slack: by how much it may slip without delaying the run.</summary>
    public TimeSpan Slack => LatestStart - EarliestStart;

    /// <summary>True when any delay of this node delays the run.</summary>
    public bool IsCritical => Slack == TimeSpan.Zero && Origin != DurationOrigin.Contingent;

    /// <summary>True for tasks and gates, false for starts and ends of phases.</summary>
    public bool IsWork => Node.Kind is NodeKind.Task or NodeKind.Gate;

    /// <summary>Work in all items together, at most <see cref="TimeSpan.MaxValue"/>.</summary>
    public TimeSpan Work => Origin == DurationOrigin.Contingent ? TimeSpan.Zero : Saturating.Multiply(Duration, Items);
}

/// <summary>How many executions run from a moment on, when everything starts as early as it can.</summary>
/// <param name="At">From when.</param>
/// <param name="Width">How many.</param>
public readonly record struct WidthStep(TimeSpan At, int Width);
