using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Bounds of an <see cref="AgentPool"/>.</summary>
internal sealed record AgentPoolOptions
{
    public required int MaxConcurrency { get; init; }

    public required Func<string, int> ReplicasOf { get; init; }

    public required TimeSpan HeartbeatEvery { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The options that follow from a run's state.</summary>
    public static AgentPoolOptions For(RunState state, TimeProvider time) => new()
    {
        MaxConcurrency = state.MaxConcurrency,
        ReplicasOf = id => (id.Length == 0 ? AgentSpec.Implicit : state.Agent(id))?.Replicas ?? int.MaxValue,
        HeartbeatEvery = state.Plan.Swarm.Lease / 3,
        Time = time,
    };
}
