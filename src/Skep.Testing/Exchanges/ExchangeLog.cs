namespace Skep.Testing;

/// <summary>
/// The exchanges of a model, oldest first: thread-safe, and bounded. Requests are forgotten oldest first beyond <see cref="MaxExchanges"/> or <see cref="MaxBytes"/>;
/// counts of turns and of idempotency keys are not, up to <see cref="MaxCounts"/> of each.
/// </summary>
public sealed class ExchangeLog
{
    /// <summary>Turns, and idempotency keys, that are counted.</summary>
    public const int MaxCounts = 200_000;

    private readonly Lock _gate = new();
    private readonly Queue<Exchange> _kept = new();
    private readonly Dictionary<TurnKey, TurnCount> _turns = [];
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private long _bytes;
    private long _total;

    internal ExchangeLog(int maxExchanges, long maxBytes) => (MaxExchanges, MaxBytes) = (maxExchanges, maxBytes);

    /// <summary>Exchanges that are kept.</summary>
    public int MaxExchanges { get; }

    /// <summary>Bytes of request bodies that are kept.</summary>
    public long MaxBytes { get; }

    /// <summary>Exchanges that are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _kept.Count;
        }
    }

    /// <summary>All exchanges that there were, forgotten ones included.</summary>
    public long Total
    {
        get
        {
            lock (_gate) return _total;
        }
    }

    /// <summary>A copy of what is kept, oldest first.</summary>
    public IReadOnlyList<Exchange> All()
    {
        lock (_gate) return [.. _kept];
    }

    /// <summary>What one agent asked, oldest first.</summary>
    public IReadOnlyList<Exchange> Of(string agent) => [.. All().Where(e => e.Request?.Agent == agent)];

    /// <summary>How often each turn was asked for and bought. The order is not defined.</summary>
    public IReadOnlyList<TurnCount> Turns()
    {
        lock (_gate) return [.. _turns.Values.Where(t => t.Asked > 0)];
    }

    /// <summary>How often the turn was asked for that this conversation stands before.</summary>
    /// <param name="prefix">See <see cref="ModelRequest.Prefix"/>.</param>
    /// <param name="agent">Who asked; null: nobody said.</param>
    public TurnCount TurnsAt(string prefix, string? agent = null)
    {
        lock (_gate) return _turns.GetValueOrDefault(new TurnKey(agent, prefix)) ?? new TurnCount(agent, prefix, 0, 0, 0);
    }

    /// <summary>
    /// Turns that were completed and then bought again: asked for after the same agent had already sent a conversation that builds on their answer. Empty
    /// is what a durable agent shows. Agents that are not told apart (<see cref="ModelRequest.Agent"/>) must differ in their texts.
    /// </summary>
    public IReadOnlyList<TurnCount> BoughtTwice() => [.. Turns().Where(t => t.AskedAfterCompletion > 0)];

    /// <summary>How often each <c>Idempotency-Key</c> was sent.</summary>
    public IReadOnlyDictionary<string, int> ByIdempotencyKey()
    {
        lock (_gate) return new Dictionary<string, int>(_keys, StringComparer.Ordinal);
    }

    internal void Add(Exchange exchange)
    {
        lock (_gate)
        {
            exchange.Number = ++_total;
            _kept.Enqueue(exchange);
            _bytes += Size(exchange);
            while (_kept.Count > MaxExchanges || _bytes > MaxBytes && _kept.Count > 1) _bytes -= Size(_kept.Dequeue());
            if (exchange.Request is { } request) CountRequest(request);
        }
    }

    internal void Ended(Exchange exchange)
    {
        if (!exchange.IsBought) return;
        lock (_gate) Change(exchange.Request!.Agent, exchange.Request.Prefix, t => t with { Bought = t.Bought + 1 });
    }

    private void CountRequest(ModelRequest request)
    {
        if (request.IdempotencyKey is { } key && (_keys.ContainsKey(key) || _keys.Count < MaxCounts)) _keys[key] = _keys.GetValueOrDefault(key) + 1;
        foreach (var earlier in request.EarlierPrefixes) Change(request.Agent, earlier, t => t with { IsCompleted = true });
        Change(request.Agent, request.Prefix, t => t with { Asked = t.Asked + 1, AskedAfterCompletion = t.AskedAfterCompletion + (t.IsCompleted ? 1 : 0) });
    }

    private void Change(string? agent, string prefix, Func<TurnCount, TurnCount> change)
    {
        var key = new TurnKey(agent, prefix);
        var known = _turns.TryGetValue(key, out var count);
        if (!known && _turns.Count >= MaxCounts) return;
        _turns[key] = change(count ?? new TurnCount(agent, prefix, 0, 0, 0));
    }

    private static long Size(Exchange exchange) => exchange.Request?.Body.Length ?? 0;

    private readonly record struct TurnKey(string? Agent, string Prefix);
}

/// <summary>How often a turn of a conversation was asked for.</summary>
/// <param name="Agent">Who asked; null: nobody said.</param>
/// <param name="Prefix">The conversation before it.</param>
/// <param name="Asked">Requests for it, refused ones included.</param>
/// <param name="Bought">Whole answers that were handed over.</param>
/// <param name="AskedAfterCompletion">Requests for it after a longer conversation had been sent that holds its answer.</param>
public sealed record TurnCount(string? Agent, string Prefix, int Asked, int Bought, int AskedAfterCompletion)
{
    /// <summary>Whether a conversation was sent that holds its answer.</summary>
    public bool IsCompleted { get; init; }
}
