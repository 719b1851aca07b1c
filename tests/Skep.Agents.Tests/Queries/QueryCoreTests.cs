using Skep.Agents.Queries;
using Skep.Models;

namespace Skep.Agents.Tests.Queries;

/// <summary>The pure core against a model, tools and a process that do anything, in ten thousand seeded stories.</summary>
public sealed class QueryCoreTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Whatever_happens_a_query_ends_and_pays_for_each_turn_once()
    {
        for (var seed = 0; seed < 10_000; seed++) Story.Tell(seed);
    }

    [Fact]
    public void Events_survive_the_log()
    {
        foreach (var e in Story.Tell(7)) Assert.Equal(QueryCodec.Encode(e), QueryCodec.Encode(QueryCodec.Decode(1, QueryCodec.Encode(e))));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"t":"no-such-event"}""")]
    [InlineData("""{"t":"started"}x""")]
    public void An_event_that_cannot_be_read_is_refused(string data) => Assert.Throws<QueryLogException>(() => QueryCodec.Decode(3, data));

    [Fact]
    public void An_event_that_does_not_fit_is_refused()
    {
        var state = new QueryState();
        QueryCore.Apply(state, Story.Start, At);
        Assert.Throws<QueryLogException>(() => QueryCore.Apply(state, Story.Start, At));
        Assert.Throws<QueryLogException>(() => QueryCore.Apply(state, new CallLost(1, "m", 1, null), At));
        Assert.Throws<QueryLogException>(() => QueryCore.Apply(state, new ToolEnded(1, 0, "x", false, 0), At));
        QueryCore.Apply(state, new QueryEnded(QueryStatus.Complete, null, false), At);
        Assert.Throws<QueryLogException>(() => QueryCore.Apply(state, new NoteAdded("late", "ann", false), At));
    }

    /// <summary>One seeded story: performs what the core asks for, with faults, crashes and people in between, and checks what must hold.</summary>
    private sealed class Story
    {
        public static readonly QueryStarted Start = new("a-1", "m", ["n"], PermissionModes.Default, "system", "prompt", ["safe", "unsafe"], 12, """{"type":"object","required":["n"]}""");

        private readonly Random _random;
        private readonly List<QueryEvent> _log = [];
        private readonly Dictionary<(int Call, int Index), int> _results = [];
        private QueryState _state = new();
        private long _bought;
        private long _lost;

        private Story(int seed) => _random = new Random(seed);

        public static List<QueryEvent> Tell(int seed)
        {
            var story = new Story(seed);
            story.Append(Start);
            for (var step = 0; story._state.End is null; step++)
            {
                Assert.True(step < 2000, $"seed {seed} does not end");
                story.Step();
            }

            story.Check(seed);
            return story._log;
        }

        private void Step()
        {
            if (_random.Next(20) == 0) Append(new NoteAdded("hurry", "ann", false));
            if (_random.Next(25) == 0) Append(new ModelChanged(_state.Model, _random.Next(2) == 0 ? "m" : "n", "ann", "asked for"));
            switch (QueryCore.Next(_state))
            {
                case AppendEvent e: Append(e.Event); break;
                case CallModel: Call(); break;
                case RunTools e: Run(e); break;
                case AwaitPerson e: foreach (var slot in e.Slots) Append(new ToolDecided(LastCall, slot.Index, _random.Next(2) == 0, "ann", "")); break;
            }
        }

        private int LastCall => ((TurnItem)_state.Items[^1]).Call;

        private void Call()
        {
            if (_random.Next(10) == 0 && Compaction.Shorten(_state) is { } shorter) Append(shorter);
            var call = _state.Calls + 1;
            Append(new CallBegun(call, 1, _state.Model, CallPurpose.Turn, 100, 1));
            switch (_random.Next(8))
            {
                case 0: Append(new CallFailed(call, 1, _state.Model, ModelFault.StreamDropped, "broke", 100, 1)); _lost += 100; break;
                case 1: Append(new CallFailed(call, 1, _state.Model, ModelFault.Overloaded, "busy", 0, null)); break;
                case 2: Crash(); break;
                default: Append(new CallAnswered(call, _state.Model, Turn(), new TokenCount(40, 10), 1, 0, 1, 1, null)); _bought += 50; break;
            }
        }

        private AssistantTurn Turn() => _random.Next(4) switch
        {
            0 => new AssistantTurn(_random.Next(2) == 0 ? """{"n":1}""" : "no", [], "stop"),
            _ => new AssistantTurn("", [.. Enumerable.Range(0, _random.Next(1, 4)).Select(i => new RequestedCall($"c{i}", _random.Next(2) == 0 ? "safe" : "unsafe", $$"""{"x":{{_random.Next(2)}}}"""))], "tool_calls"),
        };

        private void Run(RunTools step)
        {
            Append(new ToolsBegun(step.Turn.Call, [.. step.Slots.Select(s => s.Index)]));
            foreach (var slot in step.Slots)
            {
                if (_random.Next(8) == 0)
                {
                    Crash();
                    return;
                }

                var key = (step.Turn.Call, slot.Index);
                _results[key] = _results.GetValueOrDefault(key) + 1;
                Append(new ToolEnded(step.Turn.Call, slot.Index, $"{_random.Next(2)}", _random.Next(3) == 0, 1));
            }
        }

        /// <summary>Another process folds the log anew, which comes to the same state, and takes it up.</summary>
        private void Crash()
        {
            var again = new QueryState();
            foreach (var e in _log) QueryCore.Apply(again, e, At);
            Assert.Equal((_state.Seq, _state.Calls, _state.Turns, _state.Items.Count, _state.Status), (again.Seq, again.Calls, again.Turns, again.Items.Count, again.Status));
            _state = again;
            if (_state.Open is not null) _lost += 100;
            foreach (var e in QueryCore.Recover(_state, tool => tool == "safe")) Append(e);
            Assert.Null(_state.Open);
            if (_state.Items is [.., TurnItem turn]) Assert.DoesNotContain(turn.Tools, t => t.Stage == ToolStage.Begun && t.Request.Tool == "unsafe");
        }

        private void Append(QueryEvent e)
        {
            QueryCore.Apply(_state, e, At);
            _log.Add(e);
        }

        private void Check(int seed)
        {
            Assert.All(_results.Values, count => Assert.Equal(1, count));
            Assert.Equal((_bought, _lost), (_state.Tokens.Total, _state.UnsureTokens));
            Assert.InRange(_state.Turns, 0, Start.MaxTurns);
            if (_state.End!.Status == QueryStatus.Complete) Assert.Equal("""{"n":1}""", _state.LastTurn!.Text);
            else Assert.False(string.IsNullOrEmpty(_state.End.Error), $"seed {seed}");
        }
    }
}
