namespace Skep.Models.Limits;

/// <summary>
/// Who may call a provider, and when: a state machine without clock, threads or I/O. Time is what the caller says, from any start; it never goes back.
/// <code>
///            refused                     time, and somebody asks
///   open ──────────────► held until T ──────────────────────────► probing (one call)
///    ▲                        ▲                                      │ refused, failed or given up
///    │                        └──────────────────────────────────────┤
///    └───────────────────────────────────────────────────────────────┘ let in
/// </code>
/// Whoever is next by the <see cref="FairQueue"/> goes as soon as the <see cref="MinuteWindow"/> and the <see cref="Pace"/> have room; nobody
/// who needs less goes before it, or large calls would wait for ever.
/// </summary>
internal sealed class RateScheduler
{
    /// <summary>When there is nothing to look at again before another input.</summary>
    internal static readonly TimeSpan Never = TimeSpan.MaxValue;

    /// <summary>Cost of a call in virtual time while no limit is known.</summary>
    private const double UnlimitedCost = 1.0 / 60;

    private readonly GateOptions _options;
    private readonly FairQueue _queue = new();
    private readonly MinuteWindow _window;
    private readonly Pace _pace = new();
    private readonly Backoff _backoff;
    private readonly HintedUse _requestHint = new();
    private readonly HintedUse _tokenHint = new();

    private SchedulerPhase _phase;
    private RateTicket? _probe;
    private TimeSpan _heldUntil = TimeSpan.MinValue;
    private TimeSpan _lastRefusal = TimeSpan.MinValue;
    private TimeSpan _lastStart = TimeSpan.MinValue;

    public RateScheduler(GateOptions options)
    {
        _options = options;
        _window = new MinuteWindow(options.Delivery);
        _backoff = new Backoff(options.FirstBackoff, options.LongestBackoff, options.Seed);
    }

    /// <summary>Calls that wait.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Calls at the provider.</summary>
    public int InFlight { get; private set; }

    /// <summary>The rate that refusals taught, in requests a minute; null: as the limits allow.</summary>
    public double? PacedAt => _pace.Rate;

    /// <summary>Nobody goes before; in the past when nothing holds.</summary>
    public TimeSpan HeldUntil => _heldUntil;

    /// <summary>Limit of requests a minute that is kept: the lower of the configured one and the provider's own word.</summary>
    public int? RequestLimit => (int?)Lower(_options.Limits.RequestsPerMinute, _requestHint.Limit is > GateLimits.MostRequestsPerMinute ? null : _requestHint.Limit);

    /// <summary>Limit of tokens a minute that is kept.</summary>
    public long? TokenLimit => Lower(_options.Limits.TokensPerMinute, _tokenHint.Limit);

    /// <summary>A call asks for a turn. False: the waiting list is full, and it is not on it.</summary>
    public bool Ask(RateTicket ticket)
    {
        if (_queue.Count >= _options.MaxWaiting) return false;
        _queue.Add(ticket);
        ticket.State = TicketState.Waiting;
        return true;
    }

    /// <summary>A waiting call gives up. False: it does not wait (any more).</summary>
    public bool Cancel(RateTicket ticket)
    {
        if (ticket.State != TicketState.Waiting) return false;
        _queue.Remove(ticket);
        ticket.State = TicketState.Over;
        return true;
    }

    /// <summary>The next call that may go now, and is taken to have gone; null: nobody. Ask until null.</summary>
    public RateTicket? Next(TimeSpan now)
    {
        if (NextStart(now) > now || Candidate is not { } ticket) return null;
        _queue.Take(ticket, CostOf(ticket.Tokens));
        _window.Start(ticket);
        (ticket.State, ticket.Start, _lastStart) = (TicketState.InFlight, now, now);
        InFlight++;
        if (_phase == SchedulerPhase.Held) (_phase, _probe) = (SchedulerPhase.Probing, ticket);
        return ticket;
    }

    /// <summary>When to ask <see cref="Next"/> again if nothing else happens before: now or earlier when somebody may go, else <see cref="Never"/>.</summary>
    public TimeSpan NextStart(TimeSpan now)
    {
        _window.MoveTo(now);
        if (Candidate is not { } ticket || _phase == SchedulerPhase.Probing || InFlight >= _options.Limits.MaxInFlight) return Never;
        // A probe goes when the provider said that it may, whatever the pace.
        var paced = _phase == SchedulerPhase.Held || _lastStart == TimeSpan.MinValue ? TimeSpan.MinValue : _lastStart + _pace.Spacing;
        return Max(Max(_heldUntil, paced), Max(RequestRoom(now), TokenRoom(ticket, now)));
    }

    /// <summary>The provider has let a call in: it answers.</summary>
    public void Answering(RateTicket ticket, TimeSpan now)
    {
        if (ticket.State != TicketState.InFlight || ticket.Answered) return;
        ticket.Answered = true;
        if (ticket == _probe) Open();
        if (ticket.Start > _lastRefusal) _pace.LetIn(RequestLimit, now);
    }

    /// <summary>A call was answered.</summary>
    /// <param name="ticket">Which.</param>
    /// <param name="tokens">Tokens that it took; null: as was reserved.</param>
    /// <param name="now">The time.</param>
    public void Done(RateTicket ticket, long? tokens, TimeSpan now)
    {
        Answering(ticket, now);
        Over(ticket, tokens ?? ticket.Tokens, now);
    }

    /// <summary>A call came to nothing, for a reason that is not the provider's rate. What was reserved counts as used.</summary>
    public void Failed(RateTicket ticket, TimeSpan now)
    {
        Over(ticket, ticket.Tokens, now);
        if (ticket == _probe) HoldForProbe(now);
    }

