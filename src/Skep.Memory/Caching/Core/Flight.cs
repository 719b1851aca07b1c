namespace Skep.Memory.Caching;

/// <summary>Where a value may come from, in the order in which they are asked.</summary>
public enum CacheLayer
{
    /// <summary>The cache in process.</summary>
    Local,

    /// <summary>The cache that nodes share: Redis.</summary>
    Shared,

    /// <summary>A cache of HTTP on the way to the source.</summary>
    Web,

    /// <summary>The source of truth.</summary>
    Source,
}

/// <summary>One read of a key through the layers, that all who ask meanwhile share.</summary>
internal sealed class Flight(string key)
{
    internal string Key { get; } = key;

    /// <summary>The layer that is being asked.</summary>
    internal CacheLayer Asking { get; set; }

    /// <summary>The newest version that was written or heard of since it began.</summary>
    internal long Floor { get; set; } = CacheOrder.None;

    /// <summary>Whether the key changed to a version nobody knows while the layer was being asked.</summary>
    internal bool Tainted { get; set; }

    /// <summary>What the source must not fall short of, as it was known when it was asked.</summary>
    internal long Expected { get; set; } = CacheOrder.None;

    /// <summary>How often the source fell short of that.</summary>
    internal int Attempts { get; set; }

    /// <summary>What the caller keeps with it.</summary>
    internal object? Tag { get; set; }
}

/// <summary>Reads and writes of a key at the source that do not wait for each other.</summary>
internal sealed class DirectAccess
{
    internal int Users { get; set; }

    /// <summary>The newest version that was written or heard of meanwhile.</summary>
    internal long Floor { get; set; } = CacheOrder.None;

    /// <summary>How many writes are under way that others may see before they are acknowledged.</summary>
    internal int Holds { get; set; }

    /// <summary>How often the key changed meanwhile to a version nobody knows.</summary>
    internal long Taints { get; set; }
}

/// <summary>One of them.</summary>
internal readonly record struct DirectTicket(DirectAccess Access, long Taints);
