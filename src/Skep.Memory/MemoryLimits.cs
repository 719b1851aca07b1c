namespace Skep.Memory;

/// <summary>Bounds of a memory. What does not fit is refused with an error that names the bound.</summary>
public sealed record MemoryLimits
{
    /// <summary>Most characters of a key.</summary>
    public const int MaxKey = 256;

    /// <summary>Most characters of a namespace.</summary>
    public const int MaxNamespace = 256;

    /// <summary>Most parts of a path, the key included.</summary>
    public const int MaxDepth = 16;

    /// <summary>Most characters of an author's agent, task or run.</summary>
    public const int MaxAuthorField = 256;

    /// <summary>Most entries of one page.</summary>
    public const int MaxPage = 1_000;

    /// <summary>Most characters of a text or glob that is searched for.</summary>
    public const int MaxQuery = 1_024;

    /// <summary>Bytes of values after which a page ends early.</summary>
    public const int MaxPageBytes = 4 * 1024 * 1024;

    /// <summary>Entries that one search looks at before it returns what it has, with where to go on.</summary>
    public const int MaxScanned = 10_000;

    /// <summary>Changes among which a request that is delivered again is recognised.</summary>
    public const int MaxRepeated = 1_000;

    /// <summary>Deepest nesting of a JSON value.</summary>
    public const int MaxJsonDepth = 64;

    /// <summary>Longest time-to-live.</summary>
    public static TimeSpan MaxTtl { get; } = TimeSpan.FromDays(3_650);

    /// <summary>Most bytes of one value. Default 1 MiB.</summary>
    public int MaxValueBytes { get; init; } = 1024 * 1024;

    /// <summary>Most entries. Default 1,000,000.</summary>
    public long MaxEntries { get; init; } = 1_000_000;

    /// <summary>Most bytes of all paths and values. Default 4 GiB.</summary>
    public long MaxTotalBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>
    /// Changes that are remembered for watchers; who is further behind is told that it has lagged. Default 100,000, about 10 MiB.
    /// </summary>
    public int MaxChanges { get; init; } = 100_000;

    /// <summary>Rows that are removed in one transaction by the sweeper and by a deletion of a prefix. Default 500.</summary>
    public int SweepChunk { get; init; } = 500;

    /// <summary>
    /// Least time between two sweeps, so that a thousand entries that expire one after the other do not cost a thousand syncs. Expired
    /// entries are not served in the meantime; only their change is reported that much later. Default 500 ms.
    /// </summary>
    public TimeSpan SweepPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Most bytes of entries that the owner keeps in process to serve <see cref="MemoryStore.Get"/>; 0 for none. Default 32 MiB.</summary>
    public long CacheBytes { get; init; } = 32L * 1024 * 1024;
}
