using System.Collections.Concurrent;

namespace Skep.Orchestration.Tests.Shell;

public sealed class AgentPoolTests : IDisposable
{
    private readonly ConcurrentQueue<RunInput> _told = new();
    private readonly SemaphoreSlim _signal = new(0);

    [Fact]
    public async Task No_more_agents_live_than_the_spec_and_the_swarm_allow()
    {
        await using var pool = Pool(concurrency: 3, replicas: 2);
        var gates = Enumerable.Range(0, 6).Select(_ => new TaskCompletionSource<AttemptResult>()).ToArray();
        for (var i = 0; i < 4; i++) Place(pool, $"t{i}", "a", gates[i]);
        for (var i = 4; i < 6; i++) Place(pool, $"t{i}", "b", gates[i]);
        Assert.Equal(["t0 a-1", "t1 a-2", "t4 b-1"], await Started(3));
        gates[0].SetResult(Done);
        Assert.Equal(["t2 a-1"], await Started(1));
        gates[4].SetResult(Done);
        Assert.Equal(["t5 b-1"], await Started(1));
        foreach (var gate in gates) gate.TrySetResult(Done);
        Assert.Equal(["t3 a-1"], (await Started(1)).Select(s => s[..^1] + "1"));
    }

    [Fact]
    public async Task What_waits_is_answered_for_at_once_when_stopped()
    {
        await using var pool = Pool(concurrency: 1, replicas: 1);
        var gate = new TaskCompletionSource<AttemptResult>();
        Place(pool, "t0", "a", gate);
        Place(pool, "t1", "a", gate);
        await Started(1);
        pool.Stop("t1", 1);
        Assert.Contains(_told, i => i is WorkerAnswered { Task: "t1", Result.Outcome: AttemptOutcome.Cancelled });
        gate.SetResult(Done);
    }

    [Fact]
    public async Task While_held_nothing_begins()
    {
        await using var pool = Pool(concurrency: 2, replicas: 2);
        pool.Hold(true);
        Place(pool, "t0", "a", Completed);
        Assert.DoesNotContain(_told, i => i is WorkerStarted);
        pool.Hold(false);
        Assert.Equal(["t0 a-1"], await Started(1));
    }

    [Fact]
    public async Task A_suspended_attempt_does_not_begin()
    {
        await using var pool = Pool(concurrency: 1, replicas: 1);
        pool.Hold(true);
        Place(pool, "t0", "a", Completed);
        Place(pool, "t1", "a", Completed);
        pool.Suspend("t0", 1, true);
        pool.Hold(false);
        Assert.Equal(["t1 a-1"], await Started(1));
        pool.Suspend("t0", 1, false);
        Assert.Equal(["t0 a-1"], await Started(1));
    }

    [Fact]
    public async Task Whatever_an_executor_throws_is_the_attempts_failure()
    {
        await using var pool = Pool(concurrency: 1, replicas: 1);
        pool.Start("t0", 1, "a", (_, _, _) => throw new InvalidOperationException("boom"));
        await Started(1);
        var answer = await Answer();
        Assert.Equal((AttemptOutcome.Failed, "its executor failed: InvalidOperationException: boom"), (answer.Result.Outcome, answer.Result.Error));
    }

    [Fact]
    public async Task The_same_attempt_is_never_run_by_two()
    {
        await using var pool = Pool(concurrency: 4, replicas: 4);
        var gate = new TaskCompletionSource<AttemptResult>();
        Place(pool, "t0", "a", gate);
        Place(pool, "t0", "a", gate);
        gate.SetResult(Done);
        await Answer();
        Assert.Single(_told, i => i is WorkerStarted);
    }

    [Fact]
    public async Task An_abandoned_attempt_gives_its_place_to_the_next_and_is_not_heard_again()
    {
        await using var pool = Pool(concurrency: 1, replicas: 1);
        var deaf = new TaskCompletionSource<AttemptResult>();
        pool.Start("t0", 1, "a", (_, _, _) => deaf.Task);
        Place(pool, "t1", "a", Completed);
        Assert.Equal(["t0 a-1"], await Started(1));
        pool.Stop("t0", 1);
        pool.Abandon("t0", 1);
        Assert.Equal(["t1 a-1"], await Started(1));
        deaf.SetResult(Done);
        await pool.DisposeAsync();
        Assert.DoesNotContain(_told, i => i is WorkerAnswered { Task: "t0" });
    }

    [Fact]
    public async Task Code_that_does_not_heed_its_cancellation_does_not_hold_up_the_end_for_ever()
    {
        var time = new Execution.FakeTime();
        var pool = new AgentPool(new AgentPoolOptions { MaxConcurrency = 1, ReplicasOf = _ => 1, HeartbeatEvery = TimeSpan.FromHours(1), Time = time }, i =>
        {
            _told.Enqueue(i);
            _signal.Release();
        });
        pool.Start("t0", 1, "a", (_, _, _) => new TaskCompletionSource<AttemptResult>().Task);
        await Started(1);
        var disposed = pool.DisposeAsync().AsTask();
        Assert.False(disposed.IsCompleted);
        time.Advance(Queen.StopGrace);
        await disposed.WaitAsync(Hive.Patience);
        Assert.Equal(0, time.Timers);
    }

