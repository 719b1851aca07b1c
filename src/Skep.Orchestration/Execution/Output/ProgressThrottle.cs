namespace Skep.Orchestration.Output;

/// <summary>Passes on that there is something new, at most once per <see cref="Period"/> but always the last time too.</summary>
internal sealed class ProgressThrottle(TimeProvider time, Action report) : IDisposable
{
    /// <summary>Shortest time between two reports.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private long _reportedAt;
    private bool _reported;
    private bool _waiting;
    private bool _closed;

    /// <summary>There is something new.</summary>
    public void Poke()
    {
        lock (_gate)
        {
            if (_waiting || _closed) return;
            var wait = _reported ? Period - time.GetElapsedTime(_reportedAt) : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                _waiting = true;
                _timer ??= time.CreateTimer(static me => ((ProgressThrottle)me!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }

            Mark();
        }

        report();
    }

    /// <summary>No report follows, except one that is under way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _timer?.Dispose();
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_closed) return;
            _waiting = false;
            Mark();
        }

        report();
    }

    private void Mark()
    {
        _reported = true;
        _reportedAt = time.GetTimestamp();
    }
}
