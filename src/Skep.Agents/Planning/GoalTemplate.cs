namespace Skep.Agents.Planning;

/// <summary>A plan to edit, where no model is there to take a goal apart. It says of itself that nobody has.</summary>
public static class GoalTemplate
{
    /// <summary>The plan, as YAML.</summary>
    public static string Write(GoalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return $"""
            # A template: nobody has taken the goal apart yet. Write the tasks that it needs, then: skep run this-file.yaml
            # {GoalStrategies.AdviceOf(options.Strategy)}
            # {GoalModes.AdviceOf(options.Topology)}
            plan: my-plan
            goal: {Plans.PlanScalar.Quote(options.Goal)}
            {GoalSkeleton.Of(options)}
            """;
    }
}
