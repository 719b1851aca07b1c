namespace Skep.Memory.Caching;

/// <summary>
/// The newest version of each key that this node has written, read or heard of: nothing older may be served here again. Sources are always up to date, but shared
/// caches are not, so a floor is needed for as long as one of them may offer something older. They stamp values with the time at which the read of the source
/// began, which for anything older than a floor is before the floor was learned; and values are not taken beyond an age. So a floor may be
/// forgotten after that age. When there are more floors than there is room for, the oldest become one floor for all keys, for the same time: that only costs
/// reads of the source.
/// </summary>
/// <param name="capacity">Most keys.</param>
/// <param name="memory">How long a floor is needed, milliseconds.</param>
internal sealed class VersionFloors(int capacity, long memory)
{
    private readonly Dictionary<string, Floor> _floors = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, long Number)> _order = new();
    private Floor _base = new(CacheOrder.None, long.MinValue, 0, 0);
    private long _next;

    internal int Count => _floors.Count;

    /// <summary>The floor of a key by itself: what a source that is up to date must not fall short of.</summary>
    internal long Own(string key) => _floors.TryGetValue(key, out var floor) ? floor.Order : CacheOrder.None;

    /// <summary>What shared caches must not fall short of: a version, and a time from which on it was the latest.</summary>
    internal (long Order, long NotBefore) Shared(string key, long now)
    {
        var all = _base.At + memory >= now ? _base : new Floor(CacheOrder.None, long.MinValue, 0, 0);
        return _floors.TryGetValue(key, out var own) ? (Math.Max(own.Order, all.Order), Math.Max(own.NotBefore, all.NotBefore)) : (all.Order, all.NotBefore);
    }

    /// <summary>A version was written, read or heard of.</summary>
    internal void Raise(string key, long order, long now) => Set(key, order, long.MinValue, now);

    /// <summary>The key has changed, nobody knows to which version.</summary>
    internal void Distrust(string key, long now) => Set(key, CacheOrder.None, now + 1, now);

    /// <summary>Anything may have changed.</summary>
    internal void DistrustAll(long now)
    {
        _base = new Floor(_base.Order, now + 1, now, 0);
    }

    private void Set(string key, long order, long notBefore, long now)
    {
        if (_floors.TryGetValue(key, out var old)) (order, notBefore) = (Math.Max(order, old.Order), Math.Max(notBefore, old.NotBefore));
        _floors[key] = new Floor(order, notBefore, now, ++_next);
        _order.Enqueue((key, _next));
        // Keys that are raised again and again leave old places in the queue: twice the capacity bounds those.
        while (_order.Count > 2 * capacity || _floors.Count > capacity || IsOver(now)) Forget(now);
    }

    private bool IsOver(long now) =>
        _order.TryPeek(out var first) && (!_floors.TryGetValue(first.Key, out var floor) || floor.Number != first.Number || floor.At + memory < now);

    private void Forget(long now)
    {
        var (key, number) = _order.Dequeue();
        if (!_floors.TryGetValue(key, out var floor) || floor.Number != number) return;
        _floors.Remove(key);
        if (floor.At + memory < now) return;
        var lapsed = _base.At + memory < now;
        _base = new Floor(Math.Max(floor.Order, lapsed ? CacheOrder.None : _base.Order), Math.Max(floor.NotBefore, lapsed ? long.MinValue : _base.NotBefore), Math.Max(floor.At, _base.At), 0);
    }

    /// <param name="Order">The version.</param>
    /// <param name="NotBefore">Values must have been the latest at this time, or later.</param>
    /// <param name="At">When it was learned.</param>
    /// <param name="Number">Its place in the queue.</param>
    private readonly record struct Floor(long Order, long NotBefore, long At, long Number);
}
