namespace Skep.Memory.Caching;

/// <summary>Bounds and times of a <see cref="LayeredCache{T}"/>.</summary>
public sealed record CacheOptions
{
    /// <summary>Most bytes of the cache in process, with what its tables cost. 0 turns it off. Default 32 MiB.</summary>
    public long LocalBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>
    /// How long a value is served without asking again while invalidations arrive. It bounds how stale a value can be on another node than the one that wrote it,
    /// should an invalidation be lost unnoticed. Default 30 s.
    /// </summary>
    public TimeSpan FreshFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much longer a value is still served while it is read anew in the background. Default 10 s.</summary>
    public TimeSpan StaleFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it is believed that a key is absent. Default 3 s.</summary>
    public TimeSpan NegativeFor { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a value is served while invalidations do not arrive: without Redis, while it is away, and for values read before it came back. Default 2 s.
    /// </summary>
    public TimeSpan UntrustedFor { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How far the clocks of two nodes may be apart. Default 1 s.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a read of the source may take. Default 10 s.</summary>
    public TimeSpan SourceTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most keys that are being read at once; more are refused. Default 10,000.</summary>
    public int MaxReads { get; init; } = 10_000;

    /// <summary>Keys whose newest known version is remembered after their value has left the cache. Default 65,536, about 10 MiB.</summary>
    public int MaxFloors { get; init; } = 65_536;

    /// <summary>How often a source is asked again that answers with an older version than one seen before. Default 4.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>
    /// Whether every write of the source goes through this cache. Then nothing in process is ever stale, and no time bounds it. Default no.
    /// </summary>
    public bool Exclusive { get; init; }

    /// <summary>
    /// The newest version there is, where the source knows it; null where not. Values in shared caches that claim to be newer are of a source that was since replaced by
    /// an older copy of itself, and are not taken.
    /// </summary>
    public Func<long>? Newest { get; init; }

    /// <summary>Told once when the shared cache goes away, and once when it is back. It must be quick, and must not throw.</summary>
    public Action<CacheNotice>? Notice { get; init; }

    /// <summary>After this long nothing that a shared cache may still hold is taken.</summary>
    internal TimeSpan SharedFor => FreshFor + StaleFor;

    internal void Require()
    {
        if (LocalBytes < 0) throw new CacheException($"a cache cannot have {LocalBytes} bytes: give 0 for none, or more");
        foreach (var (name, time) in new[] { (nameof(FreshFor), FreshFor), (nameof(StaleFor), StaleFor), (nameof(NegativeFor), NegativeFor), (nameof(UntrustedFor), UntrustedFor), (nameof(ClockSkew), ClockSkew), (nameof(SourceTimeout), SourceTimeout) })
        {
            if (time < TimeSpan.Zero || time > TimeSpan.FromDays(1)) throw new CacheException($"{name} cannot be {time}: give a time between 0 and a day");
        }

        foreach (var (name, count) in new[] { (nameof(MaxReads), MaxReads), (nameof(MaxFloors), MaxFloors), (nameof(MaxAttempts), MaxAttempts) })
        {
            if (count is < 1 or > 16_777_216) throw new CacheException($"{name} cannot be {count}: give a number from 1 to 16777216");
        }
    }
}
