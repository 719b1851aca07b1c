using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// Waits for a person (executor <c>human</c>). The answer arrives at the queen as a control request; she settles the attempt and cancels this wait.
/// A question outlives the process: after a restart it is asked again under the same attempt number.
/// </summary>
public sealed class HumanExecutor : IExecutor
{
    /// <inheritdoc />
    public string Kind => ExecutorKinds.Human;

    /// <inheritdoc />
    public bool SurvivesRestart => true;

    /// <inheritdoc />
    public async Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (string.IsNullOrWhiteSpace(request.Prompt))
            return AttemptResult.Failure($"task '{request.TaskId}' asks a person nothing: give it a 'prompt'", retryable: false);

        using var heartbeat = HeartbeatTimer.Start(request, context);
        context.Progress("waiting for an answer: " + request.Prompt.AsSpan().Trim().ToString().Split('\n')[0].TrimEnd());
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = "cancelled while waiting for an answer" };
    }
}
