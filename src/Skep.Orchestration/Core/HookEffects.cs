namespace Skep.Orchestration;

/// <summary>Run the hooks before the run and say what came of them (<see cref="PreRunAnswered"/>). No task starts before that.</summary>
public sealed record RunPreHooks : RunEffect;

/// <summary>Store what an attempt wrote in the folder's memory and say so (<see cref="MemoryAnswered"/>). The run does not end before that.</summary>
/// <param name="Node">The node.</param>
/// <param name="Attempt">Number of the attempt.</param>
public sealed record StoreMemory(NodeState Node, int Attempt) : RunEffect;
