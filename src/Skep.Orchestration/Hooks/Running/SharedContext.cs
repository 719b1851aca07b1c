namespace Skep.Orchestration;

/// <summary>Lets several things that run in one attempt hear of pauses: the work, the hooks around it, their time limits.</summary>
internal sealed class SharedContext : IAttemptContext
{
    private readonly IAttemptContext _inner;
    private readonly Lock _lock = new();
    private readonly List<Action<bool>> _handlers = [];
    private bool _suspended;

    public SharedContext(IAttemptContext inner)
    {
        _inner = inner;
        inner.OnSuspend(Suspend);
    }

    /// <inheritdoc />
    public TimeProvider Time => _inner.Time;

    /// <summary>Whether the task is held.</summary>
    public bool IsSuspended
    {
        get
        {
            lock (_lock) return _suspended;
        }
    }

    /// <inheritdoc />
    public void Heartbeat() => _inner.Heartbeat();

    /// <inheritdoc />
    public void Progress(string line) => _inner.Progress(line);

    /// <inheritdoc />
    public void Used(AttemptUsage usage) => _inner.Used(usage);

    /// <inheritdoc />
    public void Waiting(bool waits) => _inner.Waiting(waits);

    /// <inheritdoc />
    public bool IsLeaving => _inner.IsLeaving;

    /// <inheritdoc />
    public void OnSuspend(Action<bool> handler)
    {
        bool suspended;
        lock (_lock)
        {
            _handlers.Add(handler);
            suspended = _suspended;
        }

        if (suspended) handler(true);
    }

    /// <summary>A view for one of them, whose handlers are forgotten with it. <paramref name="quiet"/>: its lines are not shown as the task's progress.</summary>
    public Part Share(bool quiet) => new(this, quiet);

    private void Suspend(bool suspended)
    {
        List<Action<bool>> handlers;
        lock (_lock)
        {
            _suspended = suspended;
            handlers = [.. _handlers];
        }

        foreach (var handler in handlers) handler(suspended);
    }

    /// <summary>One of those that share.</summary>
    public sealed class Part(SharedContext shared, bool quiet) : IAttemptContext, IDisposable
    {
        private readonly List<Action<bool>> _own = [];

        /// <inheritdoc />
        public TimeProvider Time => shared.Time;

        /// <inheritdoc />
        public void Heartbeat() => shared.Heartbeat();

        /// <inheritdoc />
        public void Progress(string line)
        {
            if (!quiet) shared.Progress(line);
        }

        /// <inheritdoc />
        public void Used(AttemptUsage usage) => shared.Used(usage);

        /// <inheritdoc />
        public void Waiting(bool waits) => shared.Waiting(waits);

        /// <inheritdoc />
        public bool IsLeaving => shared.IsLeaving;

        /// <inheritdoc />
        public void OnSuspend(Action<bool> handler)
        {
            lock (shared._lock) _own.Add(handler);
            shared.OnSuspend(handler);
        }

        /// <inheritdoc />
        public void Dispose()
        {
            lock (shared._lock)
                foreach (var handler in _own) shared._handlers.Remove(handler);
        }
    }
}

/// <summary>The context of what stands around no attempt: nobody waits for its heartbeats, nobody holds it.</summary>
internal sealed class FreeContext(TimeProvider time) : IAttemptContext
{
    /// <inheritdoc />
    public TimeProvider Time => time;

    /// <inheritdoc />
    public void Heartbeat()
    {
    }

    /// <inheritdoc />
    public void Progress(string line)
    {
    }

    /// <inheritdoc />
    public void OnSuspend(Action<bool> handler)
    {
    }
}
