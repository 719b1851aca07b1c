using Skep.Orchestration;

namespace Skep.Agents.Queries;

/// <summary>Shows a query's progress to those who watch the run, and tells the queen what it has used.</summary>
internal sealed class QueryWatch(IAttemptContext context)
{
    /// <summary>Least time between two lines of progress.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long _last = long.MinValue;

    /// <summary>A piece has come.</summary>
    public void Piece(TurnBuilder builder)
    {
        var now = context.Time.GetTimestamp();
        if (_last != long.MinValue && context.Time.GetElapsedTime(_last, now) < Pause) return;
        _last = now;
        if (builder.LastLine() is { Length: > 0 } line) context.Progress(line);
    }

    /// <summary>A person is waited for.</summary>
    public void Waiting(string question) => context.Progress(ChatExecutor.WaitingWord + question);

    /// <summary>A model has answered.</summary>
    public void Answered(QueryState state) => context.Used(UsageOf(state));

    /// <summary>What a query has used so far.</summary>
    public static AttemptUsage UsageOf(QueryState state) => new(state.Tokens.Total + state.UnsureTokens, (double)state.Usd, state.Turns);
}
