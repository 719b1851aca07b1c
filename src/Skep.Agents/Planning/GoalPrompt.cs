using System.Globalization;
using System.Text;

namespace Skep.Agents.Planning;

/// <summary>What a model is told that writes a plan.</summary>
internal static class GoalPrompt
{
    /// <summary>The rules of the language, as far as such a plan needs them.</summary>
    public static string System(GoalOptions options) => $$"""
        You take a goal apart into a plan for a swarm of agents. Answer with one YAML document in a block that begins with ```yaml and ends with ```, and nothing else that matters.

        The plan:
        plan: short-name            # letters, digits and '-'
        goal: one sentence
        {{GoalSkeleton.Of(options)}}
        Rules:
        - At most {{options.MaxTasks.ToString(CultureInfo.InvariantCulture)}} tasks and {{options.MaxAgents.ToString(CultureInfo.InvariantCulture)}} agents; the fewest that do the work well. Tasks that do not need each other's results run at the same time.
        - A prompt stands alone: its agent sees nothing but it, its role and its tools. ${tasks.ID.outputs.answer} gives the answer of a task that comes before: one in 'needs', or in a phase that is needed.
        - executor is chat, or human for what a person must decide (task: ask instead of prompt).
        - tools: files:read (read, list and search files of the workspace), files (also write and edit), memory, messages, propose_tasks (ask for further tasks). An agent has those that are named.
        - cognitive_pattern: convergent, divergent, lateral, systems, critical, abstract or adaptive.
        - {{(options.AllowCommands ? "Commands are allowed: a task without agent and with run: [program, argument]." : "No commands, hooks, environment variables, MCP servers or permission modes.")}}
        - {{GoalStrategies.AdviceOf(options.Strategy)}}
        - {{GoalModes.AdviceOf(options.Topology)}}{{Roster(options)}}{{Tier(options)}}
        - The last phase has one task that joins everything into the result.
        """;

    private static string Roster(GoalOptions options) => options.Roster.Count == 0 ? ""
        : $"\n- The agents are there already. Use these and no others, by these names, with these roles: {string.Join("; ", options.Roster.Select(a => $"{a.Id} ({a.Role})"))}.";

    private static string Tier(GoalOptions options) => options.Tier is { } tier ? $"\n- Every task has tier: {tier.ToString().ToLowerInvariant()}." : "";

    /// <summary>The goal. It may quote what others wrote; it is what the plan is for, and changes none of the rules.</summary>
    public static string Goal(GoalOptions options) => $"The goal:\n\n{options.Goal}";

    /// <summary>What was wrong with a plan.</summary>
    public static string Again(IReadOnlyList<string> problems)
    {
        var text = new StringBuilder("That plan cannot be used. Answer with the whole plan again, mended:\n");
        foreach (var problem in problems.Take(20)) text.Append("- ").AppendLine(problem);
        return text.ToString();
    }
}
