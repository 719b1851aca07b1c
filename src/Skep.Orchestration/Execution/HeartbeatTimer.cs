namespace Skep.Orchestration;

/// <summary>Sends heartbeats of an attempt at its period until it is disposed.</summary>
internal static class HeartbeatTimer
{
    /// <summary>Starts; the first heartbeat comes at once.</summary>
    public static ITimer Start(AttemptRequest request, IAttemptContext context) =>
        context.Time.CreateTimer(static c => ((IAttemptContext)c!).Heartbeat(), context, TimeSpan.Zero, request.HeartbeatEvery);
}
