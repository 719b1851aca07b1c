using Skep.Plans.Reading;

namespace Skep.Plans.Validation.Rules;

/// <summary>Needs name tasks or phases that exist, and not the one that they stand in.</summary>
internal sealed class NeedsRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        var gates = context.Gates.GroupBy(g => g.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Phase, StringComparer.Ordinal);
        foreach (var phase in context.Plan.Phases)
        {
            Check(context, gates, "phase", phase.Id, phase.Needs);
            foreach (var task in phase.Tasks) Check(context, gates, "task", task.Id, task.Needs);
            foreach (var gate in phase.Gates) Check(context, gates, "gate", gate.Id, gate.Needs);
        }
    }

    private static void Check(ValidationContext context, Dictionary<string, string> gates, string kind, string id, IReadOnlyList<Need> needs)
    {
        foreach (var need in needs)
        {
            if (context.TaskIndex.ContainsKey(need.Id) || context.PhaseIndex.ContainsKey(need.Id))
            {
                if (kind != "gate" && need.Id == id) context.Bag.Error(DiagnosticCodes.Cycle, need.At, $"{kind} '{id}' needs itself; remove this need", need.Id);
            }
            else if (gates.TryGetValue(need.Id, out var phase))
                context.Bag.Error(DiagnosticCodes.UnknownNeed, need.At, $"'{need.Id}' is a gate; need its phase '{phase}' instead", need.Id);
            else if (!context.Bag.IsFull)
                context.Bag.Error(DiagnosticCodes.UnknownNeed, need.At, $"unknown need '{DiagnosticBag.OneLine(need.Id)}'; {Hint(context, need.Id)}", need.Id);
        }
    }

    private static string Hint(ValidationContext context, string id)
    {
        var close = Suggestion.For(id, context.TaskIndex.Keys) ?? Suggestion.For(id, context.PhaseIndex.Keys);
        return close is null ? "needs are ids of tasks or phases of this plan" : $"did you mean '{close}'?";
    }
}
