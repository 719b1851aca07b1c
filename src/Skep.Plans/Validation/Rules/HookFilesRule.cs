using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation.Rules;

/// <summary>Only edits are about files.</summary>
internal sealed class HookFilesRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        foreach (var (hook, node) in context.Sources.Hooks)
            if (node.Find("files") is not null && !HookEvents.IsEdit(hook.On))
                context.Bag.Error(DiagnosticCodes.HookMismatch, PlanSources.At(node, "files", hook.At), $"a hook on {hook.On} is about no file, so 'files' means nothing; remove it, or use 'on: pre-edit' or 'on: post-edit'", "files");
    }
}
