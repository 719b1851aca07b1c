using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation.Rules;

/// <summary>Who coordinates the swarm or answers for a phase is an agent of the plan.</summary>
internal sealed class LeadsRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        if (context.Plan.Swarm.Coordinator is { } coordinator && !context.AgentIndex.ContainsKey(coordinator))
            Unknown(context, "coordinator", coordinator, PlanSources.At(context.Sources.Swarm, "coordinator", default));
        for (var p = 0; p < context.Plan.Phases.Count; p++)
        {
            var phase = context.Plan.Phases[p];
            for (var i = 0; i < phase.Leads.Count; i++)
                if (!context.AgentIndex.ContainsKey(phase.Leads[i])) Unknown(context, "lead", phase.Leads[i], PlanSources.At(context.Sources.Phases[p], "lead", i, phase.At));
        }
    }

    private static void Unknown(ValidationContext context, string what, string id, SourceSpan at) =>
        context.Bag.Error(DiagnosticCodes.UnknownAgent, at, $"unknown {what} '{DiagnosticBag.OneLine(id)}'; {Suggestion.Hint(id, context.AgentIndex.Keys, "agents in this plan")}", id);
}
