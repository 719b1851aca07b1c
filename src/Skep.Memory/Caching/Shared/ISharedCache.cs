namespace Skep.Memory.Caching;

/// <summary>A cache that several nodes share, and through which they tell each other what has changed; see <see cref="RedisSharedCache"/>.</summary>
public interface ISharedCache : IAsyncDisposable
{
    /// <summary>How it is; for people.</summary>
    SharedCacheStatus Status { get; }

    /// <summary>Connects, and keeps at it until it is disposed.</summary>
    /// <param name="listener">Hears of changes; it may be called from several threads at once.</param>
    void Start(ISharedListener listener);

    /// <summary>Reads a record; null when there is none, or it cannot be had in time. Does not throw but for cancellation.</summary>
    ValueTask<SharedRecord?> GetAsync(string key, CancellationToken cancel);

    /// <summary>Puts a record unless there is a newer one. It returns at once; what cannot be put is lost.</summary>
    void Put(string key, in SharedRecord record);

    /// <summary>Tells all nodes that a key has changed. It returns at once; while there is no connection what there is to tell is kept, and told later.</summary>
    /// <param name="key">Which; null for any.</param>
    /// <param name="order">The version as a number; -1 when it is not known.</param>
    void Tell(string? key, long order);
}

/// <summary>Hears of changes through a <see cref="ISharedCache"/>.</summary>
public interface ISharedListener
{
    /// <summary>From now on every change arrives.</summary>
    void Connected();

    /// <summary>Changes no longer arrive.</summary>
    void Disconnected(string reason);

    /// <summary>A key has changed; null: any may have.</summary>
    void Changed(string? key, long order);
}

/// <summary>What a shared cache keeps for a key.</summary>
/// <param name="Order">The version, and whether it is an absence, as one number.</param>
/// <param name="AsOf">When it was the latest, by the clock of the node that put it, Unix milliseconds.</param>
/// <param name="Expires">When it ceases to exist; null for never.</param>
/// <param name="Value">The value; null when there is none.</param>
public readonly record struct SharedRecord(long Order, long AsOf, long? Expires, ReadOnlyMemory<byte>? Value);

/// <summary>How a shared cache is.</summary>
/// <param name="State">off, connecting, up or down.</param>
/// <param name="Address">Where, without secrets; null for nowhere.</param>
/// <param name="Reason">Why it is down; null when it is not.</param>
/// <param name="Reconnects">How often it was connected again.</param>
/// <param name="Told">Changes that were told to others.</param>
/// <param name="Lost">Records that could not be put.</param>
public sealed record SharedCacheStatus(string State, string? Address = null, string? Reason = null, long Reconnects = 0, long Told = 0, long Lost = 0);
