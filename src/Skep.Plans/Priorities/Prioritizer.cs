namespace Skep.Plans;

/// <summary>Ranks tasks by impact and effort: score = impact × 2 − effort, so a point of impact is worth two of effort.</summary>
public static class Prioritizer
{
    /// <summary>Least value of impact and effort.</summary>
    public const int Least = 1;

    /// <summary>Greatest value of impact and effort.</summary>
    public const int Greatest = 10;

    /// <summary>Ranks the tasks of a plan.</summary>
    /// <exception cref="ArgumentException">An impact or effort is not from 1 to 10; the plan reader reports that with its position.</exception>
    public static PlanPriorities Rank(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var (scored, unscored) = (new List<ScoredTask>(), new List<PlanTask>());
        foreach (var task in plan.Tasks)
        {
            Check(task, "impact", task.Impact);
            Check(task, "effort", task.Effort);
            if (task is { Impact: { } impact, Effort: { } effort }) scored.Add(new ScoredTask(task, impact, effort));
            else unscored.Add(task);
        }

        // LINQ's sort is stable: equal tasks stay in file order.
        return new PlanPriorities(plan.Name, [.. scored.OrderByDescending(s => s.Score).ThenBy(s => s.Effort)], unscored);
    }

    /// <summary>The name of a quadrant for people.</summary>
    public static string NameOf(Quadrant quadrant) => quadrant switch
    {
        Quadrant.QuickWins => "Quick wins",
        Quadrant.Strategic => "Strategic",
        Quadrant.FillIn => "Fill-in",
        _ => "Avoid or defer",
    };

    private static void Check(PlanTask task, string what, int? value)
    {
        if (value is < Least or > Greatest)
            throw new ArgumentException($"{what} of task '{task.Id}' (line {task.At}) is {value}; give a whole number from {Least} to {Greatest}", nameof(task));
    }
}
