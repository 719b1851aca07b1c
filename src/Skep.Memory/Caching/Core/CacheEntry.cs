namespace Skep.Memory.Caching;

/// <summary>What a cache holds for a key; never changed, only replaced.</summary>
/// <param name="value">The value, or that there is none.</param>
/// <param name="asOf">A time at which it was the latest, or before it became that, Unix milliseconds: all staleness is counted from here, however many caches it went through.</param>
/// <param name="size">Bytes of the value.</param>
internal sealed class CacheEntry<T>(Versioned<T> value, long asOf, int size) where T : class
{
    internal Versioned<T> Value { get; } = value;

    internal long AsOf { get; } = asOf;

    internal int Size { get; } = size;
}
