using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// Waits for votes. They arrive at the queen as control requests; she counts them, settles the gate and cancels this wait. The question
/// outlives the process: after a restart it stands under the same attempt, with the votes that were cast.
/// </summary>
public sealed class ApprovalGate : IGateCheck
{
    /// <inheritdoc />
    public string Kind => GateKinds.Approve;

    /// <inheritdoc />
    public bool SurvivesRestart => true;

    /// <inheritdoc />
    public async Task<AttemptResult> CheckAsync(GateRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        using var heartbeat = HeartbeatTimer.Start(request.Attempt, context);
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = "cancelled while waiting for votes" };
    }
}
