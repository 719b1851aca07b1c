using Skep.Agents.Queries;
using Skep.Models;
using Skep.Models.Limits;
using Skep.Testing;

namespace Skep.Agents.Tests.Queries;

/// <summary>Control over conversations while they run.</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task A_paused_query_stands_still_while_the_answer_that_is_paid_for_is_recorded()
    {
        var (tool, begun, go) = Gate("work");
        await using var rig = new ChatRig(Script, tools: tool);
        var run = await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.WaitAsync(ChatRig.Patience);
        Assert.Equal("paused", await rig.ControlAsync(QueryOps.Pause));
        Assert.Equal(QueryStatus.Paused, rig.Query().Status);
        Assert.True(rig.State().Find("ask")!.Paused);
        go.SetResult();
        await Until(() => rig.Query().Items.OfType<TurnItem>().Last().IsSettled);
        Assert.Equal(1, rig.Query().Turns);
        Assert.Equal("resumed", await rig.ControlAsync(QueryOps.Resume));
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal("done", rig.State().Find("ask")!.Outputs["answer"]);
        Assert.Empty(rig.Model.Exchanges.BoughtTwice());
    }

    [Fact]
    public async Task A_changed_model_answers_the_next_turn()
    {
        var (tool, begun, go) = Gate("work");
        await using var rig = new ChatRig(Script, tools: tool);
        var run = await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.WaitAsync(ChatRig.Patience);
        Assert.Equal("test/small answers the next turn", await rig.ControlAsync(QueryOps.Model, "test/small"));
        go.SetResult();
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal(["large", "small"], rig.Model.Exchanges.All().Select(e => e.Request!.Model));
    }

    [Fact]
    public async Task A_turn_at_the_provider_that_comes_while_a_query_is_held_is_given_back_to_others()
    {
        var gate = new TurnByTurn();
        await using var rig = new ChatRig(s => s.Always().Says("done")) { Gate = gate };
        var run = await rig.StartAsync(ChatRig.Plan());
        await Until(() => gate.Asked == 1);
        Assert.Equal("paused", await rig.ControlAsync(QueryOps.Pause));
        gate.Give();
        await Until(() => gate.GivenBack == 1);
        Assert.Equal("resumed", await rig.ControlAsync(QueryOps.Resume));
        await Until(() => gate.Asked == 2);
        gate.Give();
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal("done", rig.State().Find("ask")!.Outputs["answer"]);
        Assert.Equal(1, gate.GivenBack);
    }

    [Fact]
    public async Task A_model_that_cannot_be_reached_is_refused_and_the_conversation_goes_on()
    {
        var (tool, begun, go) = Gate("work");
        await using var rig = new ChatRig(Script, tools: tool);
        var run = await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.WaitAsync(ChatRig.Patience);
        Assert.Equal("refused: there is no model 'tset/small'", await rig.ControlAsync(QueryOps.Model, "tset/small"));
        Assert.NotNull(Assert.Single(rig.Queries.Controls("run-1/ask/1", history: true)).Taken);
        go.SetResult();
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal("done", rig.State().Find("ask")!.Outputs["answer"]);
    }

    [Fact]
    public async Task A_terminated_query_ends_its_attempt_and_says_who_ended_it()
    {
        var (tool, begun, _) = Gate("work");
        await using var rig = new ChatRig(Script, tools: tool);
        var run = await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.WaitAsync(ChatRig.Patience);
        Assert.Equal("terminated", await rig.ControlAsync(QueryOps.Terminate));
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal(QueryStatus.Terminated, rig.Query().Status);
        Assert.Equal(Orchestration.TaskStatus.Cancelled, rig.State().Find("ask")!.Status);
    }

    [Fact]
    public async Task What_is_said_meanwhile_reaches_the_model_behind_the_results_that_it_waits_for()
    {
        var (tool, begun, go) = Gate("work");
        await using var rig = new ChatRig(
            s =>
            {
                s.When(m => m.Turns(0)).Calls("work");
                s.When(m => m.User("use metres")).Says("in metres");
            },
            tools: tool);
        var run = await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.WaitAsync(ChatRig.Patience);
        Assert.Equal("said before the next turn", await rig.ControlAsync(QueryOps.Say, "use metres"));
        go.SetResult();
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal("in metres", rig.State().Find("ask")!.Outputs["answer"]);
    }

    [Fact]
    public async Task What_is_said_while_a_try_fails_goes_with_the_next_try()
    {
        ChatRig? rig = null;
        string? outcome = null;
        await using var opened = rig = new ChatRig(s =>
        {
            s.When(m => m.Where(_ => (outcome ??= rig!.ControlAsync(QueryOps.Say, "use metres").Result) is not null)).Times(1).Fails(ScriptedFault.Overloaded());
            s.When(m => m.User("use metres")).Says("in metres");
        });
        var state = await rig.RunAsync(ChatRig.Plan());
        Assert.Equal("said before the next turn", outcome);
        Assert.Equal("in metres", state.Find("ask")!.Outputs["answer"]);
        Assert.Equal(1, rig.Query().Turns);
    }

    [Fact]
    public void What_is_said_while_a_call_is_on_its_way_waits_for_the_next_one()
    {
        var state = new QueryState();
        foreach (var e in new QueryEvent[]
        {
            new QueryStarted("a", "test/large", [], PermissionModes.Default, "system", "prompt", [], 10, null),
            new NoteAdded("in time", "ann", false),
            new NoteAdded("too late", "ann", false),
            new CallBegun(1, 1, "test/large", CallPurpose.Turn, 100, null) { Notes = 1 },
            new CallAnswered(1, "test/large", new AssistantTurn("done", [], "stop"), default, null, null, 1, 1, null),
        }) QueryCore.Apply(state, e, default);
        Assert.Equal("in time", Assert.IsType<SaidItem>(state.Items[1]).Text);
        Assert.Equal("too late", Assert.Single(state.Notes).Text);
        Assert.IsType<CallModel>(QueryCore.Next(state));
    }

    [Theory]
    [InlineData(true, "done", 1)]
    [InlineData(false, "Then not.", 0)]
    public async Task A_tool_that_needs_permission_waits_for_a_person(bool allowed, string answer, int calls)
    {
        var tool = new TestTool("work", "worked") { Kind = ToolKind.Execute };
        await using var rig = new ChatRig(
            s =>
            {
                s.When(m => m.Turns(0)).Calls("work");
                s.When(m => m.ToolResult("work", "ann did not allow this call: too dear")).Says("Then not.");
                s.Always().Says("done");
            },
            tools: tool);
        var run = await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await Until(() => rig.Query().Items is [.., TurnItem { Tools: [{ Stage: ToolStage.Asked }] }]);
        Assert.StartsWith("refused", await rig.ControlAsync(QueryOps.Answer, "1 yes"), StringComparison.Ordinal);
        Assert.Equal(allowed ? "allowed" : "not allowed", await rig.ControlAsync(QueryOps.Answer, allowed ? "0 yes" : "0 no too dear"));
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal(answer, rig.State().Find("ask")!.Outputs["answer"]);
        Assert.Equal(calls, tool.Keys.Count);
    }

    [Fact]
    public async Task What_a_person_takes_to_decide_counts_in_no_time_limit()
    {
        var tool = new TestTool("work", "worked") { Kind = ToolKind.Execute };
        await using var rig = new ChatRig(Script, tools: tool);
        var run = await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]", task: ", timeout: 1h, budget: { wall: 1h }"));
        await Until(() => rig.State().Find("ask")!.Current is { Waits: true });
        Assert.NotNull(rig.State().Find("ask")!.Current!.SuspendedSince);
        // Another thing that is said to it does not end the waiting.
        await rig.ControlAsync(QueryOps.Say, "be quick");
        Assert.True(rig.State().Find("ask")!.Current!.Waits);
        await rig.ControlAsync(QueryOps.Answer, "0 yes");
        await run.Completion.WaitAsync(ChatRig.Patience);
        var attempt = Assert.Single(rig.State().Find("ask")!.Attempts);
        Assert.False(attempt.Waits);
        Assert.True(attempt.Suspended > TimeSpan.Zero);
        var still = Assert.Single(Assert.Single(rig.Queries.Spans("run-1", TimeProvider.System.GetUtcNow(), abandoned: false)).Still);
        Assert.True(still.To >= still.From);
    }

    [Fact]
    public async Task A_pause_reaches_a_tool_that_runs()
    {
        var heard = new List<bool>();
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var tool = new TestTool("work", async (call, cancel) =>
        {
            using var hold = call.Agent.Hold.OnChange(heard.Add);
            begun.TrySetResult();
            await go.Task.WaitAsync(cancel);
            return new ToolResult("worked");
        });
        await using var rig = new ChatRig(Script, tools: tool);
        var run = await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.Task.WaitAsync(ChatRig.Patience);
        Assert.Equal("paused", await rig.ControlAsync(QueryOps.Pause));
        Assert.Equal([true], heard);
        Assert.Equal("resumed", await rig.ControlAsync(QueryOps.Resume));
        Assert.Equal([true, false], heard);
        go.SetResult();
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal("done", rig.State().Find("ask")!.Outputs["answer"]);
    }

    [Fact]
    public void Only_so_much_is_said_before_a_turn()
    {
        var state = new QueryState();
        QueryCore.Apply(state, new QueryStarted("a", "m", [], PermissionModes.Default, "system", "prompt", [], 10, null), default);
        var say = new ControlRow(1, QueryOps.Say, "more", "ann", default, null, null);
        for (var i = 0; i < QueryControls.MaxNotes; i++)
        {
            var events = new List<QueryEvent>();
            QueryControls.Take(state, say, events);
            QueryCore.Apply(state, Assert.Single(events), default);
        }

        Assert.Equal("refused: 100 notes wait for the model's next turn already", QueryControls.Take(state, say, []));
    }

    [Fact]
    public async Task In_plan_mode_tools_that_change_something_are_refused()
    {
        var tool = new TestTool("work", "worked") { Kind = ToolKind.Write };
        await using var rig = new ChatRig(
            s =>
            {
                s.When(m => m.Turns(0)).Calls("work");
                s.When(m => m.ToolResult("work", "not allowed in permission mode 'plan'")).Says("I only looked.");
            },
            tools: tool);
        var state = await rig.RunAsync(ChatRig.Plan(agent: ", tools: [work], permission_mode: plan"));
        Assert.Equal("I only looked.", state.Find("ask")!.Outputs["answer"]);
        Assert.Empty(tool.Keys);
    }

    [Fact]
    public async Task A_query_goes_on_in_another_process_where_its_log_ends()
    {
        var (tool, begun, go) = Gate("work");
        await using var rig = new ChatRig(Script, tools: tool);
        await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.WaitAsync(ChatRig.Patience);
        await rig.RestartAsync();
        go.SetResult();
        await (await rig.Host.ResumeAsync("run-1", default)).Completion.WaitAsync(ChatRig.Patience);
        var node = rig.State().Find("ask")!;
        Assert.Equal("done", node.Outputs["answer"]);
        Assert.Single(node.Attempts);
        Assert.Empty(rig.Model.Exchanges.BoughtTwice());
        // The call that was in flight was made again, under the same name.
        Assert.Equal(["run-1/ask/1/1.0", "run-1/ask/1/1.0"], tool.Keys);
    }

    [Fact]
    public async Task A_query_that_had_ended_when_its_process_died_hands_its_answer_on_and_buys_nothing_again()
    {
        var (tool, begun, go) = Gate("work");
        await using var rig = new ChatRig(Script, tools: tool);
        await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.WaitAsync(ChatRig.Patience);
        await rig.RestartAsync();
        go.SetResult();
        // What the process could still write of the query, but not of the run.
        var state = rig.Query();
        QueryEvent[] last =
        [
            new ToolEnded(1, 0, "worked", false, 1),
            new CallBegun(2, 1, "test/large", CallPurpose.Turn, 100, null),
            new CallAnswered(2, "test/large", new AssistantTurn("just in time", [], "stop"), default, null, null, 1, 1, null),
            new QueryEnded(QueryStatus.Complete, null, false),
        ];
        foreach (var e in last) QueryCore.Apply(state, e, state.LastAt);
        await rig.Queries.AppendAsync(new QueryIdentity("run-1/ask/1", "run-1", "main", "ask", 1, "thinker", "thinker-1"), state, last);
        await (await rig.Host.ResumeAsync("run-1", default)).Completion.WaitAsync(ChatRig.Patience);
        var node = rig.State().Find("ask")!;
        Assert.Equal("just in time", node.Outputs["answer"]);
        Assert.Single(node.Attempts);
        Assert.Single(rig.Model.Exchanges.All());
    }

    [Fact]
    public async Task What_a_terminated_query_had_heard_of_an_answer_is_kept()
    {
        await using var rig = new ChatRig(s => s.Always().Says("Half of an answer that never ends").Fails(ScriptedFault.StallAfter(3)));
        var heard = new Heard("Half");
        var run = await rig.StartAsync(ChatRig.Plan(), "run-1", heard);
        await heard.Text.WaitAsync(ChatRig.Patience);
        Assert.Equal("terminated", await rig.ControlAsync(QueryOps.Terminate));
        await run.Completion.WaitAsync(ChatRig.Patience);
        var kept = Assert.Single(rig.Queries.Read("run-1/ask/1").Select(e => e.Event).OfType<QueryInterrupted>());
        Assert.StartsWith("Half", kept.Partial, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_is_terminated_while_nobody_works_on_it_is_over()
    {
        var (tool, begun, _) = Gate("work");
        await using var rig = new ChatRig(Script, tools: tool);
        await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.WaitAsync(ChatRig.Patience);
        await rig.RestartAsync();
        Assert.Equal("terminated", await rig.ControlAsync(QueryOps.Terminate));
        Assert.Equal(QueryStatus.Terminated, rig.Query().Status);
        Assert.Empty(rig.Queries.List("run-1", history: false));
        Assert.StartsWith("refused", await rig.ControlAsync(QueryOps.Pause), StringComparison.Ordinal);
        await (await rig.Host.ResumeAsync("run-1", default)).Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal(Orchestration.TaskStatus.Cancelled, rig.State().Find("ask")!.Status);
    }

    [Fact]
    public async Task An_unsafe_tool_that_was_in_flight_is_asked_about_instead_of_guessed()
    {
        var (tool, begun, go) = Gate("work", ToolRepeat.Unsafe);
        await using var rig = new ChatRig(Script, tools: tool);
        await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.WaitAsync(ChatRig.Patience);
        await rig.RestartAsync();
        go.SetResult();
        var run = await rig.Host.ResumeAsync("run-1", default);
        await Until(() => rig.Query().Items is [.., TurnItem { Tools: [{ Stage: ToolStage.Asked }] }]);
        Assert.Single(tool.Keys);
        Assert.Equal("allowed", await rig.ControlAsync(QueryOps.Answer, "0 yes"));
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal(2, tool.Keys.Count);
    }

    [Fact]
    public async Task What_is_asked_while_nobody_works_on_a_query_is_taken_when_somebody_does()
    {
        var (tool, begun, go) = Gate("work");
        await using var rig = new ChatRig(Script, tools: tool);
        await rig.StartAsync(ChatRig.Plan(agent: ", tools: [work]"));
        await begun.WaitAsync(ChatRig.Patience);
        await rig.RestartAsync();
        go.SetResult();
        Assert.Contains("taken when somebody works on the query", await rig.ControlAsync(QueryOps.Model, "test/small"), StringComparison.Ordinal);
        await (await rig.Host.ResumeAsync("run-1", default)).Completion.WaitAsync(ChatRig.Patience);
        Assert.NotNull(Assert.Single(rig.Queries.Controls("run-1/ask/1", history: true)).Taken);
        Assert.Equal("test/small", rig.Query().Model);
    }

    private static void Script(ScriptBuilder s)
    {
        s.When(m => m.Turns(0)).Calls("work");
        s.Always().Says("done");
    }

    private static (TestTool Tool, Task Begun, TaskCompletionSource Go) Gate(string name, ToolRepeat repeat = ToolRepeat.Keyed)
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var tool = new TestTool(name, async (_, cancel) =>
        {
            begun.TrySetResult();
            await go.Task.WaitAsync(cancel);
            return new ToolResult("worked");
        }) { Repeat = repeat };
        return (tool, begun.Task, go);
    }

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(ChatRig.Patience);
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Waits until a text has come of an answer.</summary>
    private sealed class Heard(string text) : Orchestration.IRunObserver
    {
        private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Text => _heard.Task;

        public void OnAdvanced(Orchestration.RunState state, IReadOnlyList<Orchestration.RecordedEvent> events)
        {
            if (events.Any(e => e.Event is Orchestration.ProgressReported p && p.Line.Contains(text, StringComparison.Ordinal))) _heard.TrySetResult();
        }
    }

    /// <summary>A gate whose turns come when the test says.</summary>
    private sealed class TurnByTurn : IProviderGate, IProviderTurn
    {
        private TaskCompletionSource<IProviderTurn> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked, _givenBack;

        public int Asked => Volatile.Read(ref _asked);

        public int GivenBack => Volatile.Read(ref _givenBack);

        public ValueTask<IProviderTurn> EnterAsync(string agent, long tokens, CancellationToken cancel)
        {
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Increment(ref _asked);
            return new(_next.Task.WaitAsync(cancel));
        }

        public void Give() => _next.SetResult(this);

        public void Done(long? tokens)
        {
        }

        public void Failed(ModelException fault)
        {
        }

        public void Abandoned() => Interlocked.Increment(ref _givenBack);
    }
}
