using Polly;
using Polly.Retry;

namespace Skep.Models.Limits;

/// <summary>How often and how soon a failed call is tried again.</summary>
public sealed record CallRetryOptions
{
    /// <summary>Tries in all, the first included; at least 1.</summary>
    public int MaxTries { get; init; } = 5;

    /// <summary>Wait after the first failed try; it doubles with each further one.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest such wait. What a provider asks for may be longer, and is kept.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A provider that asks to wait longer than this is not waited for: the call ends with that fault, which says how long.</summary>
    public TimeSpan LongestAsked { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where jitter comes from.</summary>
    public int Seed { get; init; }
}

/// <summary>A try failed and there will be another.</summary>
/// <param name="Failed">Number of the failed try, from 1.</param>
/// <param name="Wait">Time until the next.</param>
/// <param name="Fault">Why it failed.</param>
public readonly record struct CallRetryNote(int Failed, TimeSpan Wait, ModelException Fault);

/// <summary>Makes Polly pipelines that try a call again while its fault is transient. What runs inside takes a new turn at the gate for each try.</summary>
public static class CallRetry
{
    /// <summary>A pipeline for the calls of one query.</summary>
    /// <param name="options">How often and how soon.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onRetry">Called, and waited for, before each wait, so that the caller can record it. What it throws ends the call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="CallRetryOptions.MaxTries"/> is below 1.</exception>
    public static ResiliencePipeline Create(CallRetryOptions options, TimeProvider time, Func<CallRetryNote, CancellationToken, ValueTask> onRetry)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(onRetry);
        if (options.MaxTries < 1) throw new ArgumentOutOfRangeException(nameof(options), options.MaxTries, "MaxTries counts the first try, too: it must be at least 1.");
        if (options.MaxTries == 1) return ResiliencePipeline.Empty;
        var jitter = new Random(options.Seed);
        return new ResiliencePipelineBuilder { TimeProvider = time, Name = "call" }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => new(args.Outcome.Exception is ModelException { IsTransient: true } fault && !(fault.RetryAfter > options.LongestAsked)),
                MaxRetryAttempts = options.MaxTries - 1,
                DelayGenerator = args => new(Wait(options, args.AttemptNumber, (args.Outcome.Exception as ModelException)?.RetryAfter, Draw(jitter))),
                OnRetry = args => onRetry(
                    new(args.AttemptNumber + 1, args.RetryDelay, (ModelException)args.Outcome.Exception!), args.Context.CancellationToken),
            })
            .Build();
    }

    /// <summary>
    /// The doubled wait, less up to half of it by jitter; or what the provider asks for, if that is longer, and up to a twentieth more, so that callers that were refused
    /// together do not come back together.
    /// </summary>
    internal static TimeSpan Wait(CallRetryOptions options, int retriesBefore, TimeSpan? asked, double jitter)
    {
        var doubled = Math.Min(options.FirstWait.TotalSeconds * Math.Pow(2, Math.Min(retriesBefore, 30)), options.LongestWait.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(doubled * (1 - jitter / 2), (asked ?? TimeSpan.Zero).TotalSeconds * (1 + jitter / 20)));
    }

    private static double Draw(Random jitter)
    {
        lock (jitter) return jitter.NextDouble();
    }
}
