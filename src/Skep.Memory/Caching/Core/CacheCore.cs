namespace Skep.Memory.Caching;

/// <summary>
/// Decides what a cache does: a state machine over reads, answers, writes and invalidations, which come in with their time and leave as data. It
/// asks nobody and waits for nothing; <see cref="LayeredCache{T}"/> does, and so does the simulator of the tests.
/// <para>It keeps: on this node no read returns less than an earlier read did, or than a write that was acknowledged; a value is served at most as long after it was the
/// latest as <see cref="FreshnessRule"/> says; and one flight per key.</para>
/// <para>Hits take no lock; everything else takes one for well under a microsecond.</para>
/// </summary>
internal sealed class CacheCore<T> where T : class
{
    private readonly Lock _gate = new();
    private readonly CacheOptions _options;
    private readonly FreshnessRule _rule;
    private readonly LocalCache<T> _local;
    private readonly VersionFloors _floors;
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);
    private readonly CacheLayer[] _layers;
    private readonly Dictionary<string, DirectAccess> _direct = new(StringComparer.Ordinal);
    private long _trustedSince;
    private int _heldAll;

    /// <param name="options">Bounds and times.</param>
    /// <param name="layers">What there is to ask, in order; the last is the source.</param>
    internal CacheCore(CacheOptions options, params CacheLayer[] layers)
    {
        (_options, _layers, _rule, _local) = (options, layers, new FreshnessRule(options), new LocalCache<T>(options.LocalBytes));
        _floors = new VersionFloors(options.MaxFloors, (long)(options.SharedFor + (2 * options.ClockSkew)).TotalMilliseconds);
        _trustedSince = long.MaxValue;
    }

    internal CacheCounters Counters { get; } = new();

    internal LocalCache<T> Local => _local;

    internal int Flights
    {
        get
        {
            lock (_gate) return _flights.Count;
        }
    }

    internal int Floors
    {
        get
        {
            lock (_gate) return _floors.Count;
        }
    }

    /// <summary>Whether invalidations arrive.</summary>
    internal bool IsTrusted => Volatile.Read(ref _trustedSince) != long.MaxValue;

    /// <summary>Serves from the process what is fresh; counts no miss.</summary>
    internal bool TryServe(string key, long now, out Versioned<T> value)
    {
        if (_local.Find(key) is { } entry && Judge(entry, now) == Freshness.Fresh)
        {
            (entry.Value.IsAbsent ? Counters.NegativeHits : Counters.LocalHits).Add();
            value = entry.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Serves from the process what is fresh at any time, without looking at a clock, which on some machines takes longer than all the rest.</summary>
    internal bool TryServeTimeless(string key, out Versioned<T> value)
    {
        if (_options.Exclusive && _local.Find(key) is { Value: { ExpiresUnixMs: null } held })
        {
            (held.IsAbsent ? Counters.NegativeHits : Counters.LocalHits).Add();
            value = held;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Somebody reads.</summary>
    /// <param name="key">What.</param>
    /// <param name="now">The time.</param>
    /// <param name="tag">Makes what is kept with a flight that begins.</param>
    internal ReadDecision<T> Read(string key, long now, Func<object>? tag = null)
    {
        if (TryServe(key, now, out var served)) return new ReadDecision<T>(ReadStep.Serve, served);
        lock (_gate)
        {
            var entry = _local.Peek(key);
            var freshness = entry is null ? Freshness.Unusable : Judge(entry, now);
            if (freshness != Freshness.Unusable) return ServeUnderLock(key, entry!, freshness, tag);
            Counters.LocalMisses++;
            if (_flights.TryGetValue(key, out var flight))
            {
                Counters.Coalesced++;
                return new ReadDecision<T>(ReadStep.Join, default, flight);
            }

            return Depart(key, tag) is { } begun ? new ReadDecision<T>(ReadStep.Fetch, default, begun) : new ReadDecision<T>(ReadStep.Busy);
        }
    }

    /// <summary>A layer has answered a flight.</summary>
    internal FillDecision<T> Answered(Flight flight, LayerAnswer<T> answer, long now)
    {
        lock (_gate)
        {
            var fromSource = flight.Asking == CacheLayer.Source;
            if (answer.Value is not { } value || (!fromSource && !IsWanted(flight, value, answer.AsOf, now)))
            {
                Counters.LayerMisses[(int)flight.Asking]++;
                return Ask(flight, _layers[Array.IndexOf(_layers, flight.Asking) + 1]);
            }

            if (fromSource && (flight.Tainted || value.Order < Math.Max(flight.Floor, _floors.Own(flight.Key))))
            {
                Counters.Refused++;
                // What changed while the source was being asked says nothing about the source.
                if (value.Order >= flight.Expected || ++flight.Attempts < _options.MaxAttempts) return Ask(flight, CacheLayer.Source);
                Land(flight);
                return new FillDecision<T>(FillStep.Behind);
            }

            Counters.LayerHits[(int)flight.Asking]++;
            Land(flight);
            Keep(flight.Key, value, answer.AsOf, answer.Size, now);
            return new FillDecision<T>(FillStep.Done, value, Share: flight.Asking is CacheLayer.Web or CacheLayer.Source);
        }
    }

    /// <summary>A flight ends without an answer: the source failed.</summary>
    internal void Failed(Flight flight)
    {
        lock (_gate) Land(flight);
    }

    /// <summary>This node has written.</summary>
    /// <param name="key">What.</param>
    /// <param name="ticket">Of <see cref="Begin"/>, before the write.</param>
    /// <param name="value">The value and its version; null when nobody knows whether it was written.</param>
    /// <param name="asOf">When the write began.</param>
    /// <param name="size">Bytes of the value.</param>
    /// <param name="now">The time.</param>
    internal void Wrote(string key, in DirectTicket ticket, Versioned<T>? value, long asOf, int size, long now)
    {
        lock (_gate)
        {
            var isNewest = IsNewest(key, ticket, value?.Order ?? CacheOrder.None);
            Leave(key, ticket);
            if (value is not { } written)
            {
                Distrust(key, now);
                return;
            }

            Raise(key, written.Order, now);
            if (isNewest) Keep(key, written, asOf, size, now);
        }
    }

    /// <summary>A key has changed, here or elsewhere; whoever holds an older version must not serve it.</summary>
    /// <param name="key">Which.</param>
    /// <param name="order">The version, see <see cref="CacheOrder"/>; <see cref="CacheOrder.None"/> when it is not known.</param>
    /// <param name="now">The time.</param>
    internal void Invalidate(string key, long order, long now)
    {
        lock (_gate)
        {
            Counters.Invalidated++;
            if (order == CacheOrder.None) Distrust(key, now);
            else Raise(key, order, now);
        }
    }

    /// <summary>Anything may have changed.</summary>
    internal void InvalidateAll(long now)
    {
        lock (_gate)
        {
            Counters.Invalidated++;
            _local.Clear();
            _floors.DistrustAll(now);
            foreach (var flight in _flights.Values) flight.Tainted = true;
            foreach (var access in _direct.Values) access.Taints++;
        }
    }

    /// <summary>From now on every invalidation arrives. Values from before may have missed one, and are served only as long as if none arrived.</summary>
    internal void Trust(long now) => Volatile.Write(ref _trustedSince, now + 1);

    /// <summary>Invalidations no longer arrive.</summary>
    internal void Untrust() => Volatile.Write(ref _trustedSince, long.MaxValue);

    /// <summary>For writes, and for reads of the source that are not flights because nobody is to wait for another: call it before, and <see cref="End"/> or <see cref="Wrote"/> after it.</summary>
    internal DirectTicket Begin(string key)
    {
        lock (_gate)
        {
            if (!_direct.TryGetValue(key, out var access)) _direct.Add(key, access = new DirectAccess());
            access.Users++;
            return new DirectTicket(access, access.Taints);
        }
    }

    /// <summary>Takes what such a read has found (null: it failed); false when the key was changed meanwhile to something newer, so that it has to be read again.</summary>
    internal bool End(string key, in DirectTicket ticket, Versioned<T>? found, long asOf, int size, long now)
    {
        lock (_gate)
        {
            var isNewest = found is { } read && IsNewest(key, ticket, read.Order);
            Leave(key, ticket);
            if (found is not { } value) return false;
            if (!isNewest)
            {
                Counters.Refused++;
                return false;
            }

            Counters.LocalMisses++;
            Counters.LayerHits[(int)CacheLayer.Source]++;
            Keep(key, value, asOf, size, now);
            return true;
        }
    }

    /// <summary>A key is about to change in a way that others may see before <see cref="Invalidate"/> is called: until it is released the source is asked, and nothing is kept.</summary>
    internal void Hold(string key)
    {
        lock (_gate)
        {
            if (!_direct.TryGetValue(key, out var access)) _direct.Add(key, access = new DirectAccess());
            access.Users++;
            access.Holds++;
            _local.Remove(key);
        }
    }

    internal void Release(string key)
    {
        lock (_gate)
        {
            if (!_direct.TryGetValue(key, out var access)) return;
            access.Holds--;
            if (--access.Users == 0) _direct.Remove(key);
        }
    }

    /// <summary>The same for all keys.</summary>
    internal void HoldAll()
    {
        lock (_gate)
        {
            _heldAll++;
            _local.Clear();
        }
    }

    internal void ReleaseAll()
    {
        lock (_gate) _heldAll--;
    }

    private bool IsHeld(string key) => _heldAll > 0 || (_direct.TryGetValue(key, out var access) && access.Holds > 0);

    private bool IsNewest(string key, in DirectTicket ticket, long order) =>
        ticket.Taints == ticket.Access.Taints && order >= Math.Max(ticket.Access.Floor, _floors.Own(key));

    private void Leave(string key, in DirectTicket ticket)
    {
        if (--ticket.Access.Users == 0) _direct.Remove(key);
    }

    private Freshness Judge(CacheEntry<T> entry, long now)
    {
        var value = entry.Value;
        if (_options.Exclusive) return value.ExpiresUnixMs <= now ? Freshness.Unusable : Freshness.Fresh;
        return _rule.Judge(entry.AsOf, value.IsAbsent, value.ExpiresUnixMs, now, Volatile.Read(ref _trustedSince));
    }

    private ReadDecision<T> ServeUnderLock(string key, CacheEntry<T> entry, Freshness freshness, Func<object>? tag)
    {
        var counter = freshness == Freshness.Stale ? Counters.StaleHits : entry.Value.IsAbsent ? Counters.NegativeHits : Counters.LocalHits;
        counter.Add();
        if (freshness == Freshness.Fresh || _flights.ContainsKey(key) || Depart(key, tag) is not { } refresh) return new ReadDecision<T>(ReadStep.Serve, entry.Value);
        Counters.Refreshes++;
        return new ReadDecision<T>(ReadStep.Serve, entry.Value, refresh);
    }

    private Flight? Depart(string key, Func<object>? tag)
    {
        if (_flights.Count >= _options.MaxReads) return null;
        var flight = new Flight(key) { Tag = tag?.Invoke() };
        _ = Ask(flight, _layers[0]);
        _flights.Add(key, flight);
        return flight;
    }

    private FillDecision<T> Ask(Flight flight, CacheLayer layer)
    {
        (flight.Asking, flight.Tainted) = (layer, false);
        flight.Expected = Math.Max(flight.Floor, _floors.Own(flight.Key));
        return new FillDecision<T>(FillStep.Ask);
    }

    private void Land(Flight flight)
    {
        if (_flights.TryGetValue(flight.Key, out var current) && ReferenceEquals(current, flight)) _flights.Remove(flight.Key);
    }

    /// <summary>Whether a cache's answer will do: not older than what was seen here, fresh, and of the source's own time.</summary>
    private bool IsWanted(Flight flight, in Versioned<T> value, long asOf, long now)
    {
        var (order, notBefore) = _floors.Shared(flight.Key, now);
        if (flight.Tainted || IsHeld(flight.Key) || value.Order < Math.Max(order, flight.Floor) || asOf < notBefore || value.Version > _options.Newest?.Invoke())
        {
            Counters.Refused++;
            return false;
        }

        var trusted = _options.Exclusive ? long.MinValue : Volatile.Read(ref _trustedSince);
        return _rule.Judge(asOf, value.IsAbsent, value.ExpiresUnixMs, now, trusted) == Freshness.Fresh;
    }

    private void Keep(string key, in Versioned<T> value, long asOf, int size, long now)
    {
        // Only caches that others fill can offer something older later on.
        if (_layers.Length > 1) _floors.Raise(key, value.Order, now);
        if (IsHeld(key)) return;
        if (_local.Peek(key) is { } held && (held.Value.Order > value.Order || (held.Value.Order == value.Order && held.AsOf > asOf))) return;
        _local.Put(key, new CacheEntry<T>(value, asOf, size));
    }

    private void Raise(string key, long order, long now)
    {
        _floors.Raise(key, order, now);
        if (_flights.TryGetValue(key, out var flight)) flight.Floor = Math.Max(flight.Floor, order);
        if (_direct.TryGetValue(key, out var access)) access.Floor = Math.Max(access.Floor, order);
        if (_local.Peek(key) is { } held && held.Value.Order < order) _local.Remove(key);
    }

    private void Distrust(string key, long now)
    {
        _floors.Distrust(key, now);
        if (_flights.TryGetValue(key, out var flight)) flight.Tainted = true;
        if (_direct.TryGetValue(key, out var access)) access.Taints++;
        _local.Remove(key);
    }
}
