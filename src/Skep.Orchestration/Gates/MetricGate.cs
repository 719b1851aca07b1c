using System.Globalization;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Compares a metric with a number: <c>coverage &gt;= 85</c>. A metric that nobody reported does not pass.</summary>
public sealed class MetricGate : IGateCheck
{
    /// <inheritdoc />
    public string Kind => GateKinds.Metric;

    /// <inheritdoc />
    public Task<AttemptResult> CheckAsync(GateRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.FromResult(Check(request.Gate.Metric!, request.Metric));
    }

    private static AttemptResult Check(MetricCheck check, Metric? metric)
    {
        if (metric is null)
        {
            return AttemptResult.Failure($"no metric '{check.Name}' was reported; a task reports it with 'skep metric {check.Name} VALUE' or as a numeric output", retryable: false)
                with { Evidence = $"{check.Name}: not reported, wanted {check}" };
        }

        var value = metric.Value.ToString("R", CultureInfo.InvariantCulture);
        var source = metric.Task is null ? "" : $", reported by {metric.Task}";
        var evidence = $"{check.Name} = {value}, wanted {check}{source}";
        return check.Passes(metric.Value)
            ? new AttemptResult { Outcome = AttemptOutcome.Succeeded, Evidence = evidence }
            : AttemptResult.Failure($"{check.Name} is {value}, wanted {check}", retryable: false) with { Evidence = evidence };
    }
}

/// <summary>Finds the value that a metric's name stands for in a run.</summary>
internal static class MetricLookup
{
    /// <summary>
    /// Looks for a reported metric of that name, then of that name in the gate's phase, then for a numeric output <c>task.output</c>,
    /// then for a numeric output of that name of a task in the gate's phase (the last one in the plan wins).
    /// </summary>
    public static Metric? Find(RunState state, GateSpec gate, string name)
    {
        if (state.Metrics.TryGetValue($"{gate.Phase}.{name}", out var metric) || state.Metrics.TryGetValue(name, out metric)) return metric;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && state.Find(name[..dot]) is { } task && Output(task, name[(dot + 1)..]) is { } output) return output;
        return state.Nodes.Where(n => n.Task?.Phase == gate.Phase).Select(n => Output(n, name)).LastOrDefault(m => m is not null);
    }

    private static Metric? Output(NodeState task, string name) =>
        task.Outputs.TryGetValue(name, out var text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? new Metric(name, value, task.Key, task.SettledAt ?? default)
            : null;
}
