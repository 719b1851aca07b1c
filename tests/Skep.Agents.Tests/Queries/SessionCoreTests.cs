using Skep.Agents.Queries;
using Skep.Plans;

namespace Skep.Agents.Tests.Queries;

/// <summary>Queries of coding agents: what ought to happen to their programs, and what counts.</summary>
public sealed class SessionCoreTests
{
    private static QueryState Fold(params IReadOnlyList<QueryEvent> events)
    {
        var state = new QueryState();
        foreach (var e in events) QueryCore.Apply(state, e, default);
        return state;
    }

    private static readonly QueryStarted Begun = new("coder-1", "test/old", [], PermissionModes.Default, "", "prompt", [], 0, null) { Kind = ExecutorKinds.CodingCli };

    private static SessionOpened Opened(int number = 1, string model = "test/old") => new(number, "session", model, PermissionModes.Default, number > 1);

    private static readonly ModelChanged Change = new("test/old", "test/new", "ann", "asked for");

    [Fact]
    public void A_program_is_started_unless_the_query_is_held()
    {
        Assert.Equal(SessionStep.Start, QueryCore.NextOfSession(Fold(Begun), held: false, settled: false));
        Assert.Equal(SessionStep.Stay, QueryCore.NextOfSession(Fold(Begun, new QueryPaused("ann", "")), held: true, settled: false));
        Assert.Equal(SessionStep.Start, QueryCore.NextOfSession(Fold(Begun, Opened(), new SessionClosed("")), held: false, settled: false));
        Assert.Equal(SessionStep.Stay, QueryCore.NextOfSession(Fold(Begun, Opened()), held: false, settled: true));
        Assert.Equal(SessionStep.Rest, QueryCore.NextOfSession(Fold(Begun, new QueryEnded(QueryStatus.Terminated, "", false)), held: false, settled: true));
    }

    [Theory]
    [InlineData(false, false, SessionStep.Stay)]
    [InlineData(false, true, SessionStep.Replace)]
    [InlineData(true, false, SessionStep.EndHeld)]
    public void Another_model_takes_over_between_two_turns_or_where_the_program_stands_still(bool held, bool settled, SessionStep step)
    {
        Assert.Equal(step, QueryCore.NextOfSession(Fold(Begun, Opened(), Change), held, settled));
        Assert.Equal(step, QueryCore.NextOfSession(Fold(Begun, Opened(), new PermissionChanged(PermissionModes.Plan, "ann")), held, settled));
        // The first model again: nothing has to happen.
        Assert.Equal(SessionStep.Stay, QueryCore.NextOfSession(Fold(Begun, Opened(), Change, new ModelChanged("test/new", "test/old", "ann", "asked for")), held, settled));
        Assert.Equal(SessionStep.Stay, QueryCore.NextOfSession(Fold(Begun, Opened(), Change, new SessionClosed(""), Opened(2, "test/new")), held, settled));
    }

    [Fact]
    public void What_another_process_has_left_open_is_closed_once()
    {
        Assert.Equal([typeof(QueryRecovered), typeof(SessionClosed)], QueryCore.RecoverSession(Fold(Begun, Opened())).Select(e => e.GetType()));
        Assert.Equal([typeof(QueryRecovered)], QueryCore.RecoverSession(Fold(Begun, Opened(), new SessionClosed(""))).Select(e => e.GetType()));
        Assert.Empty(QueryCore.RecoverSession(Fold(Begun, Opened(), new QueryEnded(QueryStatus.Complete, null, false))));
        Assert.Empty(QueryCore.RecoverSession(Fold()));
    }

    [Fact]
    public void A_log_in_which_a_program_begins_twice_or_sums_shrink_is_damaged()
    {
        Assert.Throws<QueryLogException>(() => Fold(Begun, Opened(), Opened(2)));
        Assert.Throws<QueryLogException>(() => Fold(Begun, Opened(2)));
        Assert.Throws<QueryLogException>(() => Fold(Begun, new SessionClosed("")));
        Assert.Throws<QueryLogException>(() => Fold(Begun, Opened(), new UsageCounted(10, 1, 2), new UsageCounted(10, 1, 1)));
        var state = Fold(Begun, Opened(), new UsageCounted(10, 1, 2), new UsageCounted(30, 1, 4));
        Assert.Equal((30L, 1m, 4), (state.CliTokens, state.Usd, state.Turns));
    }

    [Fact]
    public void Messages_are_remembered_by_their_names_and_only_so_many()
    {
        var acted = Enumerable.Range(0, QueryCore.MaxMessages + 10).Select(i => new AgentActed($"m{i}", "text", []));
        var state = Fold([Begun, Opened(), .. acted, new AgentActed($"m{QueryCore.MaxMessages}", "more of it", [])]);
        Assert.Equal(QueryCore.MaxMessages, state.Messages.Count);
        Assert.Equal($"m{QueryCore.MaxMessages + 9}", state.Messages[^1]);
        Assert.Equal(QueryCore.MaxMessages, state.Items.Count);
        Assert.Equal("prompt", Assert.IsType<SaidItem>(state.Items[0]).Text);
    }

    [Fact]
    public void Events_of_sessions_are_read_back_as_they_were_written()
    {
        QueryEvent[] events = [Begun, Opened(), new SessionClosed("why"), new AgentActed("m", "text", [new AgentTool("Edit", "{}")]), new UsageCounted(5, 0.25m, 1)];
        foreach (var e in events) Assert.Equal(QueryCodec.Encode(e), QueryCodec.Encode(QueryCodec.Decode(1, QueryCodec.Encode(e))));
        Assert.Equal(ExecutorKinds.CodingCli, Assert.IsType<QueryStarted>(QueryCodec.Decode(1, QueryCodec.Encode(Begun))).Kind);
        Assert.All(events, e => Assert.NotEqual(e.GetType().Name, QueryWords.Of(e)));
    }
}
