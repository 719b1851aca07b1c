using Skep.Agents.Queries;
using Skep.Orchestration;
using TaskStatus = Skep.Orchestration.TaskStatus;

namespace Skep.Coding.Tests.Agents;

/// <summary>Control over coding agents: the requests and states of conversations with models.</summary>
public sealed class CodingControlTests : IAsyncLifetime
{
    private const string Wait = "echo $$ > $FAKE_LOG.pid; mv $FAKE_LOG.pid $FAKE_LOG.started; while [ ! -f $FAKE_LOG.go ]; do sleep 0.02; done";

    private CodingRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CodingRig.CreateAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private static string Plan(string agent, params string[] does) =>
        CodingRig.Plan($"  - id: a\n    agent: coder\n    prompt: |\n{string.Concat(does.Select(d => $"      DO {d}\n"))}", agent: agent);

    private async Task<string> StartedAsync()
    {
        await CodingRig.Eventually(() => File.Exists(_rig.Log + ".started"));
        return (await File.ReadAllTextAsync(_rig.Log + ".started")).Trim();
    }

    private Task GoAsync() => File.WriteAllTextAsync(_rig.Log + ".go", "");

    [Fact]
    public async Task A_paused_agent_stands_still_in_the_middle_of_its_turn_and_a_resumed_one_finishes_it()
    {
        var run = await _rig.StartAsync(Plan("", Wait, "echo x >> new"));
        var pid = await StartedAsync();
        Assert.Equal("paused", await _rig.ControlAsync(QueryOps.Pause));
        await CodingRig.Eventually(() => CodingRig.StandsStill(pid));
        Assert.Equal((QueryStatus.Paused, QueryStatus.Paused), (_rig.Query().Status, _rig.Queries.Find("run-1/a/1")!.Status));
        Assert.NotNull(_rig.Node("a").Current!.SuspendedSince);
        await GoAsync();
        Assert.True(CodingRig.StandsStill(pid));
        Assert.Equal("resumed", await _rig.ControlAsync(QueryOps.Resume));
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        Assert.Equal("x", await _rig.ShowAsync("main", "new"));
        Assert.Single(_rig.Calls);
        Assert.Equal((QueryStatus.Complete, 2, 30L), (_rig.Query().Status, _rig.Query().Turns, _rig.Query().CliTokens));
        // The time of the pause counts in no time limit.
        Assert.True(_rig.Node("a").Attempts[0].Suspended > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_terminated_agent_is_ended_with_all_that_it_started_and_says_who_ended_it()
    {
        var run = await _rig.StartAsync(Plan("", "echo x > new; sleep 1000 & echo $! > $FAKE_LOG.pid; mv $FAKE_LOG.pid $FAKE_LOG.started; wait"));
        var pid = await StartedAsync();
        Assert.Equal("terminated", await _rig.ControlAsync(QueryOps.Terminate));
        await run.Completion.WaitAsync(CodingRig.Patience);
        Assert.True(CodingRig.IsGone(pid));
        Assert.Equal((QueryStatus.Terminated, "terminated by ann"), (_rig.Query().Status, _rig.Query().End!.Error));
        Assert.Equal(TaskStatus.Cancelled, _rig.Node("a").Status);
        Assert.True(File.Exists(Path.Combine(Assert.Single(_rig.Worktrees).Worktree.Path, "new")));
        Assert.StartsWith("refused: the query is over", await _rig.ControlAsync(QueryOps.Pause), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_agent_can_be_terminated()
    {
        var run = await _rig.StartAsync(Plan("", Wait));
        var pid = await StartedAsync();
        Assert.Equal("paused", await _rig.ControlAsync(QueryOps.Pause));
        Assert.Equal("terminated", await _rig.ControlAsync(QueryOps.Terminate));
        await run.Completion.WaitAsync(CodingRig.Patience);
        Assert.True(CodingRig.IsGone(pid));
        Assert.Equal(QueryStatus.Terminated, _rig.Query().Status);
    }

    [Fact]
    public async Task A_changed_model_goes_on_with_the_same_session_when_the_turn_ends()
    {
        var run = await _rig.StartAsync(Plan(", model: test/old", $"echo x >> new; say 2 two; {Wait}; settled 2; sleep 1000"));
        var pid = await StartedAsync();
        // In the middle of its second turn: the first one's end has been read.
        await CodingRig.Eventually(() => _rig.Query().CliTokens == 30);
        Assert.Equal("test/new answers the next turn", await _rig.ControlAsync(QueryOps.Model, "test/new"));
        Assert.False(CodingRig.IsGone(pid));
        await GoAsync();
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        Assert.True(CodingRig.IsGone(pid));
        var session = _rig.Node("a").Outputs["session"];
        Assert.Equal([$"start {session} --model old --mode default", $"resume {session} --model new --mode default"], _rig.Calls);
        Assert.Contains("Go on with the task where you have left off.", _rig.Prompts, StringComparison.Ordinal);
        Assert.Equal("x", await _rig.ShowAsync("main", "new"));
        // Two turns of the first process, of which nothing was told but its messages, and the two of the second.
        Assert.Equal((4, 60L, 0.25m), (_rig.Query().Turns, _rig.Query().CliTokens, _rig.Query().Usd));
        Assert.Equal(new AttemptUsage(60, 0.25, 4), _rig.Node("a").Attempts.Single().Usage);
        Assert.Equal(2, _rig.Query().Session!.Opened.Number);
    }

    [Fact]
    public async Task A_paused_agent_whose_model_is_changed_is_ended_as_it_stands_and_its_session_goes_on_when_it_is_resumed()
    {
        var run = await _rig.StartAsync(Plan(", model: test/old", $"echo x >> new; if [ ! -f $FAKE_LOG.go ]; then {Wait}; echo never >> new; fi"));
        var pid = await StartedAsync();
        await _rig.ControlAsync(QueryOps.Pause);
        Assert.Equal("test/new answers the next turn", await _rig.ControlAsync(QueryOps.Model, "test/new"));
        await CodingRig.Eventually(() => CodingRig.IsGone(pid) && _rig.Query().Session is { IsOpen: false });
        await GoAsync();
        Assert.Single(_rig.Calls);
        Assert.Equal(QueryStatus.Paused, _rig.Query().Status);
        Assert.Equal("resumed", await _rig.ControlAsync(QueryOps.Resume));
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        var session = _rig.Node("a").Outputs["session"];
        Assert.Equal([$"start {session} --model old --mode default", $"resume {session} --model new --mode default"], _rig.Calls);
        Assert.Equal("x\nx", await _rig.ShowAsync("main", "new"));
    }

    [Fact]
    public async Task A_changed_permission_mode_reaches_the_next_process()
    {
        var run = await _rig.StartAsync(Plan("", $"{Wait}; turn 2; sleep 1000"));
        await StartedAsync();
        Assert.Equal("permission mode plan", await _rig.ControlAsync(QueryOps.Permission, "plan"));
        await GoAsync();
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        Assert.EndsWith("--mode plan", _rig.Calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_that_cannot_resume_refuses_another_model_and_the_agent_goes_on()
    {
        Git.Sandbox.WriteIn(_rig.Folder.Root, "adapters/fake.yaml", $"program: {Path.Combine(_rig.Variables["HOME"], "fake-cli.sh")}\nstart: [start, \"{{session}}\"]\nstream: stream-json\nenv: [FAKE_LOG]\n");
        var run = await _rig.StartAsync(Plan("", Wait, "echo x > new"));
        await StartedAsync();
        var refused = await _rig.ControlAsync(QueryOps.Model, "test/new");
        Assert.StartsWith("refused: the adapter 'fake' cannot take a session up again (it has no 'resume')", refused, StringComparison.Ordinal);
        Assert.Contains("a coding agent knows no 'say'", await _rig.ControlAsync(QueryOps.Say, "hurry"), StringComparison.Ordinal);
        await GoAsync();
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        Assert.All(_rig.Queries.Controls("run-1/a/1", history: true), c => Assert.NotNull(c.Taken));
        Assert.Single(_rig.Calls);
    }

    [Fact]
    public async Task An_agent_that_was_paused_when_its_host_was_killed_is_still_paused_and_goes_on_when_it_is_resumed()
    {
        await _rig.KillAsync(
            Plan("", $"echo x >> new; if [ ! -f $FAKE_LOG.go ]; then {Wait}; echo never >> new; fi"),
            () => File.Exists(_rig.Log + ".asked") && File.ReadAllText(_rig.Log + ".asked") == "paused",
            QueryOps.Pause);
        var pid = (await File.ReadAllTextAsync(_rig.Log + ".started")).Trim();
        Assert.True(CodingRig.StandsStill(pid));
        await GoAsync();
        var run = await _rig.Host.ResumeAsync("run-1", default);
        Assert.True(CodingRig.IsGone(pid));
        Assert.Equal((QueryStatus.Paused, true), (_rig.Query().Status, _rig.Node("a").Paused));
        Assert.Single(_rig.Calls);
        Assert.DoesNotContain("refused", await _rig.ControlAsync(QueryOps.Model, "test/new"), StringComparison.Ordinal);
        Assert.Equal("resumed", await _rig.ControlAsync(QueryOps.Resume));
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        var session = _rig.Node("a").Outputs["session"];
        Assert.Equal([$"start {session} --mode default", $"resume {session} --model new --mode default"], _rig.Calls);
        Assert.Equal("x\nx", await _rig.ShowAsync("main", "new"));
        Assert.Single(_rig.Node("a").Attempts);
        Assert.Equal((QueryStatus.Complete, "test/new"), (_rig.Query().Status, _rig.Query().Model));
        Assert.Empty(_rig.Queries.Controls("run-1/a/1", history: false));
    }

    [Fact]
    public async Task What_a_resumed_session_tells_again_counts_only_once()
    {
        await _rig.StartAsync(Plan("", "says shared once; settle shared", $"if [ ! -f $FAKE_LOG.go ]; then {Wait}; fi"));
        await StartedAsync();
        await CodingRig.Eventually(() => _rig.Query().CliTokens == 30);
        await _rig.RestartAsync();
        await GoAsync();
        var run = await _rig.Host.ResumeAsync("run-1", default);
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        Assert.Single(_rig.Query().Items.OfType<ActedItem>(), i => i.Text == "once");
        Assert.Single(_rig.Queries.Read("run-1/a/1"), e => e.Event is QueryRecovered);
    }
}
