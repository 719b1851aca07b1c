using System.Collections.Concurrent;

namespace Skep.Memory.Caching;

/// <summary>
/// The cache in process. Reading takes no lock; changes are made by one thread at a time, which the caller sees to. An entry heavier than a tenth of the
/// budget is not kept.
/// </summary>
/// <param name="budget">Most bytes; 0 keeps nothing.</param>
internal sealed class LocalCache<T>(long budget) where T : class
{
    /// <summary>Bytes that an entry costs beside its key and value: dictionary, node, entry, string and array headers.</summary>
    internal const int Overhead = 200;

    private readonly ConcurrentDictionary<string, Node> _nodes = new(concurrencyLevel: 1, capacity: 1_024, StringComparer.Ordinal);
    private readonly S3Fifo _policy = new(budget);
    private long _evictions;
    private long _bytes;
    private int _count;

    internal long Bytes => Volatile.Read(ref _bytes);

    internal int Count => Volatile.Read(ref _count);

    internal long Evictions => Volatile.Read(ref _evictions);

    /// <summary>The entry of a key; safe from any thread at any time.</summary>
    internal CacheEntry<T>? Find(string key)
    {
        if (!_nodes.TryGetValue(key, out var node)) return null;
        node.Use();
        return node.Entry;
    }

    /// <summary>The same without counting as a use.</summary>
    internal CacheEntry<T>? Peek(string key) => _nodes.TryGetValue(key, out var node) ? node.Entry : null;

    internal void Put(string key, CacheEntry<T> entry)
    {
        var size = (int)Math.Min(int.MaxValue, Overhead + (2L * key.Length) + entry.Size);
        if (size > budget / 10) Remove(key);
        else if (_nodes.TryGetValue(key, out var node)) Replace(node, entry, size);
        else Add(new Node(key, size, entry));
        while (_policy.Evict() is { } victim)
        {
            _nodes.TryRemove(victim.Key, out _);
            _evictions++;
        }

        Publish();
    }

    internal bool Remove(string key)
    {
        if (!_nodes.TryRemove(key, out var node)) return false;
        node.Queue?.Remove(node);
        Publish();
        return true;
    }

    internal void Clear()
    {
        foreach (var node in _nodes.Values) node.Queue?.Remove(node);
        _nodes.Clear();
        Publish();
    }

    private void Add(Node node)
    {
        _nodes[node.Key] = node;
        _policy.Add(node);
    }

    private static void Replace(Node node, CacheEntry<T> entry, int size)
    {
        node.Entry = entry;
        node.Queue!.Resize(node, size);
    }

    private void Publish()
    {
        Volatile.Write(ref _bytes, _policy.Bytes);
        Volatile.Write(ref _count, _policy.Count);
    }

    private sealed class Node(string key, int size, CacheEntry<T> entry) : S3Node(key, size)
    {
        private volatile CacheEntry<T> _entry = entry;

        internal CacheEntry<T> Entry
        {
            get => _entry;
            set => _entry = value;
        }
    }
}
