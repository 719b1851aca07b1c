using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation.Rules;

/// <summary>A hook can block what has not happened yet, and the outcome of a task; nothing else.</summary>
internal sealed class HookBlockRule : IPlanRule
{
    private static readonly string Able = string.Join(", ", HookEvents.All.Where(HookEvents.CanBlock));

    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        foreach (var (hook, node) in context.Sources.Hooks)
            if (hook.Block && !HookEvents.CanBlock(hook.On))
                context.Bag.Error(DiagnosticCodes.HookMismatch, PlanSources.At(node, "block", hook.At), $"a hook on {hook.On} has nothing to block; remove 'block', or use one of {Able}", "block");
    }
}
