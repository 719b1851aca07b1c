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
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<RunStatus> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunShell(RunState state, RunLog log, TimeProvider time, IReadOnlyList<IRunObserver> observers, AttemptStarter starter)
    {
        (_state, _starter) = (state, starter);
        _loop = new QueenLoop(state, log, time, observers, Perform);
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

        _ = Task.Run(RunAsync);
        // The loop answers every request, also when it fails; then the run's end says why.
        if (await _loop.AskAsync(first, CancellationToken.None) is not null) await _completion.Task;
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
            await _pool.DisposeAsync();
            _completion.TrySetResult(_state.Status);
        }
#pragma warning disable CA1031 // every failure of the loop goes to whoever awaits the run
        catch (Exception e)
#pragma warning restore CA1031
        {
            await _pool.DisposeAsync();
            _completion.TrySetException(e);
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
            case StopAttempt e: _pool.Stop(e.Node.Key, e.Attempt); break;
            case AbandonAttempt e: _pool.Abandon(e.Node.Key, e.Attempt); break;
            case SuspendAttempt e: _pool.Suspend(e.Node.Key, e.Attempt, e.Suspended); break;
            case HoldStarts e: _pool.Hold(e.Held); break;
        }
    }

    private void Start(StartAttempt e) =>
        _pool.Start(e.Node.Key, e.Attempt, e.Node.Current!.Agent, _starter.Prepare(e.Node));
}
