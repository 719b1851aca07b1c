namespace Skep.Orchestration;

/// <summary>A time limit that stands still while the work is suspended.</summary>
internal sealed class PausableTimeout : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action _over;
    private readonly ITimer _timer;
    private TimeSpan _left;
    private long _since;
    private bool _suspended;
    private bool _closed;

    public PausableTimeout(TimeSpan limit, TimeProvider time, Action over)
    {
        (_left, _time, _over, _since) = (limit, time, over, time.GetTimestamp());
        _timer = time.CreateTimer(_ => End(), null, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the time was up.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Stops the clock, or lets it go on.</summary>
    public void Suspend(bool suspended)
    {
        lock (_lock)
        {
            if (_closed || suspended == _suspended) return;
            _suspended = suspended;
            if (suspended) _left -= _time.GetElapsedTime(_since);
            else _since = _time.GetTimestamp();
            _timer.Change(suspended ? Timeout.InfiniteTimeSpan : _left > TimeSpan.Zero ? _left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock) _closed = true;
        _timer.Dispose();
    }

    private void End()
    {
        lock (_lock)
        {
            if (_closed || _suspended) return;
            IsOver = true;
            _over();
        }
    }
}
