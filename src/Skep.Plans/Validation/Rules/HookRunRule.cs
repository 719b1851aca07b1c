namespace Skep.Plans.Validation.Rules;

/// <summary>A hook runs something, unless it is only planned.</summary>
internal sealed class HookRunRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        foreach (var (hook, node) in context.Sources.Hooks)
            if (!hook.Planned && node.Find("run") is null)
                context.Bag.Error(DiagnosticCodes.MissingKey, hook.At, "a hook needs the key 'run': what to run, a command line or a list of arguments; write 'planned: true' when the command does not exist yet");
    }
}
