namespace Skep.Cli.Running;

/// <summary>Works on a run in this process until it ends or somebody stops it, and says how it went.</summary>
internal sealed class ForegroundRun(CliContext cli, SkepHost host, RunShow show)
{
    private readonly TaskCompletionSource<int> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _second = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts the run with <paramref name="start"/> and watches it. Returns the exit code.</summary>
    public async Task<int> WatchAsync(Func<IRunObserver, Task<RunHandle>> start)
    {
        using var signals = cli.Signals.Subscribe(OnSignal);
        RunHandle handle;
        RunStatus status;
        var stoppedBy = 0;
        await using (var screen = RunScreens.Create(cli, show))
        {
            handle = await start(screen);
            if (await Task.WhenAny(handle.Completion, _first.Task) == _first.Task && !handle.Completion.IsCompleted)
            {
                stoppedBy = await _first.Task;
                screen.Note("stopping; once more to leave at once");
                await StopAsync(handle, screen);
            }

            status = await handle.Completion;
        }

        return status.IsEnded() ? await new RunEnding(cli, host.Store, host.Blobs, show).SayAsync(handle.RunId) : SayStopped(handle.RunId, stoppedBy);
    }

    private void OnSignal(int exitCode)
    {
        if (!_first.TrySetResult(exitCode)) _second.TrySetResult(exitCode);
    }

    private async Task StopAsync(RunHandle handle, IRunScreen screen)
    {
        var stopping = handle.StopAsync();
        if (await Task.WhenAny(stopping, _second.Task) == stopping) return;
        await screen.DisposeAsync();
        // What is still running is found and ended when the run is resumed.
        cli.ExitNow(await _second.Task);
    }

    private int SayStopped(string run, int exitCode)
    {
        (show.Json ? cli.Error : cli.Out).WriteLine($"stopped; resume with: skep resume {run}");
        return exitCode == 0 ? ExitCodes.Interrupted : exitCode;
    }
}
