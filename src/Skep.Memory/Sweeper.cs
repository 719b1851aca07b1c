using Skep.Storage;

namespace Skep.Memory;

/// <summary>
/// Removes what has expired, soon after it has. A timer is set to the next moment at which something expires; when nothing does, there is none.
/// </summary>
internal sealed class Sweeper : IAsyncDisposable
{
    /// <summary>Timers follow a clock that no one sets; looking at least so often makes up for one that was.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>After a sweep that failed, such as on a full disk.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _pause;
    private readonly Func<Task<SweepResult>> _sweep;
    private readonly ITimer _timer;
    private long? _due;
    private long _notBefore = long.MinValue;
    private bool _disposed;
    private Task _running = Task.CompletedTask;

    /// <param name="time">The clock.</param>
    /// <param name="pause">Least time between two sweeps.</param>
    /// <param name="sweep">Removes some.</param>
    internal Sweeper(TimeProvider time, TimeSpan pause, Func<Task<SweepResult>> sweep)
    {
        (_time, _pause, _sweep) = (time, pause, sweep);
        _timer = time.CreateTimer(static state => ((Sweeper)state!).Start(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The sweep under way, or the last one.</summary>
    internal Task Running
    {
        get
        {
            lock (_gate) return _running;
        }
    }

    /// <summary>Sees to it that there is a sweep soon after a time, Unix milliseconds.</summary>
    internal void Schedule(long? expires)
    {
        lock (_gate)
        {
            if (_disposed || expires is not { } at || _due <= at) return;
            _due = at;
            if (_running.IsCompleted) SetTimer(at);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate) _disposed = true;
        await _timer.DisposeAsync();
        await Running;
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void SetTimer(long at)
    {
        // At least one millisecond: a timer may be early, and must not then spin.
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(Math.Max(at, _notBefore) - Now, 1, (long)LongestWait.TotalMilliseconds));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Start()
    {
        lock (_gate)
        {
            if (_disposed || !_running.IsCompleted) return;
            _due = null;
            _running = SweepAsync();
        }
    }

    private async Task SweepAsync()
    {
        await Task.Yield(); // Start holds the lock.
        SweepResult result;
        TimeSpan pause = _pause;
        try
        {
            do result = await _sweep();
            while (result.More);
        }
        catch (Exception e) when (e is StorageException or ObjectDisposedException)
        {
            (result, pause) = (new SweepResult(false, Now), AfterFailure); // The rows are still there, and not served.
        }

        lock (_gate)
        {
            _notBefore = Now + (long)pause.TotalMilliseconds;
            if (_due is not { } due || result.NextDue < due) _due = result.NextDue;
            if (_due is { } at && !_disposed) SetTimer(at);
        }
    }
}

/// <summary>What a sweep has left.</summary>
/// <param name="More">Whether there may be more that has expired.</param>
/// <param name="NextDue">When the next entry expires, Unix milliseconds; null if none does.</param>
internal readonly record struct SweepResult(bool More, long? NextDue);
