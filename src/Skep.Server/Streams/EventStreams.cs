using System.Collections.Concurrent;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Skep.Server.Streams;

/// <summary>
/// Lets clients whose connection broke go on where they were: every event has an id, and the last ones of a session are kept in memory. They end with the
/// session. The library writes through it and reads from it.
/// </summary>
internal sealed class EventStreams(int maxBytes) : ISseEventStreamStore
{
    private readonly ConcurrentDictionary<string, SessionEvents> _sessions = new(StringComparer.Ordinal);

    /// <summary>Drops what a session was sent.</summary>
    public void Forget(string session) => _sessions.TryRemove(session, out _);

    /// <inheritdoc />
    public ValueTask<ISseEventStreamWriter> CreateStreamAsync(SseEventStreamOptions options, CancellationToken cancellationToken = default)
    {
        var events = _sessions.GetOrAdd(options.SessionId, _ => new SessionEvents(maxBytes));
        return ValueTask.FromResult<ISseEventStreamWriter>(new Writer(events, options.SessionId, options.StreamId, options.Mode));
    }

    /// <inheritdoc />
    public ValueTask<ISseEventStreamReader?> GetStreamReaderAsync(string lastEventId, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ISseEventStreamReader?>(
            lastEventId.Split(':', 3) is [var number, var session, var stream]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            && _sessions.TryGetValue(session, out var events) && events.Holds(after)
                ? new Reader(events, session, stream, after)
                : null);

    private static string Id(long number, string session, string stream) => string.Create(CultureInfo.InvariantCulture, $"{number}:{session}:{stream}");

    private sealed class Writer : ISseEventStreamWriter
    {
        private readonly SessionEvents _events;
        private readonly string _session;
        private readonly string _stream;

        public Writer(SessionEvents events, string session, string stream, SseEventStreamMode mode)
        {
            (_events, _session, _stream) = (events, session, stream);
            if (mode == SseEventStreamMode.Streaming) events.Open(stream);
        }

        public ValueTask SetModeAsync(SseEventStreamMode mode, CancellationToken cancellationToken = default)
        {
            // Who follows a stream that is polled is told to come again instead of waiting.
            if (mode == SseEventStreamMode.Polling) _events.Close(_stream);
            else _events.Open(_stream);
            return ValueTask.CompletedTask;
        }

        public ValueTask<SseItem<JsonRpcMessage?>> WriteEventAsync(SseItem<JsonRpcMessage?> sseItem, CancellationToken cancellationToken = default)
        {
            if (sseItem.EventId is not null) return ValueTask.FromResult(sseItem);
            var number = _events.Add(_stream, sseItem);
            return ValueTask.FromResult(new SseItem<JsonRpcMessage?>(sseItem.Data, sseItem.EventType) { EventId = Id(number, _session, _stream), ReconnectionInterval = sseItem.ReconnectionInterval });
        }

        public ValueTask DisposeAsync()
        {
            _events.Close(_stream);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Reader(SessionEvents events, string session, string stream, long after) : ISseEventStreamReader
    {
        public string SessionId => session;

        public string StreamId => stream;

        public async IAsyncEnumerable<SseItem<JsonRpcMessage?>> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (var at = after; ;)
            {
                var (next, isOpen, changed) = events.After(stream, at);
                foreach (var kept in next)
                {
                    at = kept.Number;
                    yield return new SseItem<JsonRpcMessage?>(kept.Message, kept.Type) { EventId = Id(at, session, stream), ReconnectionInterval = kept.Retry };
                }

                if (!isOpen) yield break;
                await changed.WaitAsync(cancellationToken);
            }
        }
    }
}
