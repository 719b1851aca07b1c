namespace Skep.Memory.Caching;

/// <summary>What a cache has done since it was made, and what it holds.</summary>
public sealed record CacheStats
{
    /// <summary>Entries in process.</summary>
    public required long Entries { get; init; }

    /// <summary>Bytes that they count for.</summary>
    public required long Bytes { get; init; }

    /// <summary>Most bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Entries that went to make room.</summary>
    public required long Evictions { get; init; }

    /// <summary>Reads that were served in process with a fresh value.</summary>
    public required long Hits { get; init; }

    /// <summary>Reads that were told in process that there is no value.</summary>
    public required long NegativeHits { get; init; }

    /// <summary>Reads that were served in process with a value that was then read anew.</summary>
    public required long StaleHits { get; init; }

    /// <summary>Reads that were not served in process.</summary>
    public required long Misses { get; init; }

    /// <summary>Those of them that waited for the read of another.</summary>
    public required long Coalesced { get; init; }

    /// <summary>Answers that the shared cache had.</summary>
    public required long SharedHits { get; init; }

    /// <summary>Questions to the shared cache without an answer that could be used.</summary>
    public required long SharedMisses { get; init; }

    /// <summary>Answers that HTTP caches had.</summary>
    public required long WebHits { get; init; }

    /// <summary>Questions to HTTP caches without an answer that could be used.</summary>
    public required long WebMisses { get; init; }

    /// <summary>Answers of the source.</summary>
    public required long SourceReads { get; init; }

    /// <summary>Answers that were older than what had been seen, and were not served.</summary>
    public required long Refused { get; init; }

    /// <summary>Changes heard of, from here and elsewhere.</summary>
    public required long Invalidations { get; init; }

    /// <summary>The shared cache.</summary>
    public required SharedCacheStatus Shared { get; init; }

    /// <summary>The part of reads that were served in process, 0 to 1; 0 before the first.</summary>
    public double HitRate => Hits + NegativeHits + StaleHits + Misses is var all and > 0 ? (double)(all - Misses) / all : 0;

    /// <summary>The part of questions to the shared cache that it could answer, 0 to 1.</summary>
    public double SharedHitRate => SharedHits + SharedMisses is var all and > 0 ? (double)SharedHits / all : 0;
}

/// <summary>Something that people should know: said once when it begins, and once when it is over.</summary>
/// <param name="Degraded">Whether the cache works without its shared part now.</param>
/// <param name="Message">What, why, and what it means; without secrets.</param>
public sealed record CacheNotice(bool Degraded, string Message);
