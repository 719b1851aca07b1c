using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Validation;

namespace Skep.Plans;

/// <summary>Bounds of what <see cref="PlanReader"/> accepts.</summary>
public sealed record PlanLimits
{
    /// <summary>The defaults.</summary>
    public static PlanLimits Default { get; } = new();

    /// <summary>Largest text, in UTF-16 units: 10 Mi.</summary>
    public int MaxChars { get; init; } = 10 * 1024 * 1024;

    /// <summary>Deepest nesting of collections.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Most nodes after aliases are expanded.</summary>
    public int MaxNodes { get; init; } = 5_000_000;

    /// <summary>Most errors that are reported before reading stops.</summary>
    public int MaxDiagnostics { get; init; } = 200;
}

/// <summary>What reading a plan yields.</summary>
/// <param name="Plan">The plan, or null when there are errors.</param>
/// <param name="Diagnostics">All findings, in file order.</param>
public sealed record PlanReadResult(Plan? Plan, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Whether the plan can be used.</summary>
    public bool IsValid => Plan is not null;
}

/// <summary>
/// Reads the text of a plan, checks it, and reports every error at once. Three steps: text to a tree of nodes with positions, tree
/// to model, and rules over the model. A plan that is not YAML ends after the first; otherwise the later steps run in spite of errors.
/// </summary>
public static class PlanReader
{
    /// <summary>Reads a plan. Never throws for what stands in the text.</summary>
    public static PlanReadResult Read(string text, PlanLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        limits ??= PlanLimits.Default;
        var bag = new DiagnosticBag(limits.MaxDiagnostics);
        Plan? plan = null;
        if (YamlTreeReader.Read(text, limits, bag) is { } root)
        {
            var binder = new Binder(bag);
            plan = binder.Plan(root);
            if (root is YamlMapping) PlanValidator.Check(plan, binder.Sources, bag);
        }

        return new PlanReadResult(bag.HasErrors ? null : plan, bag.ToList());
    }
}
