using Skep.Plans.Reading;

namespace Skep.Plans.Validation.Rules;

/// <summary>A plan and its phases and teams hold something.</summary>
internal sealed class ContentRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        var hasTasksOrErrors = context.Tasks.Count > 0 || context.Gates.Count > 0 || context.Bag.HasErrors;
        if (!hasTasksOrErrors)
            context.Bag.Error(DiagnosticCodes.NothingToDo, new SourceSpan(1, 1, 0), "the plan has no tasks; add 'tasks:' at the top level, or 'phases:' with tasks in them");
        foreach (var phase in context.Plan.Phases)
            if (hasTasksOrErrors && !context.Bag.HasErrors && phase.Tasks.Count == 0 && phase.Gates.Count == 0)
                context.Bag.Warning(DiagnosticCodes.NothingToDo, phase.At, $"phase '{phase.Id}' has neither tasks nor gates; add some or remove it", phase.Id);
        foreach (var team in context.Plan.Teams)
            if (team.Members.Count == 0 && !context.Bag.HasErrors)
                context.Bag.Error(DiagnosticCodes.NothingToDo, team.At, $"team '{DiagnosticBag.OneLine(team.Id)}' has no members; name at least one agent", team.Id);
    }
}
