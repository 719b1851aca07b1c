namespace Skep.Plans;

/// <summary>How likely or how bad a risk is.</summary>
public enum RiskLevel
{
    /// <summary>Low.</summary>
    Low,

    /// <summary>Medium.</summary>
    Medium,

    /// <summary>High.</summary>
    High,

    /// <summary>The worst; only for an impact.</summary>
    Critical,
}

/// <summary>Something that may go wrong, with what is done about it.</summary>
public sealed record RiskSpec
{
    /// <summary>Identifier, unique among risks.</summary>
    public required string Id { get; init; }

    /// <summary>What may go wrong.</summary>
    public string? Title { get; init; }

    /// <summary>How likely it is; null when nobody has said.</summary>
    public RiskLevel? Probability { get; init; }

    /// <summary>How bad it would be; null when nobody has said.</summary>
    public RiskLevel? Impact { get; init; }

    /// <summary>What is done about it.</summary>
    public IReadOnlyList<string> Mitigation { get; init; } = [];

    /// <summary>Tasks or phases that it threatens.</summary>
    public IReadOnlyList<string> Threatens { get; init; } = [];

    /// <summary>Position of the identifier.</summary>
    public SourceSpan At { get; init; }
}
