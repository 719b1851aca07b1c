namespace Skep.Memory.Caching;

/// <summary>Bounds of a <see cref="HttpCacheSource{T}"/>.</summary>
public sealed record HttpCacheOptions
{
    /// <summary>Most bytes of values that are kept to be revalidated. Default 16 MiB.</summary>
    public long MaxBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>Most bytes of one answer. Default 4 MiB.</summary>
    public int MaxBodyBytes { get; init; } = 4 * 1024 * 1024;
}
