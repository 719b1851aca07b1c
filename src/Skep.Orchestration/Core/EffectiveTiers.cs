using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>What an important task needs is important: a node's effective tier is the most important one among itself and all that depends on it.</summary>
internal static class EffectiveTiers
{
    public static void Compute(RunState state)
    {
        var order = state.Graph.TopologicalOrder() ?? throw new ArgumentException("the plan's dependencies form a cycle", nameof(state));
        foreach (var node in state.Nodes)
            node.EffectiveTier = node.Task?.Tier ?? (node.Gate is null ? Tier.Experimental : Tier.Important);
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var node = state.Of(order[i]);
            foreach (var edge in order[i].Dependants)
            {
                // Gates, and ends of phases, judge what came before; they do not make it more important.
                if (state.Of(edge).Task is not null && state.Of(edge).EffectiveTier < node.EffectiveTier)
                    node.EffectiveTier = state.Of(edge).EffectiveTier;
            }
        }

        foreach (var item in state.Nodes)
            if (item.Parent is { } parent) item.EffectiveTier = parent.EffectiveTier;
    }
}