    /// <summary>The provider refused a call because of its rate, or its load. Nobody goes before it asks to be tried again; then one goes alone.</summary>
    /// <param name="ticket">Which.</param>
    /// <param name="retryAfter">How long the provider asks to wait; null: it did not say.</param>
    /// <param name="now">The time.</param>
    /// <param name="isRate">Whether it is our rate that was too high; a provider that is overloaded says nothing about that.</param>
    public void Refused(RateTicket ticket, TimeSpan? retryAfter, TimeSpan now, bool isRate = true)
    {
        if (!Land(ticket)) return;
        _window.Refuse(ticket);
        _queue.Refund(ticket);
        _window.MoveTo(now);
        if (isRate) Teach(ticket, now);
        if (_phase == SchedulerPhase.Open || ticket == _probe) _backoff.Longer();
        var wait = retryAfter is { } asked && _backoff.Refusals <= 1 ? asked : Max(retryAfter ?? TimeSpan.Zero, _backoff.Wait());
        if (_phase == SchedulerPhase.Open || ticket == _probe || retryAfter is not null) HoldForProbe(now + Min(wait, _options.LongestHold), ticket);
    }

    /// <summary>Nobody goes before a time; then one goes alone.</summary>
    public void HoldForProbe(TimeSpan until)
    {
        _heldUntil = Max(_heldUntil, until);
        (_phase, _probe) = (SchedulerPhase.Held, null);
    }

    /// <summary>All that wait, in turn; they wait no more.</summary>
    public IReadOnlyList<RateTicket> Drain()
    {
        var all = new List<RateTicket>(_queue.Count);
        while (_queue.Head is { } ticket)
        {
            Cancel(ticket);
            all.Add(ticket);
        }

        return all;
    }

    /// <summary>Takes in what the provider says of its limits: the limits hold from now on, and what others used of them counts until they are reset.</summary>
    public void Learn(RateHint requests, RateHint tokens, TimeSpan now)
    {
        _window.MoveTo(now);
        _requestHint.Learn(requests, _window.Requests, now);
        _tokenHint.Learn(tokens, _window.Tokens, now);
    }

    // A probe is a question that may be refused again: it is asked by somebody who was not refused just before, if there is one.
    private RateTicket? Candidate => _phase == SchedulerPhase.Held && _backoff.Refusals > 0 ? _queue.FreshHead : _queue.Head;

    private TimeSpan RequestRoom(TimeSpan now)
    {
        if (RequestLimit is not { } limit || _window.Requests + _requestHint.UsedElsewhere(now) < limit) return TimeSpan.MinValue;
        return Earlier(_window.NextRequestLeaves, _requestHint.Ends(now));
    }

    private TimeSpan TokenRoom(RateTicket ticket, TimeSpan now)
    {
        if (TokenLimit is not { } limit) return TimeSpan.MinValue;
        // A call that alone is more than the limit goes when nothing else counts.
        if (_window.Tokens + _tokenHint.UsedElsewhere(now) + Math.Min(ticket.Tokens, limit) <= limit) return TimeSpan.MinValue;
        return Earlier(_window.NextTokensLeave, _tokenHint.Ends(now));
    }

    /// <summary>A call costs its agent the share of the provider's minute that it takes, of the scarcer resource.</summary>
    private double CostOf(long tokens)
    {
        var ofRequests = RequestLimit is { } requests ? 1.0 / requests : 0;
        var ofTokens = TokenLimit is { } limit ? (double)tokens / limit : 0;
        return Math.Max(ofRequests, ofTokens) is var cost and > 0 ? cost : UnlimitedCost;
    }

    private void Over(RateTicket ticket, long tokens, TimeSpan now)
    {
        if (!Land(ticket)) return;
        _window.Settle(ticket, tokens, now);
        _queue.Settle(ticket, TokenLimit is null ? ticket.Charged : CostOf(tokens));
    }

    private bool Land(RateTicket ticket)
    {
        if (ticket.State != TicketState.InFlight) return false;
        ticket.State = TicketState.Over;
        InFlight--;
        return true;
    }

    private void Teach(RateTicket ticket, TimeSpan now)
    {
        if (ticket.Start > _lastRefusal) Learn(ticket, now);
        else if (ticket.Start > _lastRefusal - MinuteWindow.Minute) _pace.AlsoRefused(now);
    }

    private void Learn(RateTicket ticket, TimeSpan now)
    {
        // A refused probe says that it was too early, not that the rate is too high: nothing else was sent.
        if (ticket != _probe) _pace.Refused(_window.Requests, now);
        _lastRefusal = now;
    }

    private void HoldForProbe(TimeSpan until, RateTicket refused)
    {
        _heldUntil = Max(_heldUntil, until);
        // A call from before the hold tells nothing of a probe that is under way.
        if (_phase != SchedulerPhase.Probing || refused == _probe) (_phase, _probe) = (SchedulerPhase.Held, null);
    }

    private void Open()
    {
        (_phase, _probe) = (SchedulerPhase.Open, null);
        _backoff.Reset();
    }

    private static long? Lower(long? a, long? b) => a is { } x && b is { } y ? Math.Min(x, y) : a ?? b;

    private static TimeSpan Earlier(TimeSpan? a, TimeSpan? b) => Min(a ?? Never, b ?? Never);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

/// <summary>Whether calls go.</summary>
internal enum SchedulerPhase
{
    /// <summary>As limits and pace allow.</summary>
    Open,

    /// <summary>None before a time; then one.</summary>
    Held,

    /// <summary>One is at the provider; the others wait for what becomes of it.</summary>
    Probing,
}
