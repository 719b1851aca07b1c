using System.Text.Json.Serialization;

namespace Skep.Mcp.Tools.Swarms;

/// <summary>A swarm that has no run yet: what <c>swarm_init</c> was asked for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Topology">Topology of its plans.</param>
/// <param name="MaxAgents">Most agents.</param>
/// <param name="Strategy">As it was given.</param>
/// <param name="At">When it was made.</param>
internal sealed record SwarmRecord(string Id, string Topology, int MaxAgents, string Strategy, DateTimeOffset At);

/// <summary>An agent of a swarm: what a plan of it will have.</summary>
/// <param name="Id">Its id, also in plans.</param>
/// <param name="Type">What it is.</param>
/// <param name="Name">As it was given.</param>
/// <param name="Capabilities">Tags.</param>
/// <param name="Priority">low, medium, high or critical.</param>
/// <param name="At">When it was made.</param>
internal sealed record AgentRecord(string Id, string Type, string Name, IReadOnlyList<string> Capabilities, string Priority, DateTimeOffset At);

/// <summary>A run that <c>task_orchestrate</c> has started.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Task">The task.</param>
/// <param name="Strategy">How it was divided.</param>
/// <param name="Priority">low, medium, high or critical.</param>
/// <param name="Agents">Ids of the agents.</param>
/// <param name="At">When it was started.</param>
internal sealed record SwarmRunRecord(string Run, string Task, string Strategy, string Priority, IReadOnlyList<string> Agents, DateTimeOffset At);

/// <summary>Generated JSON code for records of swarms.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SwarmRecord))]
[JsonSerializable(typeof(AgentRecord))]
[JsonSerializable(typeof(SwarmRunRecord))]
internal sealed partial class SwarmJson : JsonSerializerContext;
