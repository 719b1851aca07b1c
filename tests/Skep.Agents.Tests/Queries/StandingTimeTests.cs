using Skep.Agents.Queries;

namespace Skep.Agents.Tests.Queries;

/// <summary>What a log tells of the time in which conversations stood still.</summary>
public sealed class StandingTimeTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Pauses_questions_and_changes_of_process_are_times_of_standing_still()
    {
        var span = Span(QueryStatus.Complete, 0, 100, abandoned: false,
            Mark(5, 10, new QueryPaused("ann", "lunch")), Mark(10, 20, new QueryResumed("ann")),
            Mark(25, 30, new ToolAsked(1, 0, "?", false)), Mark(30, 31, new ToolAsked(1, 1, "?", false)), Mark(31, 35, new ToolDecided(1, 0, true, "ann", "")), Mark(35, 40, new ToolDecided(1, 1, true, "ann", "")),
            Mark(50, 60, new QueryRecovered()));
        Assert.Equal([(10, 20), (30, 40), (50, 60)], Seconds(span));
        Assert.Equal(30, StandingTime.Of([span], Start).TotalSeconds);
        Assert.Equal(15, StandingTime.Of([span], Start.AddSeconds(35)).TotalSeconds);
    }

    [Theory]
    [InlineData(QueryStatus.Paused, false, 10, 100)]
    [InlineData(QueryStatus.Paused, true, 10, 100)]
    public void One_that_is_held_now_stands_still_until_now(QueryStatus status, bool abandoned, int from, int to) =>
        Assert.Equal([(from, to)], Seconds(Span(status, 0, 10, abandoned, Mark(5, 10, new QueryPaused("ann", "lunch")))));

    [Fact]
    public void One_that_nobody_works_on_stands_still_since_its_last_event()
    {
        Assert.Equal([(40, 100)], Seconds(Span(QueryStatus.Running, 0, 40, abandoned: true)));
        Assert.Empty(Seconds(Span(QueryStatus.Running, 0, 40, abandoned: false)));
    }

    [Fact]
    public void What_another_one_works_meanwhile_counts()
    {
        var held = Span(QueryStatus.Complete, 0, 100, false, Mark(5, 10, new QueryPaused("ann", "")), Mark(10, 60, new QueryResumed("ann")));
        var works = Span(QueryStatus.Complete, 20, 50, false);
        Assert.Equal(20, StandingTime.Of([held, works], Start).TotalSeconds);
        Assert.Equal(TimeSpan.Zero, StandingTime.Of([works], Start));
        Assert.Equal(TimeSpan.Zero, StandingTime.Of([], Start));
    }

    private static StandingMark Mark(int before, int at, QueryEvent e) => new(Start.AddSeconds(before), Start.AddSeconds(at), e);

    private static QuerySpan Span(QueryStatus status, int begun, int last, bool abandoned, params StandingMark[] marks) => QuerySpan.Of(
        new QueryRow("r/t/1", "r", "p", "t", 1, "a", "a-1", "m", "default", status, Start.AddSeconds(begun), Start.AddSeconds(last), 1, 1, 0, null), marks, Start.AddSeconds(100), abandoned);

    private static IEnumerable<(int, int)> Seconds(QuerySpan span) => span.Still.Select(s => ((int)(s.From - Start).TotalSeconds, (int)(s.To - Start).TotalSeconds));
}
