using System.Net;

namespace Skep.Testing;

/// <summary>The limiters of a server and its statistics. Thread-safe.</summary>
internal sealed class RateDesk(ScriptLimits limits)
{
    /// <summary>Agents, keys and turns that are told apart; further ones share an entry.</summary>
    public const int MaxCallers = 50_000;

    private const string Others = "(others)";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RateLimiter> _limiters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Caller> _agents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Caller> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refusedTurns = new(StringComparer.Ordinal);
    private long _allowed;
    private long _refused;
    private long _twice;
    private long _early;

    /// <summary>A copy of the statistics.</summary>
    public RateStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new RateStatistics
                {
                    Allowed = _allowed,
                    Refused = _refused,
                    RefusedTwiceInARow = _twice,
                    CameTooEarly = _early,
                    Agents = Copy(_agents),
                    Keys = Copy(_keys),
                };
            }
        }
    }

    /// <summary>Lets a request in or refuses it. Gives how its sender stands then.</summary>
    /// <exception cref="WireRefusal">It is refused.</exception>
    public RateStanding Enter(ModelRequest request, DateTimeOffset now)
    {
        lock (_gate)
        {
            var limiter = Limiter(request);
            var verdict = limiter.Enter(now, limits.Tokens is null ? 0 : request.InputTokens);
            Count(request, now, verdict);
            var standing = limiter.Standing(now);
            return verdict.IsIn ? standing : throw Refusal(verdict.RetryAfter, standing);
        }
    }

    /// <summary>Counts an answer.</summary>
    public void Spend(ModelRequest request, DateTimeOffset now, ModelUsage usage)
    {
        if (limits.Tokens is null) return;
        lock (_gate) Limiter(request).Spend(now, Math.Max(0, usage.Total - request.InputTokens));
    }

    private void Count(ModelRequest request, DateTimeOffset now, RateVerdict verdict)
    {
        var (agent, key) = (Find(_agents, request.Agent ?? ""), Find(_keys, request.ApiKey ?? ""));
        if (now < agent.NotBefore) _early++;
        agent.NotBefore = verdict.RetryAfter is { } wait ? now + wait : DateTimeOffset.MinValue;
        agent.Count(verdict.IsIn);
        key.Count(verdict.IsIn);
        if (verdict.IsIn) _allowed++;
        else _refused++;
        var turn = $"{request.Agent}/{request.Prefix}";
        if (verdict.IsIn) _refusedTurns.Remove(turn);
        else if (_refusedTurns.Contains(turn)) _twice++;
        else if (_refusedTurns.Count < MaxCallers) _refusedTurns.Add(turn);
    }

    private WireRefusal Refusal(TimeSpan? retryAfter, RateStanding standing)
    {
        var limit = string.Join(" and ", new[] { limits.Requests is { } r ? $"{r} requests" : null, limits.Tokens is { } t ? $"{t} tokens" : null }.OfType<string>());
        var advice = retryAfter is { } wait ? $"Please try again in {wait.TotalSeconds:0.###}s." : "The request alone is larger than that.";
        return new WireRefusal((int)HttpStatusCode.TooManyRequests, "rate_limit_error", $"Rate limit reached: {limit} in {limits.Window.TotalSeconds:0.###}s. {advice}")
        {
            Code = "rate_limit_exceeded",
            RetryAfter = retryAfter,
            Standing = standing,
        };
    }

    private RateLimiter Limiter(ModelRequest request)
    {
        var name = limits.Per switch { RateScope.Key => request.ApiKey ?? "", RateScope.Agent => request.Agent ?? "", _ => "" };
        if (!_limiters.ContainsKey(name) && _limiters.Count >= MaxCallers) name = Others;
        if (!_limiters.TryGetValue(name, out var limiter)) _limiters[name] = limiter = new RateLimiter(limits);
        return limiter;
    }

    private static Caller Find(Dictionary<string, Caller> callers, string name)
    {
        if (!callers.ContainsKey(name) && callers.Count >= MaxCallers) name = Others;
        if (!callers.TryGetValue(name, out var caller)) callers[name] = caller = new Caller();
        return caller;
    }

    private static Dictionary<string, CallerStatistics> Copy(Dictionary<string, Caller> callers) =>
        callers.ToDictionary(c => c.Key, c => new CallerStatistics(c.Value.Allowed, c.Value.Refused, c.Value.LongestRow), StringComparer.Ordinal);

    private sealed class Caller
    {
        private int _row;

        public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.MinValue;

        public long Allowed { get; private set; }

        public long Refused { get; private set; }

        public int LongestRow { get; private set; }

        public void Count(bool isIn)
        {
            if (isIn) Allowed++;
            else Refused++;
            _row = isIn ? 0 : _row + 1;
            LongestRow = Math.Max(LongestRow, _row);
        }
    }
}
