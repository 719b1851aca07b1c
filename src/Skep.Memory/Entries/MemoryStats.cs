namespace Skep.Memory;

/// <summary>How full a memory is.</summary>
public sealed record MemoryStats
{
    /// <summary>The number of the last change.</summary>
    public required long Revision { get; init; }

    /// <summary>Entries that exist.</summary>
    public required long Entries { get; init; }

    /// <summary>Bytes of their paths and values.</summary>
    public required long Bytes { get; init; }

    /// <summary>Entries that have a time-to-live.</summary>
    public required long WithTtl { get; init; }

    /// <summary>Entries that have expired and still take room until the next sweep.</summary>
    public required long ExpiredUnswept { get; init; }

    /// <summary>Changes that are remembered for watchers.</summary>
    public required long Changes { get; init; }

    /// <summary>How many namespaces there are.</summary>
    public required long Namespaces { get; init; }

    /// <summary>The largest namespaces by bytes, largest first.</summary>
    public required IReadOnlyList<NamespaceInfo> Top { get; init; }

    /// <summary>The bounds.</summary>
    public required MemoryLimits Limits { get; init; }

    /// <summary>What the owner's cache has done; null where this is not the owner.</summary>
    public Caching.CacheStats? Cache { get; init; }
}

/// <summary>A namespace that has entries. Namespaces beneath it count for themselves.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Entries">Entries directly in it.</param>
/// <param name="Bytes">Bytes of their paths and values.</param>
public sealed record NamespaceInfo(string Name, long Entries, long Bytes);

/// <summary>Some namespaces in ordinal order.</summary>
/// <param name="Namespaces">The namespaces.</param>
/// <param name="Next">Where to go on: pass it as <c>after</c>; null at the end.</param>
public sealed record NamespacePage(IReadOnlyList<NamespaceInfo> Namespaces, string? Next);
