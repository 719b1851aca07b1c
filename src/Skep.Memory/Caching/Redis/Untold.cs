namespace Skep.Memory.Caching;

/// <summary>Changes that are still to be told to other nodes: the newest of each key, in the order of their first, up to a bound.</summary>
internal sealed class Untold(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _orders = new(StringComparer.Ordinal);
    private readonly Queue<string> _keys = new();
    private TaskCompletionSource _arrived = New();
    private bool _all;

    /// <summary>Completes when there is something. Take it before looking, and nothing is missed.</summary>
    internal Task Arrived
    {
        get
        {
            lock (_gate) return _arrived.Task;
        }
    }

    /// <summary>Whether there is nothing.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (_gate) return !_all && _keys.Count == 0;
        }
    }

    /// <summary>Adds one.</summary>
    /// <param name="key">What has changed; null: anything may have.</param>
    /// <param name="order">To which version; <see cref="CacheOrder.None"/> when nobody knows, which outweighs any version.</param>
    internal void Add(string? key, long order)
    {
        lock (_gate)
        {
            if (key is null || (_orders.Count >= capacity && !_orders.ContainsKey(key))) ForgetKeys();
            else if (!_orders.TryGetValue(key, out var known)) Append(key, order);
            else _orders[key] = known == CacheOrder.None || order == CacheOrder.None ? CacheOrder.None : Math.Max(known, order);
            _arrived.TrySetResult();
        }
    }

    /// <summary>Takes out the first ones. A null key stands for all.</summary>
    internal List<(string? Key, long Order)> Take(int most)
    {
        lock (_gate)
        {
            var taken = new List<(string?, long)>();
            if (_all) taken.Add((null, CacheOrder.None));
            _all = false;
            while (taken.Count < most && _keys.TryDequeue(out var key))
            {
                _orders.Remove(key, out var order);
                taken.Add((key, order));
            }

            if (_keys.Count == 0 && _arrived.Task.IsCompleted) _arrived = New();
            return taken;
        }
    }

    private void ForgetKeys()
    {
        _all = true;
        _orders.Clear();
        _keys.Clear();
    }

    private void Append(string key, long order)
    {
        _orders.Add(key, order);
        _keys.Enqueue(key);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
