using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation.Rules;

/// <summary>The target of a trigger exists where the action says what it must be, and there is a committee where one has to vote.</summary>
internal sealed class TriggersRule : IPlanRule
{
    private static readonly string[] Tiers = ["critical", "important", "nice", "experimental"];

    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        for (var i = 0; i < context.Plan.Triggers.Count; i++)
        {
            var trigger = context.Plan.Triggers[i];
            var source = context.Sources.Triggers[i];
            if (Known(context, trigger.Do) is { } known) CheckTarget(context, trigger, PlanSources.At(source, "to", trigger.At), known);
            if (trigger.Vote && context.Plan.Swarm.Committee is null)
                context.Bag.Error(DiagnosticCodes.MissingKey, PlanSources.At(source, "vote", trigger.At), "there is no committee that could vote; add 'committee' to the swarm or remove 'vote'");
        }
    }

    private static string[]? Known(ValidationContext context, string action) => action switch
    {
        TriggerActions.DropTier => Tiers,
        TriggerActions.Escalate => [.. context.Plan.Escalation.Select(e => e.Id), .. context.AgentIndex.Keys, .. context.TeamIndex.Keys],
        TriggerActions.Adapt => [],
        _ => null,
    };

    private static void CheckTarget(ValidationContext context, TriggerSpec trigger, SourceSpan at, string[] known)
    {
        if (trigger.To is not { } to)
            context.Bag.Error(DiagnosticCodes.MissingKey, trigger.At, $"'do: {trigger.Do}' needs 'to': {Meaning(trigger.Do)}");
        else if (known.Length > 0 && !known.Contains(to))
            context.Bag.Error(DiagnosticCodes.BadValue, at, $"'{DiagnosticBag.OneLine(to)}' is no target of '{trigger.Do}', which takes {Meaning(trigger.Do)}; {Suggestion.Hint(to, known, "known names")}", to);
    }

    private static string Meaning(string action) => action switch
    {
        TriggerActions.DropTier => "a tier",
        TriggerActions.Escalate => "an escalation path, agent or team",
        _ => "the way of working to change to",
    };
}
