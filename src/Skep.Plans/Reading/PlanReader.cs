using Skep.Plans.Reading;
using Skep.Plans.Reading.Agents;
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

    /// <summary>The text with the agent files that the plan uses kept at its end: reading it again yields the same plan without any other file.</summary>
    public string Text { get; init; } = "";

    /// <summary>The agent files that were used, for showing findings in them.</summary>
    public IReadOnlyList<AgentFileText> AgentFiles { get; init; } = [];
}

/// <summary>
/// Reads the text of a plan, checks it, and reports every error at once. Three steps: text to a tree of nodes with positions, tree
/// to model, and rules over the model. A plan that is not YAML ends after the first; otherwise the later steps run in spite of errors.
/// </summary>
public static class PlanReader
{
    /// <summary>Reads a plan. Never throws for what stands in the text.</summary>
    /// <param name="text">The text; agent files that are kept at its end have precedence over those that can be found.</param>
    /// <param name="limits">Bounds; the defaults unless given.</param>
    /// <param name="files">Where agent files are found; without it a plan can only use those that its text keeps.</param>
    public static PlanReadResult Read(string text, PlanLimits? limits = null, IAgentFiles? files = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        limits ??= PlanLimits.Default;
        var bag = new DiagnosticBag(limits.MaxDiagnostics);
        var (own, kept) = KeptAgentFiles.Split(text, bag);
        var loader = new AgentFileLoader(kept, files);
        Plan? plan = null;
        if (YamlTreeReader.Read(own, limits, bag) is { } root)
        {
            var binder = new Binder(bag) { AgentFiles = loader };
            plan = binder.Plan(root);
            if (root is YamlMapping) PlanValidator.Check(plan, binder.Sources, bag);
        }

        return new PlanReadResult(bag.HasErrors ? null : plan, bag.ToList())
        {
            Text = KeptAgentFiles.Join(own, loader.Used),
            AgentFiles = [.. loader.Used.Values],
        };
    }
}
