using Polly;
using Polly.CircuitBreaker;

namespace Skep.Models.Limits;

/// <summary>
/// Counts a provider's failures, by Polly's circuit breaker. It hears of a call when the call is over, so that nothing runs inside it; that only one call probes a
/// half-open circuit is the <see cref="RateScheduler"/>'s doing.
/// </summary>
internal sealed class ProviderBreaker
{
    private readonly ResiliencePipeline<bool> _pipeline;
    private readonly BreakerOptions _options;
    private readonly TimeProvider _time;
    private readonly long _epoch;
    private TimeSpan _openUntil;

    public ProviderBreaker(BreakerOptions options, TimeProvider time)
    {
        (_options, _time, _epoch) = (options, time, time.GetTimestamp());
        _pipeline = new ResiliencePipelineBuilder<bool> { TimeProvider = time, Name = "provider" }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                ShouldHandle = static args => new(args.Outcome is { Exception: null, Result: false }),
                FailureRatio = options.FailureRatio,
                MinimumThroughput = options.MinimumCalls,
                SamplingDuration = options.Window,
                BreakDurationGenerator = args => new(Opened(args.HalfOpenAttempts)),
            })
            .Build();
    }

    /// <summary>How long it stays open from now; null when it is closed or may be probed.</summary>
    public TimeSpan? OpenFor => _openUntil - Now is var left && left > TimeSpan.Zero ? left : null;

    private TimeSpan Now => _time.GetElapsedTime(_epoch);

    /// <summary>Whether a fault is the provider's failing. Refusals are not: the rate slows down instead; and a request that is at fault itself shows a provider that works.</summary>
    public static bool IsFailure(ModelFault fault) =>
        fault is ModelFault.ServerError or ModelFault.Unreachable or ModelFault.StreamDropped or ModelFault.TimedOut or ModelFault.Malformed;

    /// <summary>A call is over.</summary>
    /// <param name="worked">Whether the provider did its part.</param>
    /// <returns>True when this opened the circuit.</returns>
    public bool Report(bool worked)
    {
        // Calls that were under way when it opened say nothing new.
        if (OpenFor is not null) return false;
        try
        {
            _pipeline.Execute(static result => result, worked);
        }
        catch (BrokenCircuitException)
        {
            // Polly goes by the time of day, which may have been set back; the break ends by a clock that only goes on.
        }

        return OpenFor is not null;
    }

    private TimeSpan Opened(int failedProbes)
    {
        var wait = _options.Break.TotalSeconds * Math.Pow(2, Math.Min(failedProbes, 30));
        var length = TimeSpan.FromSeconds(Math.Min(wait, _options.LongestBreak.TotalSeconds));
        _openUntil = Now + length;
        return length;
    }
}
