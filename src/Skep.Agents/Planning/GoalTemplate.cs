namespace Skep.Agents.Planning;

/// <summary>A plan to edit, where no model is there to take a goal apart. It says of itself that nobody has.</summary>
public static class GoalTemplate
{
    /// <summary>The plan, as YAML.</summary>
    public static string Write(GoalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return $$"""
            # A template: nobody has taken the goal apart yet. Write the tasks that it needs, then: skep run this-file.yaml
            plan: my-plan
            goal: {{Plans.PlanScalar.Quote(options.Goal)}}
            swarm: { topology: {{options.Topology.ToString().ToLowerInvariant()}}, budget: {{GoalRules.Words(options.Budget)}} }
            agents:
              worker-a: { executor: chat, role: "…", tools: ["files:read", memory] }
              joiner: { executor: chat, role: "Joins what the others found" }
            phases:
              # {{GoalStrategies.AdviceOf(options.Strategy)}}
              - id: work
                tasks:
                  - { id: first, agent: worker-a, prompt: "…", acceptance: ["…"] }
                  - { id: second, agent: worker-a, prompt: "…", acceptance: ["…"] }
              - id: join
                needs: [work]
                tasks:
                  - { id: result, agent: joiner, prompt: "Join:\n${tasks.first.outputs.answer}\n\n${tasks.second.outputs.answer}" }

            """;
    }
}
