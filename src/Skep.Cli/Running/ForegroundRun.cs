using Skep.Agents;
using Skep.Mcp;

namespace Skep.Cli.Running;

/// <summary>
/// Works on a run in this process until it ends or somebody stops it, and says how it went. Nobody else can work on this folder meanwhile, so that runs which servers are asked for are taken
/// in; the process then stays until they end, too. Its exit code is that of its own run.
/// </summary>
internal sealed class ForegroundRun : IAsyncDisposable
{
    private readonly CliContext _cli;
    private readonly RunShow _show;
    private readonly RunGuests _guests;
    private readonly TaskCompletionSource<int> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _second = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _telling = new();
    private IRunScreen? _screen;

    private ForegroundRun(CliContext cli, RunShow show, RunGuests guests, SkepHost host)
    {
        (_cli, _show, _guests, Host) = (cli, show, guests, host);
        guests.Came = run => Tell($"also works on {run}, which another process asked for");
        guests.Ended = (run, how) => Tell(EndOf(run, how));
    }

    /// <summary>The owner of the folder.</summary>
    public SkepHost Host { get; }

    /// <summary>Becomes the owner of a folder.</summary>
    public static async Task<ForegroundRun> OpenAsync(CliContext cli, SkepFolder folder, RunShow show, CancellationToken cancel)
    {
        var guests = new RunGuests(plan => ModelChecks.Of(plan, folder.Root, cli.Variable).Errors is { Count: > 0 } errors ? string.Join("; ", errors) : null);
        var hosting = cli with { ConfigureHost = options => cli.ConfigureHost(options with { Extensions = [.. options.Extensions, guests] }) };
        return new ForegroundRun(cli, show, guests, await Hosts.OpenAsync(hosting, folder, cancel));
    }

    /// <summary>Starts the run with <paramref name="start"/> and watches it. Returns the exit code.</summary>
    public async Task<int> WatchAsync(Func<IRunObserver, Task<RunHandle>> start)
    {
        using var signals = _cli.Signals.Subscribe(OnSignal);
        var (handle, status, stoppedBy) = await WatchOwnAsync(start);
        if (!status.IsEnded())
        {
            await StopGuestsAsync();
            return SayStopped(handle.RunId, stoppedBy);
        }

        var code = await new RunEnding(_cli, Host.Store, Host.Blobs, _show).SayAsync(handle.RunId);
        await SeeGuestsOffAsync();
        return code;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private async Task<(RunHandle Handle, RunStatus Status, int StoppedBy)> WatchOwnAsync(Func<IRunObserver, Task<RunHandle>> start)
    {
        var stoppedBy = 0;
        await using var screen = RunScreens.Create(_cli, _show);
        Show(screen);
        try
        {
            var handle = await start(screen);
            if (await Task.WhenAny(handle.Completion, _first.Task) == _first.Task && !handle.Completion.IsCompleted)
            {
                stoppedBy = await _first.Task;
                screen.Note("stopping; once more to leave at once");
                await StopAsync(handle, screen);
            }

            return (handle, await handle.Completion, stoppedBy);
        }
        finally
        {
            Show(null);
        }
    }

    private void Show(IRunScreen? screen)
    {
        lock (_telling) _screen = screen;
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
        _cli.ExitNow(await _second.Task);
    }

    /// <summary>The runs that were taken in are worked on to their end, unless somebody stops that.</summary>
    private async Task SeeGuestsOffAsync()
    {
        using var stop = new CancellationTokenSource();
        var ending = _guests.EndAsync(stop.Token);
        if (ending.IsCompleted) return;
        Say($"this process stays for {string.Join(", ", _guests.Live)}; Ctrl-C stops that, and 'skep resume' takes it up");
        if (await Task.WhenAny(ending, _first.Task) == ending) return;
        await stop.CancelAsync();
        await StopGuestsAsync();
    }

    private async Task StopGuestsAsync()
    {
        var stopping = _guests.StopAsync();
        if (await Task.WhenAny(stopping, _second.Task) != stopping) _cli.ExitNow(await _second.Task);
    }

    private static string EndOf(string run, RunStatus? status) => status is not { } known ? $"{run} could not go on; see: skep doctor"
        : known.IsEnded() ? $"{run} {known.Name()}; see: skep report {run}"
        : $"{run} stopped; resume with: skep resume {run}";

    /// <summary>Says something about a run that was taken in: on the screen while there is one.</summary>
    private void Tell(string line)
    {
        lock (_telling)
        {
            if (_screen is { } screen) screen.Note(line);
            else Say(line);
        }
    }

    /// <summary>Standard output belongs to the events, or to the last line.</summary>
    private void Say(string line)
    {
        try
        {
            (_show.Json || _show.Quiet ? _cli.Error : _cli.Out).WriteLine(line);
        }
        catch (IOException)
        {
            // Whoever read it has gone; the runs go on.
        }
    }

    private int SayStopped(string run, int exitCode)
    {
        (_show.Json ? _cli.Error : _cli.Out).WriteLine($"stopped; resume with: skep resume {run}");
        return exitCode == 0 ? ExitCodes.Interrupted : exitCode;
    }
}
