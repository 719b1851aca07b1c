namespace Skep.Testing;

/// <summary>
/// Counts requests and tokens over a sliding window. All is exact: what was let in at a moment falls out of the window exactly one window later, and a
/// refusal says when there will be room.
/// </summary>
internal sealed class RateLimiter(ScriptLimits limits)
{
    /// <summary>Moments that are told apart in a window; more of them are counted at the latest.</summary>
    public const int MaxMoments = 100_000;

    private readonly LinkedList<Moment> _moments = new();
    private int _requests;
    private long _tokens;

    /// <summary>What is left, and when all is allowed again.</summary>
    public RateStanding Standing(DateTimeOffset now)
    {
        Slide(now);
        var reset = _moments.Last is { } last ? last.Value.At + limits.Window : now;
        return new RateStanding(limits.Requests, limits.Requests - _requests, limits.Tokens, limits.Tokens is { } tokens ? Math.Max(0, tokens - _tokens) : null, now, reset);
    }

    /// <summary>Lets a request in, or says when it may come again.</summary>
    /// <param name="now">The time; never earlier than last time.</param>
    /// <param name="tokens">Tokens of its input.</param>
    public RateVerdict Enter(DateTimeOffset now, long tokens)
    {
        if (limits is { Requests: null, Tokens: null }) return RateVerdict.Enter;
        Slide(now);
        if (limits.Tokens < tokens) return RateVerdict.TooLarge;
        if (limits.Requests < 1) return RateVerdict.After(limits.Window);
        if (WaitFor(now, tokens) is { } wait) return RateVerdict.After(wait);
        Count(now, 1, tokens);
        return RateVerdict.Enter;
    }

    /// <summary>Counts tokens of an answer.</summary>
    public void Spend(DateTimeOffset now, long tokens)
    {
        if (limits.Tokens is not null) Count(now, 0, tokens);
    }

    /// <summary>Time until the request fits; null when it does.</summary>
    private TimeSpan? WaitFor(DateTimeOffset now, long tokens)
    {
        var (requests, used) = (_requests, _tokens);
        TimeSpan? wait = null;
        for (var moment = _moments.First; !Fits(requests, used, tokens) && moment is not null; moment = moment.Next)
        {
            requests -= moment.Value.Requests;
            used -= moment.Value.Tokens;
            wait = moment.Value.At + limits.Window - now;
        }

        return wait;
    }

    private bool Fits(int requests, long used, long tokens) => !(requests >= limits.Requests) && !(used + tokens > limits.Tokens);

    private void Slide(DateTimeOffset now)
    {
        while (_moments.First is { } first && first.Value.At + limits.Window <= now)
        {
            _requests -= first.Value.Requests;
            _tokens -= first.Value.Tokens;
            _moments.RemoveFirst();
        }
    }

    private void Count(DateTimeOffset now, int requests, long tokens)
    {
        (_requests, _tokens) = (_requests + requests, _tokens + tokens);
        if (_moments.Last is { } last && (last.Value.At >= now || _moments.Count >= MaxMoments))
        {
            last.Value = new Moment(last.Value.At > now ? last.Value.At : now, last.Value.Requests + requests, last.Value.Tokens + tokens);
            return;
        }

        _moments.AddLast(new Moment(now, requests, tokens));
    }

    private readonly record struct Moment(DateTimeOffset At, int Requests, long Tokens);
}

/// <summary>How somebody stands with a limit.</summary>
/// <param name="Requests">Requests that are allowed in a window; null: there is no limit.</param>
/// <param name="RequestsLeft">Those that are left.</param>
/// <param name="Tokens">Tokens that are allowed in a window; null: there is no limit.</param>
/// <param name="TokensLeft">Those that are left.</param>
/// <param name="Now">The time.</param>
/// <param name="Reset">When all are allowed again.</param>
internal sealed record RateStanding(long? Requests, long? RequestsLeft, long? Tokens, long? TokensLeft, DateTimeOffset Now, DateTimeOffset Reset);

/// <summary>What a limiter says.</summary>
/// <param name="IsIn">Whether the request may pass.</param>
/// <param name="RetryAfter">When there will be room, if it may not; null: never.</param>
internal readonly record struct RateVerdict(bool IsIn, TimeSpan? RetryAfter)
{
    public static RateVerdict Enter => new(true, null);

    public static RateVerdict TooLarge => new(false, null);

    public static RateVerdict After(TimeSpan wait) => new(false, wait);
}
