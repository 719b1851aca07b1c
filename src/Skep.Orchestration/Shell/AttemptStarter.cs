using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Finds the executor or gate check of a node and binds it to what the node asks for.</summary>
internal sealed class AttemptStarter(
    RunState state,
    string skepDirectory,
    IReadOnlyDictionary<string, IExecutor> executors,
    IReadOnlyDictionary<string, IGateCheck> gates,
    HookRunner hooks)
{
    private readonly bool _hasHooks = state.Plan.AllHooks.Any(h => !h.Planned);

    /// <summary>Called on the queen's thread, where the state may be read; what it returns runs elsewhere and does not touch the state.</summary>
    /// <param name="node">The node.</param>
    /// <param name="run">The run's work, which lists what is done at its tasks.</param>
    /// <param name="announces">Whether the work says itself when it begins.</param>
    public AttemptWork Prepare(NodeState node, RunWork run, out bool announces)
    {
        announces = node.Gate is null;
        try
        {
            var request = AttemptRequests.Build(state, node, skepDirectory);
            if (node.Gate is { } gate) return PrepareGate(gate, request);
            return new HookedAttempt(Live(run, node, request), hooks, PrepareTask(Executors.KindOf(state, node), request)).RunAsync;
        }
#pragma warning disable CA1031 // values come from agents (a path may hold a null character): what they break is the attempt, not the run
        catch (Exception e)
#pragma warning restore CA1031
        {
            announces = false;
            var failure = AttemptResult.Failure(e.Message, retryable: false);
            return (_, _, _) => Task.FromResult(failure);
        }
    }

    private LiveAttempt Live(RunWork run, NodeState node, AttemptRequest request)
    {
        var scope = new RunScope(state, node);
        var around = _hasHooks ? HookCommand.Resolve(state, state.Plan.HooksOf(node.Task!, request.Agent)) : [];
        return new LiveAttempt(run, node, request, around, [.. node.Task!.Owns.Select(g => ExpressionEvaluator.Interpolate(g, scope))]);
    }

    private AttemptWork PrepareGate(GateSpec gate, AttemptRequest request)
    {
        if (!gates.TryGetValue(gate.Kind, out var check)) throw new ExpressionException($"this process has no check for gates of kind '{gate.Kind}'; resume the run with a host that has one");
        var metric = gate.Metric is { } wanted ? MetricLookup.Find(state, gate, wanted.Name) : null;
        var filled = GateTemplates.Fill(gate, text => ExpressionEvaluator.Interpolate(text, new RunScope(state, null)));
        return (name, context, cancel) => check.CheckAsync(new GateRequest(filled, request with { AgentName = name }, metric), context, cancel);
    }

    private AttemptWork PrepareTask(string kind, AttemptRequest request)
    {
        if (!executors.TryGetValue(kind, out var executor)) throw new ExpressionException($"this process has no executor '{kind}'; resume the run with a host that has one");
        return (name, context, cancel) => executor.ExecuteAsync(request with { AgentName = name }, context, cancel);
    }
}
