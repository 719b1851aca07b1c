namespace Skep.Memory.Caching;

/// <summary>
/// Caches a source of versioned values: in process, in a cache that nodes share, in caches of HTTP. <see cref="CacheCore{T}"/> decides, this asks the
/// layers and waits for them. Safe to use from many threads.
/// <para>On one node no read is older than an earlier one, or than a write that was acknowledged. On others a value is served at most
/// <see cref="CacheOptions.FreshFor"/> + <see cref="CacheOptions.StaleFor"/> after it was replaced, usually for milliseconds, and for
/// <see cref="CacheOptions.UntrustedFor"/> while invalidations are known not to arrive.</para>
/// </summary>
public sealed class LayeredCache<T> : ISharedListener, IAsyncDisposable where T : class
{
    /// <summary>Reads of the source without waiting, in a row, that found less than was written meanwhile.</summary>
    private const int MaxDirectReads = 1_000;

    private readonly ICacheSource<T> _source;
    private readonly ICacheCodec<T> _codec;
    private readonly ISharedCache? _shared;
    private readonly ICacheSource<T>? _web;
    private readonly TimeProvider _time;
    private readonly CacheOptions _options;
    private readonly CacheCore<T> _core;
    private readonly CancellationTokenSource _closing = new();
    private bool _degraded;

    /// <summary>Makes a cache.</summary>
    /// <param name="source">The truth.</param>
    /// <param name="codec">Weighs values, and writes them for the shared cache.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">Bounds and times.</param>
    /// <param name="shared">The cache that nodes share, such as <see cref="RedisSharedCache"/>; it is disposed with this one. Null for none.</param>
    /// <param name="web">A cache of HTTP on the way to the source, such as <see cref="HttpCacheSource{T}"/>; null for none.</param>
    /// <exception cref="CacheException">An option makes no sense.</exception>
    public LayeredCache(ICacheSource<T> source, ICacheCodec<T> codec, TimeProvider time, CacheOptions? options = null, ISharedCache? shared = null, ICacheSource<T>? web = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(time);
        (_source, _codec, _time, _options, _shared, _web) = (source, codec, time, options ?? new CacheOptions(), shared, web);
        _options.Require();
        CacheLayer[] caches = (shared, web) switch
        {
            (not null, not null) => [CacheLayer.Shared, CacheLayer.Web],
            (not null, null) => [CacheLayer.Shared],
            (null, not null) => [CacheLayer.Web],
            _ => [],
        };
        _core = new CacheCore<T>(_options, [.. caches, CacheLayer.Source]);
        _shared?.Start(this);
    }

    /// <summary>What it has done so far.</summary>
    public CacheStats Stats
    {
        get
        {
            var counts = _core.Counters;
            return new CacheStats
            {
                Entries = _core.Local.Count,
                Bytes = _core.Local.Bytes,
                MaxBytes = _options.LocalBytes,
                Evictions = _core.Local.Evictions,
                Hits = counts.LocalHits.Value,
                NegativeHits = counts.NegativeHits.Value,
                StaleHits = counts.StaleHits.Value,
                Misses = counts.LocalMisses,
                Coalesced = counts.Coalesced,
                SharedHits = counts.LayerHits[(int)CacheLayer.Shared],
                SharedMisses = counts.LayerMisses[(int)CacheLayer.Shared],
                WebHits = counts.LayerHits[(int)CacheLayer.Web],
                WebMisses = counts.LayerMisses[(int)CacheLayer.Web],
                SourceReads = counts.LayerHits[(int)CacheLayer.Source],
                Refused = counts.Refused,
                Invalidations = counts.Invalidated,
                Shared = _shared?.Status ?? new SharedCacheStatus("off"),
            };
        }
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Reads a key through all layers.</summary>
    /// <exception cref="CacheException">Too many keys are being read, or the source is behind what was seen before.</exception>
    public ValueTask<Versioned<T>> GetAsync(string key, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (_core.TryServeTimeless(key, out var value)) return ValueTask.FromResult(value);
        var now = Now;
        return _core.TryServe(key, now, out value) ? ValueTask.FromResult(value) : ReadAsync(key, now, cancel);
    }

    /// <summary>Serves a key if that needs nobody to be asked.</summary>
    public bool TryGet(string key, out Versioned<T> value)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _core.TryServeTimeless(key, out value) || _core.TryServe(key, Now, out value);
    }

