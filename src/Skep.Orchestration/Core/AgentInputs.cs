namespace Skep.Orchestration;

/// <summary>Spawn agents of a spec, beyond what the plan gives.</summary>
/// <param name="Spec">Agent spec id.</param>
/// <param name="Count">How many.</param>
/// <param name="By">Who asks.</param>
/// <param name="Request">Id of the request; one that has been carried out is not carried out again.</param>
public sealed record SpawnAgents(string Spec, int Count, string By, string? Request = null) : RunInput;

/// <summary>Let agents end what they hold and go.</summary>
/// <param name="Agents">Names of agents, or of agent specs for all of their agents. All of them, or with a reason none.</param>
/// <param name="By">Who asks.</param>
/// <param name="Force">Whether tasks may be left without an agent; they wait until one is spawned.</param>
public sealed record DrainAgents(IReadOnlyList<string> Agents, string By, bool Force = false) : RunInput;

/// <summary>Who runs agents says that closed ones hold nothing, not even an attempt that has not begun.</summary>
/// <param name="Spec">Agent spec id.</param>
/// <param name="Numbers">Their numbers.</param>
public sealed record AgentsFreed(string Spec, IReadOnlyList<int> Numbers) : RunInput;
