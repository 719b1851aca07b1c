namespace Skep.Models.Limits;

/// <summary>
/// What counts as used of a provider's minute.
/// <para>
/// Requests count from when they go for one minute and the time of delivery. Tokens count from when a call goes (as reserved) until one minute after it is over (as
/// they were): some providers count output when it is asked for, some when it is made, and between the two lies the whole call.
/// </para>
/// <para>
/// Why that is strict enough. If no interval of one minute, at the provider, holds more than N, then a provider that counts by sliding minute refuses nothing, and one that
/// counts by the minutes of its clock neither, as those are such intervals. A token bucket of N that refills by N a minute refuses nothing if every interval of length t holds at
/// most N + N·t/minute; ours holds at most N for each minute begun, N·(⌊t/minute⌋ + 1), which is no more. Delivery: if a request is counted at the provider between 0 and d after it
/// went, two requests that are at least a minute and d apart here are at least a minute apart there. A bucket that holds less than a minute's worth may refuse a burst; the
/// <see cref="Pace"/> that is learned from this then spreads requests evenly, which every bucket takes.
/// </para>
/// </summary>
internal sealed class MinuteWindow(TimeSpan delivery)
{
    /// <summary>The minute.</summary>
    internal static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Entries that are remembered of each kind; beyond it the oldest is forgotten.</summary>
    internal const int MostEntries = GateLimits.MostRequestsPerMinute;

    private readonly TimeSpan _length = Minute + delivery;
    private readonly Queue<RateTicket> _requests = [];
    private readonly Queue<(TimeSpan Over, long Tokens)> _settled = [];
    private long _settledTokens;

    /// <summary>Requests that count.</summary>
    public int Requests { get; private set; }

    /// <summary>Tokens that count: of calls in flight and of those that are over.</summary>
    public long Tokens => InFlightTokens + _settledTokens;

    private long InFlightTokens { get; set; }

    /// <summary>When the next request leaves; null when none counts.</summary>
    public TimeSpan? NextRequestLeaves => _requests.TryPeek(out var first) ? first.Start + _length : null;

    /// <summary>When the next tokens leave, if no call in flight ends before; null when only calls in flight count.</summary>
    public TimeSpan? NextTokensLeave => _settled.TryPeek(out var first) ? first.Over + _length : null;

    /// <summary>A call goes.</summary>
    public void Start(RateTicket ticket)
    {
        ticket.Counts = true;
        _requests.Enqueue(ticket);
        Requests++;
        InFlightTokens += ticket.Tokens;
        if (_requests.Count > MostEntries) Drop();
    }

    /// <summary>A call is over; it took so many tokens.</summary>
    public void Settle(RateTicket ticket, long tokens, TimeSpan now)
    {
        InFlightTokens -= ticket.Tokens;
        if (tokens <= 0) return;
        if (_settled.Count >= MostEntries) _settledTokens -= _settled.Dequeue().Tokens;
        _settled.Enqueue((now, tokens));
        _settledTokens += tokens;
    }

    /// <summary>A call was refused: the provider does not count it.</summary>
    public void Refuse(RateTicket ticket)
    {
        InFlightTokens -= ticket.Tokens;
        if (!ticket.Counts) return;
        ticket.Counts = false;
        Requests--;
    }

    /// <summary>Forgets what does not count any more.</summary>
    public void MoveTo(TimeSpan now)
    {
        while (_requests.TryPeek(out var first) && (!first.Counts || first.Start + _length <= now)) Drop();
        while (_settled.TryPeek(out var first) && first.Over + _length <= now) _settledTokens -= _settled.Dequeue().Tokens;
    }

    private void Drop()
    {
        var ticket = _requests.Dequeue();
        if (ticket.Counts) Requests--;
        ticket.Counts = false;
    }
}
