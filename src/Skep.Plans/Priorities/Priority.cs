namespace Skep.Plans;

/// <summary>How soon a task is worth doing.</summary>
public enum PriorityClass
{
    /// <summary>Score of 12 or more.</summary>
    P0,

    /// <summary>Score of 8 to 11.</summary>
    P1,

    /// <summary>Score of 4 to 7.</summary>
    P2,

    /// <summary>Score below 4.</summary>
    P3,
}

/// <summary>Where a task stands on the map of impact and effort, split in the middle of both scales (5.5).</summary>
public enum Quadrant
{
    /// <summary>Impact of 6 or more, effort of 5 or less.</summary>
    QuickWins,

    /// <summary>Impact and effort of 6 or more.</summary>
    Strategic,

    /// <summary>Impact and effort of 5 or less.</summary>
    FillIn,

    /// <summary>Impact of 5 or less, effort of 6 or more.</summary>
    AvoidOrDefer,
}

/// <summary>A task with its score.</summary>
/// <param name="Task">The task.</param>
/// <param name="Impact">Value of the work, 1 to 10.</param>
/// <param name="Effort">Cost of the work, 1 to 10.</param>
public sealed record ScoredTask(PlanTask Task, int Impact, int Effort)
{
    /// <summary>The middle of the scale 1 to 10, where the quadrants meet. No whole number stands on it.</summary>
    public const double Split = 5.5;

    /// <summary>Impact × 2 − effort: from −8 to 19.</summary>
    public int Score => (Impact * 2) - Effort;

    /// <summary>The class of the score.</summary>
    public PriorityClass Class => Score switch
    {
        >= 12 => PriorityClass.P0,
        >= 8 => PriorityClass.P1,
        >= 4 => PriorityClass.P2,
        _ => PriorityClass.P3,
    };

    /// <summary>The quadrant.</summary>
    public Quadrant Quadrant => (Impact > Split, Effort > Split) switch
    {
        (true, false) => Quadrant.QuickWins,
        (true, true) => Quadrant.Strategic,
        (false, false) => Quadrant.FillIn,
        (false, true) => Quadrant.AvoidOrDefer,
    };
}

/// <summary>The priorities of a plan's tasks.</summary>
/// <param name="Plan">Name of the plan.</param>
/// <param name="Scored">Scored tasks: highest score first, then least effort, then file order.</param>
/// <param name="Unscored">Tasks without impact or effort, in file order.</param>
public sealed record PlanPriorities(string Plan, IReadOnlyList<ScoredTask> Scored, IReadOnlyList<PlanTask> Unscored)
{
    /// <summary>The scored tasks of a quadrant, in the order of <see cref="Scored"/>.</summary>
    public IEnumerable<ScoredTask> In(Quadrant quadrant) => Scored.Where(s => s.Quadrant == quadrant);
}
