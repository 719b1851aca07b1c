namespace Skep.Memory.Caching;

/// <summary>
/// What a source says of a key: a value, or that there is none, and which version. Versions of a key grow with every change of it; that a key is absent has a
/// version too, any from its removal's to the one before its next value's. Where both have the same version, the absence is the later.
/// </summary>
/// <param name="Version">0 to <see cref="MaxVersion"/>.</param>
/// <param name="Value">The value; null when there is none.</param>
/// <param name="ExpiresUnixMs">The first millisecond at which the value no longer exists; null for never.</param>
public readonly record struct Versioned<T>(long Version, T? Value, long? ExpiresUnixMs = null) where T : class
{
    /// <summary>The largest version: it and one bit fit into a double, which is what Redis' scripts count with.</summary>
    public const long MaxVersion = (1L << 51) - 1;

    /// <summary>Whether there is no value.</summary>
    public bool IsAbsent => Value is null;

    /// <summary>Orders all that can be known about a key.</summary>
    internal long Order => CacheOrder.Of(Version, IsAbsent);
}

/// <summary>A version and whether the value is absent, as one number.</summary>
internal static class CacheOrder
{
    /// <summary>Before everything.</summary>
    internal const long None = -1;

    internal static long Of(long version, bool absent) => (version * 2) + (absent ? 1 : 0);

    internal static void Require(long version)
    {
        if (version is < 0 or > Versioned<object>.MaxVersion) throw new CacheException($"{version} cannot be the version of a cached value: sources number changes from 0 to {Versioned<object>.MaxVersion}");
    }
}
