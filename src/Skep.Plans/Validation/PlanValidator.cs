using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;
using Skep.Plans.Validation.Rules;

namespace Skep.Plans.Validation;

/// <summary>Runs all rules over a plan.</summary>
internal static class PlanValidator
{
    private static readonly IPlanRule[] Rules =
    [
        new ContentRule(),
        new UniqueIdsRule(),
        new AgentsRule(),
        new LeadsRule(),
        new RisksRule(),
        new TriggersRule(),
        new NeedsRule(),
        new CyclesRule(),
        new UnreachableRule(),
        new ExecutorRule(),
        new ModelsRule(),
        new McpRule(),
        new ProtocolsRule(),
        new HookRunRule(),
        new HookBlockRule(),
        new HookEveryRule(),
        new HookFilesRule(),
        new PathsRule(),
        new OwnersRule(),
        new ReferencesRule(),
        new SecretsRule(),
        new UnusedRule(),
    ];

    /// <summary>Checks a plan that may be incomplete because of errors already reported.</summary>
    public static void Check(Plan plan, PlanSources sources, DiagnosticBag bag)
    {
        var context = new ValidationContext(plan, sources, bag);
        foreach (var rule in Rules) rule.Check(context);
    }
}
