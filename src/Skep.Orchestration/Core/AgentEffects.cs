namespace Skep.Orchestration;

/// <summary>Agents are at hand beyond what the plan gives.</summary>
/// <param name="Spec">Agent spec id.</param>
/// <param name="Numbers">Their numbers.</param>
public sealed record OpenAgents(string Spec, IReadOnlyList<int> Numbers) : RunEffect;

/// <summary>Give nothing more to agents, ever, and say which of them hold nothing (<see cref="AgentsFreed"/>), at once and when it comes to that.</summary>
/// <param name="Spec">Agent spec id.</param>
/// <param name="Numbers">Their numbers.</param>
public sealed record CloseAgents(string Spec, IReadOnlyList<int> Numbers) : RunEffect;
