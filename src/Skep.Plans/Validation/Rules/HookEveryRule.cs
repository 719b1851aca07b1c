using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation.Rules;

/// <summary>Only a hook during a task comes again and again.</summary>
internal sealed class HookEveryRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        foreach (var (hook, node) in context.Sources.Hooks)
            if (node.Find("every") is not null && hook.On != HookEvents.DuringTask)
                context.Bag.Error(DiagnosticCodes.HookMismatch, PlanSources.At(node, "every", hook.At), $"a hook on {hook.On} runs once each time, so 'every' means nothing; remove it, or use 'on: during-task'", "every");
    }
}
