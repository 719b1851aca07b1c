using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation.Rules;

/// <summary>Risks have ids of their own and threaten something that exists.</summary>
internal sealed class RisksRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        var ids = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        string[] known = [.. context.TaskIndex.Keys, .. context.PhaseIndex.Keys];
        var set = known.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < context.Plan.Risks.Count; i++)
        {
            var risk = context.Plan.Risks[i];
            if (!ids.TryAdd(risk.Id, risk.At))
                context.Bag.Error(DiagnosticCodes.DuplicateId, risk.At, $"risk '{risk.Id}' has the same id as the risk at {ids[risk.Id]}; give one of them another id", risk.Id);
            for (var n = 0; n < risk.Threatens.Count; n++)
                if (!set.Contains(risk.Threatens[n]) && !context.Bag.IsFull)
                    context.Bag.Error(DiagnosticCodes.UnknownNeed, PlanSources.At(context.Sources.Risks[i], "threatens", n, risk.At), $"unknown task or phase '{DiagnosticBag.OneLine(risk.Threatens[n])}'; {Suggestion.Hint(risk.Threatens[n], known, "tasks and phases of this plan")}", risk.Threatens[n]);
        }
    }
}