    [Fact]
    public async Task Spawned_agents_take_what_waits()
    {
        await using var pool = Pool(concurrency: 4, replicas: 1);
        var gate = new TaskCompletionSource<AttemptResult>();
        for (var i = 0; i < 3; i++) Place(pool, $"t{i}", "a", gate);
        Assert.Equal(["t0 a-1"], await Started(1));
        pool.Open("a", [2, 3]);
        Assert.Equal(["t1 a-2", "t2 a-3"], await Started(2));
        gate.SetResult(Done);
    }

    [Fact]
    public async Task A_closed_agent_ends_its_work_says_so_and_gets_nothing_more()
    {
        await using var pool = Pool(concurrency: 4, replicas: 2);
        var gates = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource<AttemptResult>()).ToArray();
        for (var i = 0; i < 3; i++) Place(pool, $"t{i}", "a", gates[i]);
        await Started(2);
        pool.Close("a", [1]);
        Assert.DoesNotContain(_told, i => i is AgentsFreed);
        gates[0].SetResult(Done);
        while (!_told.OfType<AgentsFreed>().Any()) Assert.True(await _signal.WaitAsync(Hive.Patience), "the agent did not go");
        Assert.Equal([1], _told.OfType<AgentsFreed>().Single().Numbers);
        Assert.Equal([typeof(WorkerAnswered), typeof(AgentsFreed)], _told.Where(i => i is WorkerAnswered or AgentsFreed).Select(i => i.GetType()));
        gates[1].SetResult(Done);
        Assert.Equal(["t2 a-2"], await Started(1));
        gates[2].SetResult(Done);
    }

    [Fact]
    public async Task What_waits_for_agents_that_are_all_gone_is_sent_back()
    {
        await using var pool = Pool(concurrency: 4, replicas: 1);
        pool.Hold(true);
        Place(pool, "t0", "a", Completed);
        pool.Close("a", [1]);
        Assert.Equal([1], _told.OfType<AgentsFreed>().Single().Numbers);
        Place(pool, "t1", "a", Completed);
        Assert.Equal(["t0 Lost", "t1 Lost"], _told.OfType<WorkerAnswered>().Select(a => $"{a.Task} {a.Result.Outcome}"));
        pool.Hold(false);
        pool.Open("a", [2]);
        Place(pool, "t2", "a", Completed);
        Assert.Equal(["t2 a-2"], await Started(1));
    }

    [Fact]
    public async Task An_attempt_that_outlived_its_process_goes_on_under_the_name_that_it_had()
    {
        await using var pool = Pool(concurrency: 4, replicas: 3);
        pool.Hold(true);
        pool.Start("t0", 1, "a", (_, _, _) => Task.FromResult(Done), instance: 2);
        pool.Suspend("t0", 1, true);
        pool.Hold(false);
        var gate = new TaskCompletionSource<AttemptResult>();
        Place(pool, "t1", "a", gate);
        Place(pool, "t2", "a", gate);
        Assert.Equal(["t1 a-1", "t2 a-3"], await Started(2));
        pool.Suspend("t0", 1, false);
        Assert.Equal(["t0 a-2"], await Started(1));
        gate.SetResult(Done);
    }

    private static AttemptResult Done => new() { Outcome = AttemptOutcome.Succeeded };

    private static TaskCompletionSource<AttemptResult> Completed
    {
        get
        {
            var source = new TaskCompletionSource<AttemptResult>();
            source.SetResult(Done);
            return source;
        }
    }

    private AgentPool Pool(int concurrency, int replicas) => new(
        new AgentPoolOptions { MaxConcurrency = concurrency, ReplicasOf = _ => replicas, HeartbeatEvery = TimeSpan.FromHours(1), Time = TimeProvider.System },
        input =>
        {
            _told.Enqueue(input);
            _signal.Release();
        });

    private static void Place(AgentPool pool, string task, string agent, TaskCompletionSource<AttemptResult> gate) =>
        pool.Start(task, 1, agent, (_, _, cancel) => gate.Task.WaitAsync(cancel));

    public void Dispose() => _signal.Dispose();

    private int _seen;

    /// <summary>Waits for so many starts and returns them in order of their names.</summary>
    private async Task<IReadOnlyList<string>> Started(int count)
    {
        while (_told.OfType<WorkerStarted>().Count() < _seen + count) Assert.True(await _signal.WaitAsync(Hive.Patience), "an agent did not begin");
        var found = _told.OfType<WorkerStarted>().Skip(_seen).Take(count).Select(s => $"{s.Task} {s.AgentName}").Order(StringComparer.Ordinal).ToList();
        _seen += count;
        return found;
    }

    private async Task<WorkerAnswered> Answer()
    {
        while (!_told.OfType<WorkerAnswered>().Any()) Assert.True(await _signal.WaitAsync(Hive.Patience), "no answer came");
        return _told.OfType<WorkerAnswered>().First();
    }
}
