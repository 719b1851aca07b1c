using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Finds the executor or gate check of a node and binds it to what the node asks for.</summary>
internal sealed class AttemptStarter(
    RunState state,
    string skepDirectory,
    IReadOnlyDictionary<string, IExecutor> executors,
    IReadOnlyDictionary<string, IGateCheck> gates)
{
    /// <summary>Called on the queen's thread, where the state may be read; what it returns runs elsewhere and does not touch the state.</summary>
    public Func<string, IAttemptContext, CancellationToken, Task<AttemptResult>> Prepare(NodeState node)
    {
        AttemptRequest request;
        try
        {
            request = AttemptRequests.Build(state, node, skepDirectory);
        }
        catch (ExpressionException e)
        {
            var failure = AttemptResult.Failure(e.Message, retryable: false);
            return (_, _, _) => Task.FromResult(failure);
        }

        return node.Gate is { } gate ? PrepareGate(gate, request) : PrepareTask(Executors.KindOf(state, node), request);
    }

    private Func<string, IAttemptContext, CancellationToken, Task<AttemptResult>> PrepareGate(GateSpec gate, AttemptRequest request)
    {
        var check = gates[gate.Kind];
        var metric = gate.Metric is { } wanted ? MetricLookup.Find(state, gate, wanted.Name) : null;
        return (name, context, cancel) => check.CheckAsync(new GateRequest(gate, request with { AgentName = name }, metric), context, cancel);
    }

    private Func<string, IAttemptContext, CancellationToken, Task<AttemptResult>> PrepareTask(string kind, AttemptRequest request)
    {
        var executor = executors[kind];
        return (name, context, cancel) => executor.ExecuteAsync(request with { AgentName = name }, context, cancel);
    }
}
