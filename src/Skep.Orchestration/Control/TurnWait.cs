namespace Skep.Orchestration;

/// <summary>Waits until another process gives a folder up: short waits that grow, up to a bound of their sum.</summary>
internal sealed class TurnWait(TimeProvider time, TimeSpan? limit = null)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(20);

    private readonly long _since = time.GetTimestamp();

    // Processes that wait for one another must not come back in step; the process id sets them apart.
    private readonly double _share = 0.5 + Environment.ProcessId % 64 / 64.0;
    private TimeSpan _next = First;

    /// <summary>Whether it has waited for as long as anybody waits for an owner.</summary>
    public bool IsOver => time.GetElapsedTime(_since) > (limit ?? ControlProtocol.Patience);

    /// <summary>Waits a little.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        await Task.Delay(_next * _share, time, cancel);
        _next = _next * 1.5 < Longest ? _next * 1.5 : Longest;
    }
}
