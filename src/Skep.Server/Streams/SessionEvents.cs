using System.Net.ServerSentEvents;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Skep.Server.Streams;

/// <summary>What one session was sent last, over all of its streams. Thread-safe.</summary>
/// <param name="maxBytes">How much is kept; the oldest goes first.</param>
internal sealed class SessionEvents(int maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<KeptEvent> _kept = new();
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _number;
    private long _gone;
    private int _bytes;

    /// <summary>A stream begins.</summary>
    public void Open(string stream)
    {
        lock (_lock) _open.Add(stream);
    }

    /// <summary>Nothing comes any more: those who follow the stream are done.</summary>
    public void Close(string stream)
    {
        lock (_lock)
        {
            _open.Remove(stream);
            Wake();
        }
    }

    /// <summary>Keeps an event; returns its number.</summary>
    public long Add(string stream, SseItem<JsonRpcMessage?> item)
    {
        var data = item.Data is null ? null : JsonSerializer.SerializeToUtf8Bytes(item.Data, MessageJson.Info);
        lock (_lock)
        {
            var kept = new KeptEvent(++_number, stream, item.EventType, data, item.ReconnectionInterval);
            _kept.Enqueue(kept);
            _bytes += kept.Size;
            while (_bytes > maxBytes && _kept.TryDequeue(out var oldest)) (_gone, _bytes) = (oldest.Number, _bytes - oldest.Size);
            Wake();
            return kept.Number;
        }
    }

    /// <summary>Whether everything after an event is still here.</summary>
    public bool Holds(long number)
    {
        lock (_lock) return number >= _gone && number <= _number;
    }

    /// <summary>The events of a stream after one, whether more may come, and what tells when.</summary>
    public (IReadOnlyList<KeptEvent> Events, bool IsOpen, Task Changed) After(string stream, long number)
    {
        lock (_lock) return ([.. _kept.Where(e => e.Number > number && e.Stream == stream)], _open.Contains(stream), _changed.Task);
    }

    private void Wake()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