    /// <summary>Reads a key from the process or, at once and on this thread, from the source: for sources that are quicker than any cache outside of the process.</summary>
    /// <param name="key">Which.</param>
    /// <param name="read">Reads the latest from the source.</param>
    /// <exception cref="CacheException">The source is behind what was seen before.</exception>
    public Versioned<T> Get(string key, Func<string, Versioned<T>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (TryGet(key, out var served)) return served;
        for (var i = 0; i < MaxDirectReads; i++)
        {
            var (ticket, asOf) = (_core.Begin(key), Now);
            Versioned<T>? found = null;
            try
            {
                found = read(key);
            }
            finally
            {
                if (found is null) _core.End(key, ticket, null, asOf, 0, asOf);
            }

            if (_core.End(key, ticket, found, asOf, SizeOf(found.Value), Now)) return found.Value;
        }

        throw Behind(key);
    }

    /// <summary>
    /// Writes to the source, and sees to it that no older value is served here after that, and that others hear of it. Where the write fails, nobody knows whether it took
    /// place: what is cached is then dropped, here and on the others.
    /// </summary>
    /// <param name="key">What is written.</param>
    /// <param name="write">Writes, and returns what the key is from then on, with its version.</param>
    /// <param name="cancel">Passed on.</param>
    public async ValueTask<Versioned<T>> WriteAsync(string key, Func<CancellationToken, ValueTask<Versioned<T>>> write, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(write);
        var (ticket, asOf) = (_core.Begin(key), Now);
        Versioned<T> value;
        try
        {
            value = await write(cancel);
            CacheOrder.Require(value.Version);
        }
        catch
        {
            _core.Wrote(key, ticket, null, asOf, 0, Now);
            _shared?.Tell(key, CacheOrder.None);
            throw;
        }

        _core.Wrote(key, ticket, value, asOf, SizeOf(value), Now);
        Share(key, value, asOf);
        _shared?.Tell(key, value.Order);
        return value;
    }

    /// <summary>The source has changed by other ways than <see cref="WriteAsync"/>: call it before the change is acknowledged to anyone.</summary>
    /// <param name="key">What has changed.</param>
    /// <param name="version">The version from now on, or that of the absence.</param>
    /// <param name="removed">Whether it is absent from now on.</param>
    public void Changed(string key, long version, bool removed)
    {
        ArgumentNullException.ThrowIfNull(key);
        CacheOrder.Require(version);
        var order = CacheOrder.Of(version, removed);
        _core.Invalidate(key, order, Now);
        _shared?.Tell(key, order);
    }

    /// <summary>
    /// A key is about to change where others can see it before <see cref="Changed"/> is called: until it is released the source is asked each time, so that nobody who has
    /// seen the change reads what was before.
    /// </summary>
    /// <param name="key">Which; null for all.</param>
    public void Hold(string? key)
    {
        if (key is null) _core.HoldAll();
        else _core.Hold(key);
    }

    /// <summary>Ends a <see cref="Hold"/>; once for each.</summary>
    /// <param name="key">Which; null for all.</param>
    public void Release(string? key)
    {
        if (key is null) _core.ReleaseAll();
        else _core.Release(key);
    }

    /// <summary>Anything may have changed.</summary>
    public void ChangedAll()
    {
        _core.InvalidateAll(Now);
        _shared?.Tell(null, CacheOrder.None);
    }

    /// <inheritdoc/>
    void ISharedListener.Connected()
    {
        _core.Trust(Now);
        if (!_degraded) return;
        _degraded = false;
        _options.Notice?.Invoke(new CacheNotice(false, $"the shared cache at {_shared!.Status.Address} is back; what was cached before is read anew"));
    }

    /// <inheritdoc/>
    void ISharedListener.Disconnected(string reason)
    {
        _core.Untrust();
        if (_degraded) return;
        _degraded = true;
        var bound = _options.Exclusive ? "nothing gets stale by that, as all writes go through this process" : $"values are served for at most {_options.UntrustedFor.TotalSeconds:0.###} s";
        _options.Notice?.Invoke(new CacheNotice(true, $"the shared cache at {_shared!.Status.Address} cannot be used ({reason}); caching goes on in this process alone, and {bound}"));
    }

    /// <inheritdoc/>
    void ISharedListener.Changed(string? key, long order)
    {
        if (key is null) _core.InvalidateAll(Now);
        else if (order <= CacheOrder.None) _core.Invalidate(key, CacheOrder.None, Now);
        else if (!(order >> 1 > _options.Newest?.Invoke())) _core.Invalidate(key, order, Now);
    }

