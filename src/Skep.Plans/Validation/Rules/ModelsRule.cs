using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;
using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Validation.Rules;

/// <summary>Agents that talk to models are told things that fit together, and nobody else is told what only models heed.</summary>
internal sealed class ModelsRule : IPlanRule
{
    private static readonly string[] AgentKeys = ["fallbacks", "system", "temperature", "window", "commands", "permission_mode"];
    private static readonly string[] TaskKeys = ["output_schema", "acceptance", "pin", "context"];

    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        for (var i = 0; i < context.Plan.Agents.Count; i++) CheckAgent(context, context.Plan.Agents[i], context.Sources.Agents[i]);
        for (var i = 0; i < context.Tasks.Count && !context.Bag.IsFull; i++) CheckTask(context, i);
        CheckDowngrade(context, context.Plan.Swarm.Budget, context.Plan.Agents, context.Sources.Swarm, "no agent of the plan");
        for (var i = 0; i < context.Plan.Phases.Count; i++)
            if (context.Plan.Phases[i] is { Budget: { } budget } phase)
                CheckDowngrade(context, budget, phase.Tasks.SelectMany(context.AgentsOf), context.Sources.Phases[i], $"no agent of phase '{phase.Id}'");
    }

    private static void CheckAgent(ValidationContext context, AgentSpec agent, YamlMapping source)
    {
        if (agent.Executor is ExecutorKinds.Command or ExecutorKinds.Human or ExecutorKinds.Mcp)
            foreach (var key in AgentKeys)
                if (source.Find(key) is { } node)
                    context.Bag.Warning(DiagnosticCodes.ExecutorMismatch, node.Span, $"'{key}' of agent '{agent.Id}' means nothing, because no model works for executor {agent.Executor}; remove it, or add 'executor: chat'", key);
        if (agent is { Executor: ExecutorKinds.Chat, Model: { } name } && !name.Contains('/', StringComparison.Ordinal))
            context.Bag.Warning(DiagnosticCodes.NoProvider, PlanSources.At(source, "model", PlanSources.At(source, "from", agent.At)), $"the model '{name}' of agent '{agent.Id}' names no provider; write 'model: provider/{name}'", name);
        if (agent.Executor == ExecutorKinds.Chat) CheckTools(context, agent, source);
        if (agent.Model is { } model && agent.Fallbacks.ToList().IndexOf(model) is >= 0 and var twice)
            context.Bag.Error(DiagnosticCodes.ConflictingKeys, PlanSources.At(source, "fallbacks", twice, agent.At), $"agent '{agent.Id}' falls back to '{model}', which is its model already; remove it", model);
        if (agent.Budget is { } budget) CheckDowngrade(context, budget, [agent], source, $"agent '{agent.Id}'");
    }

    private static void CheckTools(ValidationContext context, AgentSpec agent, YamlMapping source)
    {
        for (var i = 0; i < agent.Tools.Count; i++)
            if (!ToolForm.IsValid(agent.Tools[i]))
                context.Bag.Error(DiagnosticCodes.BadValue, PlanSources.At(source, "tools", i, agent.At), $"'{DiagnosticBag.OneLine(agent.Tools[i])}' is no name of a tool; use letters, digits, '_' and '-', at most 64 (which programs run_command may start stands in 'commands')", agent.Tools[i]);
        var mayRun = AgentTools.MayRun(agent.Tools);
        if (agent.Commands.Count > 0 && !mayRun)
            context.Bag.Warning(DiagnosticCodes.Unused, PlanSources.At(source, "commands", agent.At), $"'commands' of agent '{agent.Id}' is not used, because '{AgentTools.RunCommand}' is not among its tools; add it or remove the commands");
        else if (mayRun && agent.Commands.Count == 0)
            context.Bag.Warning(DiagnosticCodes.NothingToDo, PlanSources.At(source, "tools", agent.At), $"agent '{agent.Id}' has the tool {AgentTools.RunCommand}, but may start nothing; name programs in 'commands'");
    }

    private static void CheckTask(ValidationContext context, int index)
    {
        var task = context.Tasks[index];
        if (task.Budget is { } budget) CheckDowngrade(context, budget, context.AgentsOf(task), context.Sources.Tasks[index], $"no agent of task '{task.Id}'");
        if (context.AgentsOf(task).FirstOrDefault(a => a.Executor is not (ExecutorKinds.Chat or ExecutorKinds.CodingCli or ExecutorKinds.DotNet)) is not { } other) return;
        foreach (var key in TaskKeys)
            if (context.Sources.Tasks[index].Find(key) is { } node)
                context.Bag.Error(DiagnosticCodes.ExecutorMismatch, node.Span, $"task '{task.Id}' has '{key}', but no model does it: {(ReferenceEquals(other, AgentSpec.Implicit) ? "the default agent" : $"agent '{other.Id}'")} has executor {other.Executor}", key);
    }

    private static void CheckDowngrade(ValidationContext context, Budget budget, IEnumerable<AgentSpec> agents, YamlMapping? source, string who)
    {
        if (budget.AtLimit != AtLimit.Downgrade || agents.Any(a => a.Fallbacks.Count > 0)) return;
        var node = source?.Find("budget");
        context.Bag.Error(DiagnosticCodes.ConflictingKeys, PlanSources.At(node as YamlMapping, "at_limit", node?.Span ?? default), $"'at_limit: downgrade' goes down to the next of an agent's fallbacks, but {who} has {(who.StartsWith("no", StringComparison.Ordinal) ? "any" : "none")}; add 'fallbacks', or choose pause or fail", "downgrade");
    }
}
