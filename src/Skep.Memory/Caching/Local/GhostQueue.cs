namespace Skep.Memory.Caching;

/// <summary>
/// Remembers which keys were evicted lately from the small queue, by hash only: one that comes back soon was evicted too early. Two keys with one
/// hash are taken for each other, which only makes a guess about eviction worse.
/// </summary>
/// <param name="budget">Bytes of the entries that the remembered keys had.</param>
internal sealed class GhostQueue(long budget)
{
    /// <summary>Most keys, whatever their entries weighed: 24 bytes each, so about 6 MiB.</summary>
    internal const int MostKeys = 262_144;

    private readonly Queue<(ulong Hash, long Number, int Size)> _order = new();
    private readonly Dictionary<ulong, long> _numbers = [];
    private long _bytes;
    private long _next;

    internal int Count => _numbers.Count;

    internal void Add(string key, int size)
    {
        var hash = KeyHash.Of(key);
        _numbers[hash] = ++_next;
        _order.Enqueue((hash, _next, size));
        _bytes += size;
        while (_order.Count > 0 && (_bytes > budget || _order.Count > MostKeys)) Drop();
    }

    /// <summary>Whether the key is remembered; it no longer is after that.</summary>
    internal bool Take(string key) => _numbers.Count > 0 && _numbers.Remove(KeyHash.Of(key));

    private void Drop()
    {
        var (hash, number, size) = _order.Dequeue();
        _bytes -= size;
        // A key that was taken and came again has a later number: its later place in the queue counts.
        if (_numbers.TryGetValue(hash, out var current) && current == number) _numbers.Remove(hash);
    }
}