    /// <summary>Ends reads that are under way, and the connection to the shared cache.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        if (_shared is not null) await _shared.DisposeAsync();
    }

    private async ValueTask<Versioned<T>> ReadAsync(string key, long now, CancellationToken cancel)
    {
        var decision = _core.Read(key, now, static () => new Waiters<T>());
        if (decision.Step == ReadStep.Busy) throw new CacheException($"'{MemoryPath.Shown(key)}' cannot be read now: {_options.MaxReads} keys are being read already; try again, or raise {nameof(CacheOptions.MaxReads)}");
        if (decision.Step == ReadStep.Serve)
        {
            if (decision.Flight is { } refresh) _ = Task.Run(() => FlyAsync(refresh), CancellationToken.None);
            return decision.Value;
        }

        var waiters = (Waiters<T>)decision.Flight!.Tag!;
        if (decision.Step == ReadStep.Fetch) _ = FlyAsync(decision.Flight);
        return await waiters.Task.WaitAsync(cancel);
    }

    /// <summary>Nobody's cancellation ends it: others may have joined.</summary>
    private async Task FlyAsync(Flight flight)
    {
        var waiters = (Waiters<T>)flight.Tag!;
        try
        {
            FillDecision<T> decision;
            do
            {
                var asOf = Now;
                var answer = flight.Asking switch
                {
                    CacheLayer.Shared => await AskSharedAsync(flight.Key),
                    CacheLayer.Web => await AskWebAsync(flight.Key, asOf),
                    _ => await AskSourceAsync(flight.Key, asOf),
                };
                decision = _core.Answered(flight, answer, Now);
                if (decision.Share) Share(flight.Key, decision.Value, answer.AsOf);
            }
            while (decision.Step == FillStep.Ask);
            if (decision.Step == FillStep.Done) waiters.SetResult(decision.Value);
            else waiters.Fail(Behind(flight.Key));
        }
        catch (Exception e)
        {
            _core.Failed(flight);
            waiters.Fail(e);
        }
    }

    private async ValueTask<LayerAnswer<T>> AskSharedAsync(string key)
    {
        if (await _shared!.GetAsync(key, _closing.Token) is not { } record) return LayerAnswer<T>.Nothing;
        var value = record.Value is { } bytes ? _codec.Decode(key, bytes.Span) : null;
        if (record.Value is not null && value is null) return LayerAnswer<T>.Nothing;
        // By the clock of another node, which may be ahead.
        var asOf = record.AsOf - (long)_options.ClockSkew.TotalMilliseconds;
        return Answer(new Versioned<T>(record.Order >> 1, value, record.Expires), asOf);
    }

    private async ValueTask<LayerAnswer<T>> AskWebAsync(string key, long asOf)
    {
        using var timeout = Timeout();
        try
        {
            var answer = await _web!.ReadAsync(key, latest: false, timeout.Token).AsTask().WaitAsync(timeout.Token);
            return Answer(answer.Value, asOf - (long)answer.Age.TotalMilliseconds);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or CacheException || (e is OperationCanceledException && !_closing.IsCancellationRequested))
        {
            return LayerAnswer<T>.Nothing; // The source knows as well.
        }
    }

    private async ValueTask<LayerAnswer<T>> AskSourceAsync(string key, long asOf)
    {
        using var timeout = Timeout();
        try
        {
            var answer = await _source.ReadAsync(key, latest: true, timeout.Token).AsTask().WaitAsync(timeout.Token);
            CacheOrder.Require(answer.Value.Version);
            return Answer(answer.Value, asOf - (long)answer.Age.TotalMilliseconds);
        }
        catch (OperationCanceledException e) when (!_closing.IsCancellationRequested)
        {
            throw new CacheException($"'{MemoryPath.Shown(key)}' could not be read: the source did not answer within {_options.SourceTimeout.TotalSeconds:0.###} s; see whether it is there, or raise {nameof(CacheOptions.SourceTimeout)}", e);
        }
    }

    private LayerAnswer<T> Answer(in Versioned<T> value, long asOf) => new(value, asOf, SizeOf(value));

    private int SizeOf(in Versioned<T> value) => value.Value is { } held ? _codec.SizeOf(held) : 0;

    private void Share(string key, in Versioned<T> value, long asOf) =>
        _shared?.Put(key, new SharedRecord(value.Order, asOf, value.ExpiresUnixMs, value.Value is { } held ? _codec.Encode(held) : (ReadOnlyMemory<byte>?)null));

    private ReadTimeout Timeout() => new(_options.SourceTimeout, _time, _closing.Token);

    private static CacheException Behind(string key) =>
        new($"'{MemoryPath.Shown(key)}' cannot be served: the source answers with an older version than one that was seen before; let reads of the latest go to the primary, not to a replica that lags");

    /// <summary>Ends a read when it takes too long, or the cache is closed.</summary>
    private sealed class ReadTimeout(TimeSpan after, TimeProvider time, CancellationToken closing) : IDisposable
    {
        private readonly CancellationTokenSource _late = new(after, time);
        private CancellationTokenSource? _either;

        internal CancellationToken Token => (_either ??= CancellationTokenSource.CreateLinkedTokenSource(_late.Token, closing)).Token;

        public void Dispose()
        {
            _either?.Dispose();
            _late.Dispose();
        }
    }
}
