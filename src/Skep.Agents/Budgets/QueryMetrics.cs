namespace Skep.Agents.Budgets;

/// <summary>One call, as the metrics count it.</summary>
/// <param name="At">When it was over.</param>
/// <param name="Latency">How long it took.</param>
/// <param name="Tokens">Tokens that it took.</param>
/// <param name="Failed">Whether it came to nothing.</param>
public readonly record struct CallSample(DateTimeOffset At, TimeSpan Latency, long Tokens, bool Failed);

/// <summary>Metrics of a query's latest calls.</summary>
/// <param name="Calls">How many.</param>
/// <param name="LatencyP50">Median seconds of the answered ones; null when none was.</param>
/// <param name="TokensPerTurn">Mean tokens of the answered ones; null when none was.</param>
/// <param name="ErrorRate">Share that failed, 0 to 1; null without calls.</param>
public sealed record QueryMetrics(int Calls, double? LatencyP50, double? TokensPerTurn, double? ErrorRate)
{
    /// <summary>Of the calls of a window that ends now.</summary>
    public static QueryMetrics Of(IReadOnlyCollection<CallSample> calls)
    {
        ArgumentNullException.ThrowIfNull(calls);
        var answered = calls.Where(c => !c.Failed).ToList();
        return new(
            calls.Count,
            Median([.. answered.Select(c => c.Latency.TotalSeconds).Order()]),
            answered.Count == 0 ? null : answered.Average(c => c.Tokens),
            calls.Count == 0 ? null : (double)(calls.Count - answered.Count) / calls.Count);
    }

    /// <summary>The value of a metric; null: nothing is known.</summary>
    public double? Value(AdaptiveMetric metric) => metric switch
    {
        AdaptiveMetric.LatencyP50 => LatencyP50,
        AdaptiveMetric.TokensPerTurn => TokensPerTurn,
        _ => ErrorRate,
    };

    private static double? Median(double[] sorted) =>
        sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}

/// <summary>The latest calls of a query, within a time and a number. Not thread-safe.</summary>
/// <param name="length">How far back it reaches.</param>
/// <param name="most">Most calls that it holds; the oldest go first.</param>
public sealed class MetricWindow(TimeSpan length, int most = MetricWindow.DefaultMost)
{
    /// <summary>Calls that are held by default.</summary>
    public const int DefaultMost = 256;

    private readonly Queue<CallSample> _calls = [];

    /// <summary>A call is over. In the order of time.</summary>
    public void Add(CallSample call)
    {
        _calls.Enqueue(call);
        if (_calls.Count > most) _calls.Dequeue();
    }

    /// <summary>Forgets all, as after an action, when what was before says nothing about what comes.</summary>
    public void Clear() => _calls.Clear();

    /// <summary>Metrics now.</summary>
    public QueryMetrics Measure(DateTimeOffset now)
    {
        while (_calls.TryPeek(out var oldest) && oldest.At <= now - length) _calls.Dequeue();
        return QueryMetrics.Of(_calls);
    }
}
