using Skep.Memory.Tables;

namespace Skep.Memory.Caching;

/// <summary>
/// Caches the entries of a memory in the process that owns it. All writes go through that, so that nothing in process is ever stale. Versions are the memory's revisions: an
/// entry's is that of its last write, an absence's that of the memory when it was looked for.
/// </summary>
internal sealed class EntryCache : ICacheSource<MemoryEntry>, IAsyncDisposable
{
    private readonly Func<string, Versioned<MemoryEntry>> _look;
    private readonly bool _isShared;
    private long _revision;

    /// <param name="look">Reads the database.</param>
    /// <param name="revision">The memory's revision.</param>
    /// <param name="time">The clock.</param>
    /// <param name="bytes">Most bytes.</param>
    /// <param name="shared">The cache that nodes share.</param>
    /// <param name="notice">Told when that goes away and comes back.</param>
    internal EntryCache(Func<string, Versioned<MemoryEntry>> look, long revision, TimeProvider time, long bytes, ISharedCache? shared, Action<CacheNotice>? notice)
    {
        (_look, _revision, _isShared) = (look, revision, shared is not null);
        var options = new CacheOptions { LocalBytes = bytes, Exclusive = true, Newest = () => Volatile.Read(ref _revision), Notice = notice };
        Layers = new LayeredCache<MemoryEntry>(this, new EntryCodec(), time, options, shared);
    }

    internal LayeredCache<MemoryEntry> Layers { get; }

    internal CacheStats Stats => Layers.Stats;

    internal MemoryEntry? Get(string path) => Layers.Get(path, _look).Value;

    /// <summary>Asks the shared cache first, where there is one. Else the database is asked at once: a flight with its timeout takes longer than its answer, and nobody could join it.</summary>
    internal ValueTask<MemoryEntry?> GetAsync(string path, CancellationToken cancel) => _isShared ? FlyAsync(path, cancel) : ValueTask.FromResult(Get(path));

    /// <summary>A write was committed, and is not acknowledged yet.</summary>
    internal void Changed(ChangedPaths changed)
    {
        for (var seen = Volatile.Read(ref _revision); seen < changed.Revision; seen = Volatile.Read(ref _revision)) Interlocked.CompareExchange(ref _revision, changed.Revision, seen);
        if (changed.All) Layers.ChangedAll();
        else foreach (var (path, revision, removed) in changed.Changes) Layers.Changed(path, revision, removed);
    }

    /// <inheritdoc/>
    public ValueTask<SourceAnswer<MemoryEntry>> ReadAsync(string key, bool latest, CancellationToken cancel) => ValueTask.FromResult(new SourceAnswer<MemoryEntry>(_look(key)));

    private async ValueTask<MemoryEntry?> FlyAsync(string path, CancellationToken cancel) => (await Layers.GetAsync(path, cancel)).Value;

    public ValueTask DisposeAsync() => Layers.DisposeAsync();
}
