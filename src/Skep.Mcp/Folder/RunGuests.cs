using System.Text.Json;
using Skep.Mcp.Folder;
using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Mcp;

/// <summary>
/// Lets a process that owns a folder for a run of its own, as <c>skep run</c> does, take further runs that servers ask it for: one process owns a folder at a time, so nobody else could work
/// on them. Its owner waits for them with <see cref="EndAsync"/> before it gives the folder up. Thread-safe.
/// </summary>
/// <param name="problem">Why the models of a plan cannot be asked from this process; null when they can. Its environment may not be that of whoever asks.</param>
public sealed class RunGuests(Func<Plan, string?> problem) : IHostExtension
{
    private readonly Lock _lock = new();
    private readonly List<RunHandle> _live = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _starting;
    private bool _closed;

    /// <summary>Hears of a run that was taken in.</summary>
    public Action<string> Came { get; set; } = static _ => { };

    /// <summary>Hears of a run that is over, or was stopped; null: it failed in a way that its log cannot tell.</summary>
    public Action<string, RunStatus?> Ended { get; set; } = static (_, _) => { };

    /// <summary>Ids of the runs that were taken in and are at work.</summary>
    public IReadOnlyList<string> Live
    {
        get
        {
            lock (_lock) return [.. _live.Select(r => r.RunId)];
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<StoreModule> Modules => [];

    /// <inheritdoc />
    public HostParts Attach(SkepHost host) => new([], [new Family(host, this)]);

    /// <summary>
    /// Waits until no run that was taken in is at work, and takes in no more from then on: who asks is answered by the next owner of the folder.
    /// </summary>
    /// <param name="cancel">Gives up waiting; the runs go on until the host is disposed of.</param>
    public async Task EndAsync(CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                _closed |= _live.Count == 0 && _starting == 0;
                if (_closed) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>Stops the runs that were taken in, and takes in no more; they can be resumed.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _closed = true;
            return Task.WhenAll(_live.Select(r => r.StopAsync()));
        }
    }

    private bool Enter()
    {
        lock (_lock)
        {
            if (!_closed) _starting++;
            return !_closed;
        }
    }

    private void Leave(RunHandle? run)
    {
        bool isNew;
        lock (_lock)
        {
            _starting--;
            isNew = run is not null && !_live.Contains(run);
            if (isNew) _live.Add(run!);
            Change();
        }

        if (!isNew) return;
        try
        {
            Came(run!.RunId);
        }
        finally
        {
            _ = FollowAsync(run!);
        }
    }

    private async Task FollowAsync(RunHandle run)
    {
        RunStatus? status = null;
        try
        {
            status = await run.Completion;
        }
#pragma warning disable CA1031 // the process is there for another run, which goes on whatever became of this one
        catch
#pragma warning restore CA1031
        {
            // Its log could not be written.
        }

        try
        {
            Ended(run.RunId, status);
        }
        finally
        {
            lock (_lock)
            {
                _live.Remove(run);
                Change();
            }
        }
    }

    /// <summary>Wakes who waits; called under the lock.</summary>
    private void Change()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Family(SkepHost host, RunGuests guests) : IRequestFamily
    {
        public string Name => "owner";

        public async Task<JsonElement> HandleAsync(FamilyRequest request, CancellationToken cancel) => request.Op switch
        {
            "release" => throw new RequestException(RequestCodes.Refused, $"process {Environment.ProcessId} keeps the folder: {(host.LiveRuns is { Count: > 0 } runs ? $"it works on {string.Join(", ", runs.Take(3))}" : "its run is about to begin or to end")}"),
            "start" => await StartAsync(request.Args, cancel),
            "resume" => await TakeAsync(OwnerRuns.RunOf(request.Args), run => OwnerRuns.ResumeAsync(host, run), cancel),
            _ => throw OwnerFamily.Unknown(request.Op),
        };

        private async Task<JsonElement> StartAsync(JsonElement args, CancellationToken cancel)
        {
            var (asked, plan) = OwnerRuns.Read(args);
            if (guests.Problem(plan) is { } why) throw new RequestException(RequestCodes.Refused, $"process {Environment.ProcessId} owns {SkepFolder.Name}, would do the work, and cannot: {why}");
            return await TakeAsync(asked.Run, _ => OwnerRuns.StartAsync(host, asked, plan), cancel);
        }

        private async Task<JsonElement> TakeAsync(string run, Func<string, Task<RunHandle?>> begin, CancellationToken cancel)
        {
            // The folder is about to be given up: the connection will break, and the request goes to the next owner.
            if (!guests.Enter()) await Task.Delay(Timeout.InfiniteTimeSpan, host.Time, cancel);
            RunHandle? handle = null;
            try
            {
                handle = await begin(run);
                return OwnerRuns.Begun(run);
            }
            finally
            {
                guests.Leave(handle);
            }
        }
    }

    private string? Problem(Plan plan) => problem(plan);
}
