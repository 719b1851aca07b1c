namespace Skep.Plans.Validation.Rules;

/// <summary>A task gives its agent what the agent's executor works with; a planned task may leave it out.</summary>
internal sealed class ExecutorRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        // Of a team it is enough to look at one member per executor.
        var byAgent = new Dictionary<string, AgentSpec[]>(StringComparer.Ordinal);
        for (var i = 0; i < context.Tasks.Count; i++)
        {
            var id = context.Tasks[i].Agent ?? "";
            if (!byAgent.TryGetValue(id, out var agents))
                byAgent[id] = agents = [.. context.AgentsOf(context.Tasks[i]).DistinctBy(a => a.Executor)];
            foreach (var agent in agents) Check(context, i, agent);
        }
    }

    private static void Check(ValidationContext context, int index, AgentSpec agent)
    {
        // A planned task need not say yet what its agent is given; what it says already must fit all the same.
        var complete = !context.Tasks[index].Planned;
        var source = context.Sources.Tasks[index];
        bool hasRun = source.Find("run") is not null, hasPrompt = source.Find("prompt") is not null || source.Find("ask") is not null, hasWith = source.Find("with") is not null;
        switch (agent.Executor)
        {
            case ExecutorKinds.Command:
                if (!hasRun && complete) Missing(context, index, agent, "run", "a command");
                if (hasPrompt) Extra(context, index, agent, source.Find("ask") is null ? "prompt" : "ask", "a command takes 'run' only; use an agent with executor human, chat or dotnet");
                if (hasWith) Extra(context, index, agent, "with", "a command takes its arguments in 'run'");
                break;
            case ExecutorKinds.Human:
                if (!hasPrompt && complete) Missing(context, index, agent, "ask", "a question");
                if (hasRun) Extra(context, index, agent, "run", "a person runs no commands; use 'ask'");
                if (hasWith) Extra(context, index, agent, "with", "a person takes 'ask' only");
                break;
            case ExecutorKinds.Chat or ExecutorKinds.CodingCli:
                if (!hasPrompt && complete) Missing(context, index, agent, "prompt", "a text");
                if (hasRun) Extra(context, index, agent, "run", "such an agent takes 'prompt'; use an agent with executor command for commands");
                if (hasWith) Extra(context, index, agent, "with", "such an agent takes 'prompt' only");
                break;
            case ExecutorKinds.DotNet or ExecutorKinds.Mcp:
                if (hasRun) Extra(context, index, agent, "run", "such an agent takes 'with' and 'prompt'; use an agent with executor command for commands");
                break;
        }
    }

    private static void Missing(ValidationContext context, int index, AgentSpec agent, string key, string what) =>
        context.Bag.Error(DiagnosticCodes.ExecutorMismatch, context.Tasks[index].At, $"task '{context.Tasks[index].Id}' needs '{key}', {what}, because {Describe(agent)} has executor {agent.Executor}");

    private static void Extra(ValidationContext context, int index, AgentSpec agent, string key, string why) =>
        context.Bag.Error(DiagnosticCodes.ExecutorMismatch, context.TaskAt(index, key), $"task '{context.Tasks[index].Id}' has '{key}', but {Describe(agent)} has executor {agent.Executor}: {why}");

    private static string Describe(AgentSpec agent) => ReferenceEquals(agent, AgentSpec.Implicit) ? "the default agent" : $"agent '{agent.Id}'";
}
