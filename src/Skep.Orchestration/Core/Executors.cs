using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Which executor does a node's work.</summary>
internal static class Executors
{
    /// <summary>Prefix of the executor kinds of gates: <c>gate/command</c>.</summary>
    public const string GatePrefix = "gate/";

    public static string KindOf(RunState state, NodeState node)
    {
        if (node.Gate is { } gate) return GatePrefix + gate.Kind;
        var agent = node.Current?.Agent ?? node.Task!.Agent;
        return state.Agent(agent)?.Executor ?? ExecutorKinds.Command;
    }
}
