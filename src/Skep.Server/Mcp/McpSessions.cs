using System.Security.Cryptography;
using ModelContextProtocol.Server;
using Skep.Server.Streams;

namespace Skep.Server.Mcp;

/// <summary>The sessions of a server: never more than a bound, and none that nobody uses any more. Thread-safe.</summary>
internal sealed class McpSessions : IAsyncDisposable
{
    private const int IdBytes = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, McpSession> _sessions = new(StringComparer.Ordinal);
    private readonly Func<McpServerOptions> _options;
    private readonly SkepServerOptions _bounds;
    private readonly ITimer _timer;
    private bool _disposed;

    public McpSessions(Func<McpServerOptions> options, SkepServerOptions bounds)
    {
        (_options, _bounds, Events) = (options, bounds, new EventStreams(bounds.MaxKeptBytes));
        var often = TimeSpan.FromTicks(Math.Max(bounds.SessionIdle.Ticks / 10, TimeSpan.TicksPerSecond));
        _timer = bounds.Time.CreateTimer(_ => _ = EndIdleAsync(), null, often, often);
    }

    /// <summary>What sessions were sent, for clients that come back.</summary>
    public EventStreams Events { get; }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _sessions.Count;
        }
    }

    /// <summary>A new session, in use; null when there are too many, and all of them are in use.</summary>
    public async Task<McpSession?> OpenAsync()
    {
        McpSession? unused = null;
        McpSession session;
        lock (_lock)
        {
            if (_disposed) return null;
            if (_sessions.Count >= _bounds.MaxSessions)
            {
                unused = _sessions.Values.Where(s => s.InUse == 0).MinBy(s => s.LastUse);
                if (unused is null) return null;
                _sessions.Remove(unused.Id);
            }

            session = new McpSession(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), _options(), Events) { InUse = 1 };
            _sessions.Add(session.Id, session);
        }

        if (unused is not null) await EndAsync(unused);
        return session;
    }

    /// <summary>A session, from now on in use; null when there is none.</summary>
    public McpSession? Enter(string id)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(id, out var session)) return null;
            session.InUse++;
            return session;
        }
    }

    /// <summary>A request or stream of a session is over.</summary>
    public void Leave(McpSession session)
    {
        lock (_lock)
        {
            session.InUse--;
            session.LastUse = _bounds.Time.GetTimestamp();
        }
    }

    /// <summary>Ends a session; false when there is none.</summary>
    public async Task<bool> EndAsync(string id)
    {
        McpSession? session;
        lock (_lock)
            if (!_sessions.Remove(id, out session)) return false;
        await EndAsync(session);
        return true;
    }

    /// <summary>Ends those that nobody has used for too long.</summary>
    public async Task EndIdleAsync()
    {
        List<McpSession> idle;
        lock (_lock)
        {
            idle = [.. _sessions.Values.Where(s => s.InUse == 0 && _bounds.Time.GetElapsedTime(s.LastUse) >= _bounds.SessionIdle)];
            foreach (var session in idle) _sessions.Remove(session.Id);
        }

        foreach (var session in idle) await EndAsync(session);
    }

    /// <summary>Ends all of them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        List<McpSession> all;
        lock (_lock)
        {
            _disposed = true;
            all = [.. _sessions.Values];
            _sessions.Clear();
        }

        await Task.WhenAll(all.Select(EndAsync));
    }

    private async Task EndAsync(McpSession session)
    {
        await session.DisposeAsync();
        Events.Forget(session.Id);
    }
}
