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
        try
        {
            var request = AttemptRequests.Build(state, node, skepDirectory);
            return node.Gate is { } gate ? PrepareGate(gate, request) : PrepareTask(Executors.KindOf(state, node), request);
        }
#pragma warning disable CA1031 // values come from agents (a path may hold a null character): what they break is the attempt, not the run
        catch (Exception e)
#pragma warning restore CA1031
        {
            var failure = AttemptResult.Failure(e.Message, retryable: false);
            return (_, _, _) => Task.FromResult(failure);
        }
    }

    private Func<string, IAttemptContext, CancellationToken, Task<AttemptResult>> PrepareGate(GateSpec gate, AttemptRequest request)
    {
        if (!gates.TryGetValue(gate.Kind, out var check)) throw new ExpressionException($"this process has no check for gates of kind '{gate.Kind}'; resume the run with a host that has one");
        var metric = gate.Metric is { } wanted ? MetricLookup.Find(state, gate, wanted.Name) : null;
        var filled = GateTemplates.Fill(gate, text => ExpressionEvaluator.Interpolate(text, new RunScope(state, null)));
        return (name, context, cancel) => check.CheckAsync(new GateRequest(filled, request with { AgentName = name }, metric), context, cancel);
    }

    private Func<string, IAttemptContext, CancellationToken, Task<AttemptResult>> PrepareTask(string kind, AttemptRequest request)
    {
        if (!executors.TryGetValue(kind, out var executor)) throw new ExpressionException($"this process has no executor '{kind}'; resume the run with a host that has one");
        return (name, context, cancel) => executor.ExecuteAsync(request with { AgentName = name }, context, cancel);
    }
}
