namespace Skep.Orchestration;

/// <summary>Agents were spawned by request: as many more attempts of their spec may run at once.</summary>
/// <param name="Spec">Agent spec id.</param>
/// <param name="Names">Their names; none has been given before.</param>
/// <param name="By">Who asked.</param>
/// <param name="Request">Id of the request, so that a repeated delivery can be told; null when it had none.</param>
public sealed record AgentsSpawned(string Spec, IReadOnlyList<string> Names, string By, string? Request = null) : RunEvent;

/// <summary>An agent is to go: it ends what it holds, and gets nothing more.</summary>
/// <param name="Name">Name of the agent.</param>
/// <param name="By">Who asked.</param>
public sealed record AgentDraining(string Name, string By) : RunEvent;

/// <summary>An agent is gone.</summary>
/// <param name="Name">Name of the agent.</param>
/// <param name="Reason">Why.</param>
public sealed record AgentRetired(string Name, string Reason) : RunEvent;
