namespace Skep.Plans.Validation.Rules;

/// <summary>Phases hold something. Beside other errors this is not looked at: what is missing may have been dropped because it was wrong.</summary>
internal sealed class ContentRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        if (context.Bag.HasErrors) return;
        if (context.Tasks.Count == 0 && context.Gates.Count == 0)
        {
            context.Bag.Error(DiagnosticCodes.NothingToDo, new SourceSpan(1, 1, 0), "no phase of the plan has tasks; add some");
            return;
        }

        foreach (var phase in context.Plan.Phases)
            if (phase.Tasks.Count == 0 && phase.Gates.Count == 0)
                context.Bag.Warning(DiagnosticCodes.NothingToDo, phase.At, $"phase '{phase.Id}' has neither tasks nor gates; add some or remove it", phase.Id);
    }
}
