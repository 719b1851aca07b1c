using System.Globalization;
using Skep.Plans;

namespace Skep.Agents.Planning;

/// <summary>The shape of a plan for a goal, by its mode: an example for models, and what people fill in where there is none. Valid, and held to the same rules.</summary>
internal static class GoalSkeleton
{
    /// <summary>All of the plan but its name and goal, as YAML.</summary>
    public static string Of(GoalOptions options) => options.Topology switch
    {
        Topology.Hierarchical => Swarm(options, proposes: true) + Teams,
        Topology.Mesh => Swarm(options, proposes: true) + Peers,
        _ => Swarm(options, proposes: false) + Centre,
    };

    private const string Centre = """
        agents:
          finder: { executor: chat, role: "what it does", cognitive_pattern: critical, tools: ["files:read", memory], limits: { turns: 12 } }
          joiner: { executor: chat, role: "joins what the others found" }
        phases:
          - id: find
            tasks:
              - { id: first, agent: finder, prompt: "What exactly to do, and what the answer must contain.", acceptance: ["what must be true of the result"] }
              - { id: second, agent: finder, prompt: "Another side of it." }
          - id: join
            needs: [find]
            tasks:
              - { id: result, agent: joiner, prompt: "Join what was found:\n${tasks.first.outputs.answer}\n\n${tasks.second.outputs.answer}" }

        """;

    private const string Teams = """
        agents:
          lead: { executor: chat, role: "leads one part, and answers for it", tools: ["files:read", memory, propose_tasks], proposes: [worker], memory: ["team-a/*"] }
          worker: { executor: chat, role: "does what its lead asks for", tools: ["files:read", memory], memory: ["team-a/*"], limits: { turns: 12 } }
          joiner: { executor: chat, role: "joins what the teams found" }
        phases:
          - id: part-a
            tasks:
              - { id: plan-a, agent: lead, prompt: "This part of the goal. Say how it is done, and propose a task for each piece of work that it takes; tell each where in team-a/ its result goes." }
          - id: join-a
            needs: [part-a]
            tasks:
              - { id: result-a, agent: lead, prompt: "Join what your workers left below team-a/ in memory. You had said:\n${tasks.plan-a.outputs.answer}" }
          - id: join
            needs: [join-a]
            tasks:
              - { id: result, agent: joiner, prompt: "Join the parts:\n${tasks.result-a.outputs.answer}" }

        """;

    private const string Peers = """
        agents:
          finder: { executor: chat, role: "what it does", tools: ["files:read", memory, messages, propose_tasks], proposes: [finder, doubter], memory: ["shared/*"] }
          doubter: { executor: chat, role: "looks for what is wrong or missing", cognitive_pattern: critical, tools: ["files:read", memory, messages, propose_tasks], proposes: [finder, doubter], memory: ["shared/*"] }
        phases:
          - id: work
            tasks:
              - { id: first, agent: finder, prompt: "What exactly to do. Leave what you find below shared/ in memory, and propose tasks for what is missing, for whoever does it best." }
              - { id: second, agent: doubter, prompt: "Another side of it. Leave what you find below shared/ in memory, and propose tasks for what is missing." }
          - id: join
            needs: [work]
            tasks:
              - { id: result, agent: doubter, prompt: "Join what lies below shared/ in memory, and what was answered:\n${tasks.first.outputs.answer}\n\n${tasks.second.outputs.answer}" }

        """;

    private static string Swarm(GoalOptions options, bool proposes) =>
        $"swarm: {{ topology: {options.Topology.ToString().ToLowerInvariant()}, {(proposes ? $"max_proposed_tasks: {options.MaxTasks.ToString(CultureInfo.InvariantCulture)}, " : "")}budget: {GoalRules.Words(options.Budget)} }}\n";
}
