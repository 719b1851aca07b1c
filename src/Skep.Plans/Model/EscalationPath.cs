namespace Skep.Plans;

/// <summary>Whom to turn to with a concern, in order.</summary>
/// <param name="Id">Name of the concern.</param>
/// <param name="Steps">Agents, teams, or people outside the plan; never empty.</param>
/// <param name="At">Position of the name.</param>
public sealed record EscalationPath(string Id, IReadOnlyList<string> Steps, SourceSpan At = default);
