namespace Skep.Plans;

/// <summary>Where a duration of a <see cref="Schedule"/> comes from.</summary>
public enum DurationOrigin
{
    /// <summary>The node costs nothing: start or end of a phase, a gate that only reads what is there or is only planned, a <c>foreach</c> over an empty list.</summary>
    Free,

    /// <summary>Measured in an earlier run.</summary>
    Measured,

    /// <summary>The plan's <c>estimate</c>.</summary>
    Estimated,

    /// <summary>Nothing is known; <see cref="Durations.Assumed"/> stands in.</summary>
    Assumed,

    /// <summary>Runs only when something fails, which a forecast does not expect: counted as nothing.</summary>
    Contingent,
}

/// <summary>How long nodes are expected to take: measured, else estimated, else assumed.</summary>
public sealed class Durations
{
    /// <summary>What a task, command gate or approval is assumed to take when nothing is known about it.</summary>
    public static readonly TimeSpan DefaultAssumed = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyDictionary<string, TimeSpan> _measured;
    private readonly IReadOnlyDictionary<string, int> _items;

    /// <summary>Collects what is known.</summary>
    /// <param name="measured">Durations of an earlier run by task or gate id; for a <c>foreach</c> task the duration of one item.</param>
    /// <param name="items">Number of items of <c>foreach</c> tasks in an earlier run, by task id; a list written in the plan wins.</param>
    /// <param name="assumed">What to assume when nothing is known; <see cref="DefaultAssumed"/> when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A duration or a number of items is negative.</exception>
    public Durations(
        IReadOnlyDictionary<string, TimeSpan>? measured = null,
        IReadOnlyDictionary<string, int>? items = null,
        TimeSpan? assumed = null)
    {
        _measured = measured ?? new Dictionary<string, TimeSpan>();
        _items = items ?? new Dictionary<string, int>();
        Assumed = assumed ?? DefaultAssumed;
        RequireNotNegative(Assumed, nameof(assumed), "the assumed duration");
        foreach (var (id, value) in _measured) RequireNotNegative(value, nameof(measured), $"the measured duration of '{id}'");
        foreach (var (id, count) in _items)
            if (count < 0)
                throw new ArgumentOutOfRangeException(nameof(items), $"the number of items of '{id}' is {count}; give 0 or more");
    }

    /// <summary>What an unknown node is assumed to take.</summary>
    public TimeSpan Assumed { get; }

    /// <summary>The duration of one execution of a node, and where it comes from.</summary>
    public (TimeSpan Value, DurationOrigin Origin) Of(GraphNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Kind is NodeKind.PhaseStart or NodeKind.PhaseEnd) return (TimeSpan.Zero, DurationOrigin.Free);
        if (Items(node) == 0) return (TimeSpan.Zero, DurationOrigin.Free);
        if (_measured.TryGetValue(node.Id, out var measured)) return (measured, DurationOrigin.Measured);
        if (node.Task?.Estimate is { } estimate) return (estimate < TimeSpan.Zero ? TimeSpan.Zero : estimate, DurationOrigin.Estimated);
        if (node.Gate is { Kind: not (GateKinds.Command or GateKinds.Approve) } or { Planned: true }) return (TimeSpan.Zero, DurationOrigin.Free);
        return (Assumed, DurationOrigin.Assumed);
    }

    /// <summary>How many times a node is executed side by side: the items of its <c>foreach</c>, or 1 when there is none or its length is unknown.</summary>
    public int Items(GraphNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Task is not { } task) return 1;
        if (task.ForeachItems is { } list) return list.Count;
        return task.Foreach is not null && _items.TryGetValue(task.Id, out var count) ? count : 1;
    }

    private static void RequireNotNegative(TimeSpan value, string parameter, string what)
    {
        if (value < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(parameter, $"{what} is {value}; give zero or more");
    }
}
