using Skep.Models.Limits;

namespace Skep.Models.Tests.Limits;

/// <summary>Random inputs to a scheduler from a seed, with everything that must hold looked at after each.</summary>
internal sealed class SchedulerStory
{
    private readonly int _seed;
    private readonly Random _random;
    private readonly GateLimits _limits;
    private readonly RateScheduler _scheduler;
    private readonly List<RateTicket> _waiting = [];
    private readonly List<RateTicket> _inFlight = [];
    private readonly List<TimeSpan> _starts = [];
    private readonly List<(TimeSpan Over, long Tokens)> _over = [];
    private TimeSpan _now;

    public SchedulerStory(int seed)
    {
        (_seed, _random) = (seed, new Random(seed));
        _limits = new(Maybe(_random.Next(1, 20)), Maybe(_random.Next(50, 500)), Maybe(_random.Next(1, 8)));
        _scheduler = new(new GateOptions { Limits = _limits, MaxWaiting = 50, Seed = seed });
    }

    public void Play(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Act(_random.Next(10));
            Go();
        }
    }

    /// <summary>From here on the provider serves everybody: then all get their turn.</summary>
    public void End()
    {
        for (var i = 0; _waiting.Count > 0; i++)
        {
            Check(i < 10_000, "somebody never gets a turn");
            while (_inFlight.Count > 0) Settle(t => Done(t, t.Tokens));
            var next = _scheduler.NextStart(_now);
            Check(next != RateScheduler.Never, "calls wait, none is in flight, and nobody will look again");
            _now = next > _now ? next : _now;
            Go();
        }
    }

    private void Act(int what)
    {
        switch (what)
        {
            case < 4:
                var ticket = new RateTicket($"agent-{_random.Next(6)}", _random.Next(1, 100));
                if (_scheduler.Ask(ticket)) _waiting.Add(ticket);
                else Check(_waiting.Count == 50, "a place is free and was not given");
                break;
            case 4 when _waiting.Count > 0:
                var given = _waiting[_random.Next(_waiting.Count)];
                Check(_scheduler.Cancel(given), "a waiting call can be cancelled");
                _waiting.Remove(given);
                break;
            case 5 when _random.Next(4) == 0:
                Settle(t => _scheduler.Refused(t, _random.Next(2) == 0 ? null : Seconds(20), _now));
                break;
            case 6 when _random.Next(3) == 0:
                Settle(t =>
                {
                    _over.Add((_now, t.Tokens));
                    _scheduler.Failed(t, _now);
                });
                break;
            case 5 or 6 or 7:
                Settle(t => Done(t, _random.Next((int)t.Tokens + 1)));
                break;
            default:
                _now += Seconds(10);
                break;
        }
    }

    private void Go()
    {
        while (_scheduler.Next(_now) is { } ticket)
        {
            Check(_scheduler.HeldUntil <= _now, "somebody went during a hold");
            Check(_waiting.First(t => t.Agent == ticket.Agent) == ticket, "an agent's calls changed their order");
            var others = _inFlight.Sum(t => t.Tokens) + _over.Where(o => o.Over > _now - TimeSpan.FromSeconds(61)).Sum(o => o.Tokens);
            Check(others == 0 || !(others + ticket.Tokens > _limits.TokensPerMinute), "too many tokens in a minute");
            _waiting.Remove(ticket);
            _inFlight.Add(ticket);
            _starts.Add(_now);
        }

        Check(!(_inFlight.Count > _limits.MaxInFlight), "too many in flight");
        Check(_scheduler.Waiting == _waiting.Count && _scheduler.InFlight == _inFlight.Count, "the scheduler lost count");
        Check(_waiting.Count == 0 || _inFlight.Count > 0 || _scheduler.NextStart(_now) != RateScheduler.Never, "nobody will look again");
        // Refused requests count at no provider; they are left out when they are refused.
        Check(!(_starts.Count(s => s > _now - TimeSpan.FromSeconds(61)) > _limits.RequestsPerMinute), "too many requests in a minute");
    }

    private void Settle(Action<RateTicket> how)
    {
        if (_inFlight.Count == 0) return;
        var ticket = _inFlight[_random.Next(_inFlight.Count)];
        _inFlight.Remove(ticket);
        how(ticket);
        if (!ticket.Counts && !ticket.Answered) _starts.Remove(ticket.Start);
    }

    private void Done(RateTicket ticket, long tokens)
    {
        _over.Add((_now, tokens));
        _scheduler.Done(ticket, tokens, _now);
    }

    private void Check(bool holds, string what) => Assert.True(holds, $"{what} (seed {_seed})");

    private TimeSpan Seconds(double most) => TimeSpan.FromSeconds(most * _random.NextDouble());

    private int? Maybe(int value) => _random.Next(3) == 0 ? null : value;
}
