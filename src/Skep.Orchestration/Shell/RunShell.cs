using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Everything around one run's queen: her loop, her agents, and what carries effects from the one to the other.</summary>
#pragma warning disable CA1001 // it disposes of itself when the loop has ended, which is the end of every run
internal sealed class RunShell
#pragma warning restore CA1001
{
    private readonly RunState _state;
    private readonly QueenLoop _loop;
    private readonly AgentPool _pool;
    private readonly AttemptStarter _starter;
    private readonly RunServices _services;
    private readonly Lazy<RunWork> _work;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<RunStatus> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunShell(RunState state, RunLog log, TimeProvider time, IReadOnlyList<IRunObserver> observers, AttemptStarter starter, RunServices services)
    {
        (_state, _starter, _services) = (state, starter, services);
        _loop = new QueenLoop(state, log, time, observers, Perform);
        _work = new Lazy<RunWork>(() => services.Live.Add(new RunWork(state, services.SkepDirectory, services.Hooks, time, _loop.Tell, _stop.Token)));
        _pool = new AgentPool(AgentPoolOptions.For(state, time), _loop.Tell);
    }

    public Task<RunStatus> Completion => _completion.Task;

    /// <summary>Starts the loop with its first input; returns when that is durable.</summary>
    public async Task BeginAsync(RunInput first)
    {
        if (_state.Status.IsEnded())
        {
            _completion.TrySetResult(_state.Status);
            return;
        }

        // Asked before the loop works, so that nothing else is decided first.
        var begun = _loop.AskAsync(first, CancellationToken.None);
        _ = Task.Run(RunAsync);
        // The loop answers every request, also when it fails; then the run's end says why.
        if (await begun is not null) await _completion.Task;
        else _ = _work.Value; // listed from now on, also while nothing is at work
    }

    public Task<string?> AskAsync(RunInput input, CancellationToken cancel) => _loop.AskAsync(input, cancel);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _completion.Task;
        }
#pragma warning disable CA1031 // whoever awaits Completion learns of it; stopping has done its work either way
        catch
#pragma warning restore CA1031
        {
            // See above.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await _loop.RunAsync(_stop.Token);
            await _ended.CancelAsync();
            await _pool.DisposeAsync();
            if (_state.Status.IsEnded()) await AfterRunAsync();
            _completion.TrySetResult(_state.Status);
        }
#pragma warning disable CA1031 // every failure of the loop goes to whoever awaits the run
        catch (Exception e)
#pragma warning restore CA1031
        {
            await _ended.CancelAsync();
            await _pool.DisposeAsync();
            _completion.TrySetException(e);
        }
        finally
        {
            if (_state.Info is not null) _services.Live.Remove(_work.Value);
        }
    }

    /// <summary>The end is durable; hooks hear of it, and what they say still gets into the log.</summary>
    private async Task AfterRunAsync() =>
        await _loop.RecordLateAsync(await _work.Value.AfterAsync(_state.Status, _state.Reason, _stop.Token));

    private async Task BeforeRunAsync()
    {
        string? forbidden;
        try
        {
            forbidden = await _work.Value.BeforeAsync(_ended.Token);
        }
        catch (OperationCanceledException)
        {
            return; // the run has ended, or is given up: nobody waits for the answer
        }

        _loop.Tell(new PreRunAnswered(forbidden));
    }

    private async Task StoreAsync(string task, int attempt, PlanWrites writes)
    {
        try
        {
            _loop.Tell(new MemoryAnswered(task, attempt, await PlanMemory.StoreAsync(_services.Memory, writes, CancellationToken.None)));
        }
        catch (StorageException e)
        {
            // The log is in the same database; if that cannot be written the run has ended already.
            _loop.Tell(new MemoryAnswered(task, attempt, e.Message));
        }
    }

    private void Perform(RunEffect effect)
    {
        switch (effect)
        {
            case RestoreEffects:
                foreach (var found in Queen.Effects(_state)) Perform(found);
                break;
            case StartAttempt e when e.Node.Current?.Number == e.Attempt: Start(e); break;
            case RunPreHooks: _ = Task.Run(BeforeRunAsync); break;
            case StoreMemory e when Queen.IsUnstored(e.Node): Store(e); break;
            case StopAttempt e: _work.Value.Stopping(e.Node.Key, e.Attempt, e.Why, e.Why == StopReason.None ? e.Node.Attempts[^1].Result?.Outcome : null); _pool.Stop(e.Node.Key, e.Attempt); break;
            case AbandonAttempt e: _pool.Abandon(e.Node.Key, e.Attempt); break;
            case SuspendAttempt e: _pool.Suspend(e.Node.Key, e.Attempt, e.Suspended); break;
            case HoldStarts e: _pool.Hold(e.Held); break;
            case OpenAgents e: _pool.Open(e.Spec, e.Numbers); break;
            case CloseAgents e: _pool.Close(e.Spec, e.Numbers); break;
        }
    }

    private void Start(StartAttempt e)
    {
        var work = _starter.Prepare(e.Node, _work.Value, out var announces);
        var attempt = e.Node.Current!;
        // One that has begun outlived a process: it goes on under the name that the log gives it, and not before its task is continued.
        _pool.Start(e.Node.Key, e.Attempt, attempt.Agent, work, announces, attempt.StartedAt is null ? 0 : InstanceName.NumberOf(attempt.Agent, attempt.AgentName), e.Node.Paused);
    }

    private void Store(StoreMemory e)
    {
        var writes = PlanWrites.Of(_state, e.Node);
        _ = Task.Run(() => StoreAsync(e.Node.Key, e.Attempt, writes));
    }
}

/// <summary>What runs' shells share.</summary>
/// <param name="SkepDirectory">Absolute path of the <c>.skep</c> folder.</param>
/// <param name="Live">Lists what is at work.</param>
/// <param name="Hooks">Runs hooks.</param>
/// <param name="Memory">The folder's memory.</param>
internal sealed record RunServices(string SkepDirectory, LiveWork Live, HookRunner Hooks, Memory.MemoryStore Memory);
