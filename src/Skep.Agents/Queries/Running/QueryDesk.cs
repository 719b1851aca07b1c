using System.Collections.Concurrent;

namespace Skep.Agents.Queries;

/// <summary>The queries that are worked on in this process, so that requests find them.</summary>
public sealed class QueryDesk
{
    private readonly ConcurrentDictionary<string, QuerySession> _live = new(StringComparer.Ordinal);

    /// <summary>Whether a query is worked on here.</summary>
    public bool IsLive(string query) => _live.ContainsKey(query);

    /// <summary>Tells a query that something was asked of it. False when it is not worked on here.</summary>
    public bool Wake(string query)
    {
        if (!_live.TryGetValue(query, out var session)) return false;
        session.Wake();
        return true;
    }

    /// <summary>Tells a query that something was asked of it, and waits until that has an outcome; null when it has none in time.</summary>
    internal async Task<string?> WaitAsync(string query, Func<string?> outcome, TimeSpan limit, TimeProvider time, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            while (_live.TryGetValue(query, out var session))
            {
                var changed = session.Changed();
                session.Wake();
                if (outcome() is { } found) return found;
                await changed.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It has not come to a safe point yet.
        }

        return outcome();
    }

    internal IDisposable Add(QuerySession session)
    {
        if (!_live.TryAdd(session.Identity.Id, session)) throw new InvalidOperationException($"query {session.Identity.Id} is worked on already");
        return new Entry(this, session);
    }

    private sealed class Entry(QueryDesk desk, QuerySession session) : IDisposable
    {
        public void Dispose() => desk._live.TryRemove(KeyValuePair.Create(session.Identity.Id, session));
    }
}
