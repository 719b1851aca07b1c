namespace Skep.Orchestration;

/// <summary>Sends heartbeats of an attempt at its period until it is disposed.</summary>
internal static class HeartbeatTimer
{
    /// <summary>Starts; the first heartbeat is sent before this returns.</summary>
    public static ITimer Start(AttemptRequest request, IAttemptContext context)
    {
        context.Heartbeat();
        return context.Time.CreateTimer(static c => ((IAttemptContext)c!).Heartbeat(), context, request.HeartbeatEvery, request.HeartbeatEvery);
    }
}
