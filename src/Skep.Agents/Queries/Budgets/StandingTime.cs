namespace Skep.Agents.Queries;

/// <summary>A conversation's time.</summary>
/// <param name="Row">The query.</param>
/// <param name="Begun">When it began.</param>
/// <param name="Until">When it was over, or what is looked at ends.</param>
/// <param name="Still">When it stood still: held, waiting for a person, or without a process that works on it.</param>
internal sealed record QuerySpan(QueryRow Row, DateTimeOffset Begun, DateTimeOffset Until, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Still)
{
    /// <summary>What a log tells.</summary>
    /// <param name="row">The query.</param>
    /// <param name="marks">Its pauses, questions to persons and changes of process, in order, each with the time of the event before it.</param>
    /// <param name="now">When what is looked at ends.</param>
    /// <param name="abandoned">Whether nobody works on those that are open: then they stand still since their last event.</param>
    public static QuerySpan Of(QueryRow row, IEnumerable<StandingMark> marks, DateTimeOffset now, bool abandoned)
    {
        var open = row.Status is QueryStatus.Init or QueryStatus.Running or QueryStatus.Paused || row.Last > now;
        var until = open ? now : row.Last;
        var still = new List<(DateTimeOffset, DateTimeOffset)>();
        var (held, asked) = (false, 0);
        DateTimeOffset? since = null;
        foreach (var mark in marks.TakeWhile(m => m.At <= until))
        {
            if (mark.Event is QueryRecovered && since is null) still.Add((mark.Before, mark.At));
            held = mark.Event switch { QueryPaused => true, QueryResumed => false, _ => held };
            asked += mark.Event switch { ToolAsked => 1, ToolDecided => -1, _ => 0 };
            Turn(held || asked > 0, mark.At);
        }

        if (open && abandoned) Turn(true, row.Last < now ? row.Last : now);
        Turn(false, until);
        return new QuerySpan(row, row.Begun, until, still);

        void Turn(bool stands, DateTimeOffset at)
        {
            if (stands) since ??= at;
            else if (since is { } from)
            {
                still.Add((from, at));
                since = null;
            }
        }
    }
}

/// <summary>An event that may begin or end a time in which a query stands still.</summary>
/// <param name="Before">When the event before it was.</param>
/// <param name="At">When it was.</param>
/// <param name="Event">The event.</param>
internal sealed record StandingMark(DateTimeOffset Before, DateTimeOffset At, QueryEvent Event);

/// <summary>Time that budgets do not count.</summary>
internal static class StandingTime
{
    /// <summary>How long some of the conversations stood still and none worked.</summary>
    /// <param name="spans">The conversations.</param>
    /// <param name="from">What was before is not looked at.</param>
    public static TimeSpan Of(IEnumerable<QuerySpan> spans, DateTimeOffset from)
    {
        var moves = new List<(DateTimeOffset At, int Working, int Standing)>();
        foreach (var span in spans)
        {
            moves.Add((span.Begun, 1, 0));
            moves.Add((span.Until, -1, 0));
            foreach (var (begin, end) in span.Still)
            {
                moves.Add((begin, -1, 1));
                moves.Add((end, 1, -1));
            }
        }

        var (sum, last, working, standing) = (TimeSpan.Zero, from, 0, 0);
        foreach (var move in moves.OrderBy(m => m.At))
        {
            var at = move.At > from ? move.At : from;
            if (standing > 0 && working == 0) sum += at - last;
            (last, working, standing) = (at, working + move.Working, standing + move.Standing);
        }

        return sum;
    }
}
