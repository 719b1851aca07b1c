using System.Text;
using Skep.Plans;

namespace Skep.Agents.Planning;

/// <summary>How the five phases of SPARC stand to each other.</summary>
public enum SparcMode
{
    /// <summary>One after the other, each with what those before it found.</summary>
    Pipeline,

    /// <summary>All five at once on the same goal, then joined.</summary>
    Concurrent,

    /// <summary>Several goals, each through its own pipeline, beside each other, then joined.</summary>
    Batch,
}

/// <summary>
/// Writes plans of the SPARC method: specification, pseudocode, architecture, refinement, completion, each by its specialist, and one synthesis. The shape is fixed, so that no
/// model is needed to make the plan; models do its work. Pure.
/// </summary>
public static class SparcPlan
{
    /// <summary>Most goals of a batch.</summary>
    public const int MaxGoals = 20;

    private sealed record Step(string Id, string Agent, string Pattern, string Role, string Work);

    private static readonly Step[] Steps =
    [
        new("specification", "specifier", "critical", "States what is wanted, so that it can be checked", "Write the specification: purpose, users, requirements that can be tested, constraints, what is out of scope, open questions."),
        new("pseudocode", "algorithmist", "abstract", "Turns requirements into algorithms and data structures", "Write the pseudocode: the main flows and algorithms, their inputs, outputs, error cases and complexity."),
        new("architecture", "architect", "systems", "Divides the work into parts with seams", "Design the architecture: components, interfaces, data, deployment, and why; name the alternatives that you rejected."),
        new("refinement", "reviewer", "divergent", "Finds what is wrong or missing, and mends it", "Refine: find contradictions, risks, missing cases and simpler ways, and say what changes because of each; give test cases."),
        new("completion", "integrator", "convergent", "Brings the parts to something that can be built", "Complete: the ordered list of steps to build it, each with what shows that it is done; documentation and operation."),
    ];

    /// <summary>The names of the phases.</summary>
    public static IReadOnlyList<string> Phases { get; } = [.. Steps.Select(s => s.Id)];

    /// <summary>The plan, as YAML.</summary>
    /// <param name="mode">How the phases stand to each other.</param>
    /// <param name="goals">One goal, or several for a batch.</param>
    /// <param name="budget">What the run may use.</param>
    /// <param name="model">Model of all agents, or null for the configured one.</param>
    /// <exception cref="ArgumentException">No goal, too many, or several where one is expected.</exception>
    public static string Write(SparcMode mode, IReadOnlyList<string> goals, Budget budget, string? model)
    {
        ArgumentNullException.ThrowIfNull(goals);
        ArgumentNullException.ThrowIfNull(budget);
        if (goals.Count is 0 or > MaxGoals) throw new ArgumentException($"give 1 to {MaxGoals} goals, not {goals.Count}", nameof(goals));
        if (mode != SparcMode.Batch && goals.Count > 1) throw new ArgumentException($"'{mode.ToString().ToLowerInvariant()}' takes one goal; 'batch' takes several", nameof(goals));
        var yaml = new StringBuilder();
        yaml.Append($"plan: sparc-{mode.ToString().ToLowerInvariant()}\ngoal: {PlanScalar.Quote(goals.Count == 1 ? goals[0] : $"{goals.Count} goals through the five phases of SPARC")}\n");
        yaml.Append($"swarm: {{ max_agents: {Math.Max(5, Math.Min(goals.Count, 8))}, budget: {GoalRules.Words(budget)} }}\nagents:\n");
        foreach (var step in Steps) Agent(yaml, step.Agent, step.Role, step.Pattern, model);
        Agent(yaml, "synthesist", "Joins the results of the others, and says where they contradict each other", "convergent", model);
        yaml.Append("phases:\n");
        var last = mode == SparcMode.Concurrent ? Beside(yaml, goals[0]) : Chains(yaml, goals);
        yaml.Append("  - id: synthesis\n    tasks:\n      - id: result\n        agent: synthesist\n");
        yaml.Append($"        needs: [{string.Join(", ", last.Select(l => l.Id))}]\n        prompt: {PlanScalar.Quote(Joined(goals, last))}\n");
        return yaml.ToString();
    }

    private static List<(string Id, string About)> Beside(StringBuilder yaml, string goal)
    {
        yaml.Append("  - id: sparc\n    tasks:\n");
        foreach (var step in Steps)
            Task(yaml, step.Id, step.Agent, [], $"The goal: {PlanScalar.Literal(goal)}\n\n{step.Work} Others work on the other phases of SPARC at the same time; state what you assume of them.");
        return [.. Steps.Select(s => (s.Id, s.Id))];
    }

    /// <summary>A phase per step, so that the report shows them; a goal's tasks wait for its own only.</summary>
    private static List<(string Id, string About)> Chains(StringBuilder yaml, IReadOnlyList<string> goals)
    {
        string IdOf(int step, int goal) => goals.Count == 1 ? $"{Steps[step].Id}-task" : $"{Steps[step].Id}-{goal + 1}";
        for (var s = 0; s < Steps.Length; s++)
        {
            yaml.Append($"  - id: {Steps[s].Id}\n    tasks:\n");
            for (var g = 0; g < goals.Count; g++)
            {
                var before = Enumerable.Range(0, s).Select(i => (Id: IdOf(i, g), Steps[i].Id)).ToList();
                var prompt = new StringBuilder($"The goal: {PlanScalar.Literal(goals[g])}\n\n{Steps[s].Work}");
                foreach (var (id, name) in before) prompt.Append($"\n\nThe {name}:\n${{tasks.{id}.outputs.answer}}");
                Task(yaml, IdOf(s, g), Steps[s].Agent, [.. before.Select(b => b.Id)], prompt.ToString());
            }
        }

        return goals.Count == 1
            ? [.. Enumerable.Range(0, Steps.Length).Select(s => (IdOf(s, 0), Steps[s].Id))]
            : [.. Enumerable.Range(0, goals.Count).Select(g => (IdOf(Steps.Length - 1, g), $"goal {g + 1}, {goals[g]}"))];
    }

    private static void Agent(StringBuilder yaml, string id, string role, string pattern, string? model) =>
        yaml.Append($"  {id}: {{ executor: chat, role: {PlanScalar.Quote(role)}, cognitive_pattern: {pattern}, tools: [\"files:read\", memory]{(model is null ? "" : ", model: " + PlanScalar.Quote(model))} }}\n");

    private static void Task(StringBuilder yaml, string id, string agent, IReadOnlyList<string> needs, string prompt) =>
        yaml.Append($"      - id: {id}\n        agent: {agent}\n{(needs.Count == 0 ? "" : $"        needs: [{string.Join(", ", needs)}]\n")}        prompt: {PlanScalar.Quote(prompt)}\n");

    private static string Joined(IReadOnlyList<string> goals, List<(string Id, string About)> parts)
    {
        var prompt = new StringBuilder(goals.Count == 1 ? $"The goal: {PlanScalar.Literal(goals[0])}\n\nJoin the results of the five phases of SPARC into one document." : "Join the results for these goals into one document: what they share, where they touch, in which order to do them.");
        foreach (var (id, about) in parts) prompt.Append($"\n\n{PlanScalar.Literal(about)}:\n${{tasks.{id}.outputs.answer}}");
        return prompt.ToString();
    }
}
