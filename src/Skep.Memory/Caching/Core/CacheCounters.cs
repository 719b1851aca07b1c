namespace Skep.Memory.Caching;

/// <summary>What is counted on the way of a read that takes no lock: by thread, so that processors do not fight over one number.</summary>
internal sealed class StripedCounter
{
    private const int Stripes = 16;
    private const int Apart = 16; // Two lines of a processor's cache, in longs.
    private readonly long[] _counts = new long[(Stripes + 1) * Apart];

    internal long Value
    {
        get
        {
            var sum = 0L;
            for (var i = 1; i <= Stripes; i++) sum += Volatile.Read(ref _counts[i * Apart]);
            return sum;
        }
    }

    internal void Add() => Interlocked.Increment(ref _counts[((Environment.CurrentManagedThreadId & (Stripes - 1)) + 1) * Apart]);
}

/// <summary>What a cache counts.</summary>
internal sealed class CacheCounters
{
    internal StripedCounter LocalHits { get; } = new();

    internal StripedCounter NegativeHits { get; } = new();

    internal StripedCounter StaleHits { get; } = new();

    // The rest changes under the core's lock.
    internal long LocalMisses { get; set; }

    internal long Coalesced { get; set; }

    internal long Refreshes { get; set; }

    internal long[] LayerHits { get; } = new long[4];

    internal long[] LayerMisses { get; } = new long[4];

    internal long Refused { get; set; }

    internal long Invalidated { get; set; }
}
