namespace Skep.Agents;

/// <summary>Whether an agent is held, for what has to stop at once with it: programs that it runs, and clocks. Thread-safe.</summary>
public sealed class HoldSwitch
{
    private readonly Lock _lock = new();
    private readonly List<Action<bool>> _handlers = [];
    private bool _held;

    /// <summary>Registers what to do when the agent is held (true) or let go (false); done at once if it is held. Handlers are called one after the other and must be short.</summary>
    /// <returns>Ends the registration: no call follows, and none is under way.</returns>
    public IDisposable OnChange(Action<bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        lock (_lock)
        {
            _handlers.Add(handler);
            if (_held) handler(true);
        }

        return new Entry(this, handler);
    }

    /// <summary>Holds it, or lets it go.</summary>
    public void Set(bool held)
    {
        lock (_lock)
        {
            if (_held == held) return;
            _held = held;
            foreach (var handler in _handlers) handler(held);
        }
    }

    private sealed class Entry(HoldSwitch hold, Action<bool> handler) : IDisposable
    {
        public void Dispose()
        {
            lock (hold._lock) hold._handlers.Remove(handler);
        }
    }
}
