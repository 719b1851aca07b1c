namespace Skep.Testing;

/// <summary>How a server met a request.</summary>
public enum ExchangeOutcome
{
    /// <summary>A rule answered.</summary>
    Answered,

    /// <summary>A rule answered with a fault that spoils the answer.</summary>
    Faulted,

    /// <summary>Refused: it is not what the wire format asks for, or its key or model is not known.</summary>
    Refused,

    /// <summary>Refused by a rate limit.</summary>
    RateLimited,

    /// <summary>No rule is for it, or the rule could not answer it: a mistake in the script.</summary>
    Unscripted,
}

/// <summary>How far an answer came.</summary>
public enum ExchangeEnd
{
    /// <summary>It is being sent.</summary>
    Open,

    /// <summary>All of it was handed over.</summary>
    Delivered,

    /// <summary>The script broke the connection.</summary>
    Dropped,

    /// <summary>The client went away, or the server was stopped.</summary>
    Abandoned,
}

/// <summary>A request, and what became of it.</summary>
public sealed class Exchange
{
    private readonly ExchangeLog? _log;
    private int _end;

    internal Exchange(ExchangeLog? log) => _log = log;

    /// <summary>Its number: 1 is the first that the model was asked.</summary>
    public long Number { get; internal set; }

    /// <summary>When it came, by the model's clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The request; null when it could not be read.</summary>
    public ModelRequest? Request { get; init; }

    /// <summary>How it was met.</summary>
    public required ExchangeOutcome Outcome { get; init; }

    /// <summary>The HTTP status; 0 when the connection broke before one was sent, or none ever came.</summary>
    public int Status { get; init; }

    /// <summary>The rule that answered; null when none did.</summary>
    public string? Rule { get; init; }

    /// <summary>What was answered, whole, even if a fault let only a part of it through; null when nothing was.</summary>
    public ModelAnswer? Answer { get; init; }

    /// <summary>What the client was told when it was refused; null otherwise.</summary>
    public string? Problem { get; init; }

    /// <summary>How far the answer came.</summary>
    public ExchangeEnd End => (ExchangeEnd)Volatile.Read(ref _end);

    /// <summary>Whether the client has got a whole answer: a turn that is paid for.</summary>
    public bool IsBought => Outcome == ExchangeOutcome.Answered && End == ExchangeEnd.Delivered;

    /// <summary>Says how it ended; only the first word counts.</summary>
    internal void Finish(ExchangeEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, (int)end, (int)ExchangeEnd.Open) == (int)ExchangeEnd.Open) _log?.Ended(this);
    }

    /// <inheritdoc />
    public override string ToString() => $"#{Number} {Outcome} {Status} {End} by {Rule ?? "no rule"}: {Problem ?? Answer?.Text ?? ""}";
}
