namespace Skep.Memory.Caching;

/// <summary>
/// What is cached: the truth, or a cache of somebody else's on the way to it. A read that begins after a change was acknowledged must return that change or a later one
/// when it is asked for the latest; a <see cref="LayeredCache{T}"/> notices some breaches of that and refuses to serve them.
/// </summary>
public interface ICacheSource<T> where T : class
{
    /// <summary>Reads a key.</summary>
    /// <param name="key">Which.</param>
    /// <param name="latest">Whether it must be the latest; else it may be older, and says by how much.</param>
    /// <param name="cancel">Gives up.</param>
    ValueTask<SourceAnswer<T>> ReadAsync(string key, bool latest, CancellationToken cancel);
}

/// <summary>What a source answers.</summary>
/// <param name="Value">The value or its absence, with its version.</param>
/// <param name="Age">How long before the question it is known to have been the latest; zero for the latest.</param>
public readonly record struct SourceAnswer<T>(Versioned<T> Value, TimeSpan Age = default) where T : class;

/// <summary>Turns values into bytes, for caches outside of the process.</summary>
public interface ICacheCodec<T> where T : class
{
    /// <summary>Bytes that a value takes in process, roughly: the cache's budget counts them.</summary>
    int SizeOf(T value);

    /// <summary>Writes a value.</summary>
    ReadOnlyMemory<byte> Encode(T value);

    /// <summary>Reads a value; null when the bytes are not one. They come from outside: it must not throw, and not believe any length in them.</summary>
    T? Decode(string key, ReadOnlySpan<byte> bytes);
}

/// <summary>Values that are bytes already; they are shared, and must not be changed.</summary>
public sealed class BytesCodec : ICacheCodec<byte[]>
{
    /// <inheritdoc/>
    public int SizeOf(byte[] value) => (value ?? throw new ArgumentNullException(nameof(value))).Length;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Encode(byte[] value) => value;

    /// <inheritdoc/>
    public byte[] Decode(string key, ReadOnlySpan<byte> bytes) => bytes.ToArray();
}
