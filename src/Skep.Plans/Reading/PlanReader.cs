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

/// <summary>Reads the text of a plan, checks it, and reports every error at once.</summary>
public static class PlanReader
{
    /// <summary>Reads a plan. Never throws for what stands in the text.</summary>
    public static PlanReadResult Read(string text, PlanLimits? limits = null) => throw new NotSupportedException();
}
