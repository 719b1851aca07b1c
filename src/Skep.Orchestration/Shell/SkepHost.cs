using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Skep.Memory;
using Skep.Orchestration.Coordination;
using Skep.Orchestration.Hooks;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>
/// The owner of a <c>.skep</c> folder: starts and resumes runs, and takes requests of other processes over the folder's socket.
/// One process owns a folder at a time.
/// </summary>
public sealed class SkepHost : IAsyncDisposable
{
    private readonly SkepHostOptions _options;
    private readonly ConcurrentDictionary<string, RunHandle> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IExecutor> _executors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IGateCheck> _gates = new(StringComparer.Ordinal);
    private readonly LiveWork _liveWork = new();
    private readonly SemaphoreSlim _launching = new(1);
    private readonly IReadOnlyList<HostParts> _parts;
    private readonly RequestDispatcher _dispatcher;
    private readonly ControlServer? _server;
    private bool _closed;

    private SkepHost(SkepFolder folder, SkepHostOptions options)
    {
        (Folder, _options) = (folder, options);
        Store = SqliteStore.OpenOwner(folder, new StoreOptions { Time = options.Time, Modules = [MemoryStore.Module, HookLedger.Module, .. options.Extensions.SelectMany(e => e.Modules)] });
        Memory = MemoryStore.Open(Store, options.Time, shared: options.SharedCache?.Invoke(folder), notice: options.CacheNotice);
        MemorySearch = options.MemorySearch?.Invoke(Memory, folder) ?? MemorySearch.OpenReader(Memory);
        Blobs = new BlobStore(folder.BlobsPath, options.Time);
        var command = new CommandExecutor(new BlobArtifacts(Blobs), options.Command with { Time = options.Time });
        Register(command);
        Register(new HumanExecutor());
        if (options.Agents is { } agents) Register(new DotNetExecutor(agents));
        foreach (var executor in options.Executors) Register(executor);
        foreach (var gate in BuiltInGates(command).Concat(options.Gates)) _gates[gate.Kind] = gate;
        Ledger = new HookLedger(Store, Memory, folder, options.Time, LiveWork);
        _parts = [.. options.Extensions.Select(e => e.Attach(this))];
        foreach (var executor in _parts.SelectMany(p => p.Executors)) Register(executor);
        _dispatcher = new RequestDispatcher(this, [new MemoryFamily(Memory, MemorySearch), new PatternFamily(Memory, MemorySearch), new HooksFamily(Ledger), new MessagesFamily(Ledger), .. options.Families, .. _parts.SelectMany(p => p.Families)]);
        _server = options.Listen ? ControlServer.Start(folder, _dispatcher) : null;
    }

    /// <summary>The folder.</summary>
    public SkepFolder Folder { get; }

    /// <summary>Its log.</summary>
    public SqliteStore Store { get; }

    /// <summary>What its runs, agents and callers remember.</summary>
    public MemoryStore Memory { get; }

    /// <summary>Finds what is remembered.</summary>
    public MemorySearch MemorySearch { get; }

    /// <summary>What hooks and messages leave behind.</summary>
    public HookLedger Ledger { get; }

    /// <summary>Its blobs.</summary>
    public BlobStore Blobs { get; }

    /// <summary>Its clock.</summary>
    public TimeProvider Time => _options.Time;

    /// <summary>What is at work in this process: who may edit what, and whose hooks hear of it.</summary>
    public ILiveWork LiveWork => _options.LiveWork ?? _liveWork;

    /// <summary>Ids of the runs that are being worked on in this process.</summary>
    public IReadOnlyCollection<string> LiveRuns => [.. _live.Values.Where(r => !r.Completion.IsCompleted).Select(r => r.RunId)];

    /// <summary>Becomes the owner of a folder.</summary>
    /// <exception cref="StorageException">Another process owns it, or it cannot be opened.</exception>
    public static SkepHost Open(SkepFolder folder, SkepHostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new SkepHost(folder, options ?? new SkepHostOptions());
    }

    /// <summary>
    /// Becomes the owner of a folder; where another process is that only for a moment (to record what a hook tells, say), after that. An owner
    /// that takes requests of others stays, and is not waited for.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StorageException">Another process owns it and goes on doing so, or it cannot be opened.</exception>
    public static async Task<SkepHost> OpenAsync(SkepFolder folder, SkepHostOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new SkepHostOptions();
        var turn = new TurnWait(options.Time);
        while (true)
        {
            try
            {
                return Open(folder, options);
            }
            catch (StorageException e) when (e.Fault == StorageFault.Locked && !turn.IsOver)
            {
                using var listening = await ControlChannel.TryConnectAsync(folder, cancel);
                if (listening is not null) throw;
                await turn.WaitAsync(cancel);
            }
        }
    }

    /// <summary>Starts a run. Returns when its first event is durable.</summary>
    /// <exception cref="PlanNotRunnableException">The plan asks for what this host does not have, or a variable is wrong.</exception>
    /// <exception cref="StorageException">The store cannot be written.</exception>
    public async Task<RunHandle> StartAsync(RunRequest request, params IReadOnlyList<IRunObserver> observers)
    {
        ArgumentNullException.ThrowIfNull(request);
        RunChecks.Require(request, _executors.Keys, _gates.Keys);
        using var turn = await TakeTurnAsync(CancellationToken.None);
        var hash = (await Blobs.PutAsync(Encoding.UTF8.GetBytes(request.PlanText))).Sha256;
        var started = new RunStarted(
            request.RunId,
            request.Plan.Name,
            hash,
            request.PlanFile,
            Path.GetFullPath(request.Workspace),
            Path.GetFullPath(request.PlanDirectory),
            Folder.RunPath(request.RunId),
            request.Vars,
            HostValues.For(request.Plan, _options.Command.HostEnvironment()),
            request.MaxConcurrency,
            BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
            _options.Version,
            PlanMemory.Read(request.Plan, Memory));
        if (Store.Find(request.RunId) is not null) throw new PlanNotRunnableException($"there is a run '{request.RunId}' already; choose another --id, or resume it with 'skep resume {request.RunId}'");
        MakeFolders(started);
        var log = new RunLog(Store, request.RunId);
        return await LaunchAsync(RunState.For(request.Plan), log, new StartRun(started), observers);
    }

    /// <summary>Takes a run up again where its log ends. Stops what attempts of an earlier process have left running.</summary>
    /// <exception cref="RunLogException">There is no such run, or its log cannot be read.</exception>
    public async Task<RunHandle> ResumeAsync(string runId, CancellationToken cancel, params IReadOnlyList<IRunObserver> observers)
    {
        using var turn = await TakeTurnAsync(cancel);
        if (FindLive(runId) is { } live) return live;
        var (state, log) = RunReader.LoadForWriting(Store, Blobs, runId);
        MakeFolders(state.Info!);
        foreach (var executor in _executors.Values) await executor.ReclaimAsync(runId, state.Info!.RunDirectory, cancel);
        return await LaunchAsync(state, log, new RecoverRun(_options.Identity, Survives), observers);
    }

    /// <summary>Answers a request as the socket does: runs, and every family.</summary>
    /// <param name="request">The request.</param>
    /// <param name="receive">For requests that stream: takes each element.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<ControlResponse> AnswerAsync(ControlRequest request, Action<JsonElement>? receive = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _dispatcher.AnswerAsync(
            request,
            (element, _) =>
            {
                if (element.Result is { } result) receive?.Invoke(result);
                return ValueTask.CompletedTask;
            },
            cancel);
    }

    /// <summary>Passes a control request to a live run, or records it in the log of one that nobody works on.</summary>
    /// <returns>Null when it was carried out, else why not.</returns>
    public async Task<string?> ControlAsync(string runId, RunInput input, CancellationToken cancel = default)
    {
        if (FindLive(runId) is { } live) return await live.AskAsync(input, cancel);
        using var turn = await TakeTurnAsync(cancel);
        if (FindLive(runId) is { } begun) return await begun.AskAsync(input, cancel);
        return await RecordAsync(runId, input, cancel);
    }

    /// <summary>Takes the run over for a moment: what the process before has left running is stopped, and the time since then is no working time.</summary>
    private async Task<string?> RecordAsync(string runId, RunInput input, CancellationToken cancel)
    {
        var (state, log) = RunReader.LoadForWriting(Store, Blobs, runId);
        state.HasWorkers = false;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(_options.Time.GetUtcNow().ToUnixTimeMilliseconds(), state.LastAt.ToUnixTimeMilliseconds()));
        var events = new List<RunEvent>();
        // A number is only noted: a task that outlived its queen may report one, and must not be stopped by its own report.
        if (!state.Status.IsEnded() && input is not ReportMetric)
        {
            foreach (var executor in _executors.Values) await executor.ReclaimAsync(runId, state.Info!.RunDirectory, cancel);
            events.AddRange(Queen.Decide(state, new RecoverRun(_options.Identity, Survives), now).Events);
        }

        var decision = Queen.Decide(state, input, now);
        if (decision.Refusal is { } refusal) return refusal;
        events.AddRange(decision.Events);
        await log.AppendAsync(state, events, now);
        return null;
    }

    /// <summary>Stops all runs (they can be resumed) and gives the folder up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        // Whoever is about to start a run does so before, and its run is stopped; whoever comes later is told.
        using (await TakeTurnAsync(CancellationToken.None, closing: true))
            await Task.WhenAll(_live.Values.Select(run => run.StopAsync()));
        foreach (var part in _parts.SelectMany(p => p.Executors.Cast<object>().Concat(p.Families)).OfType<IAsyncDisposable>()) await part.DisposeAsync();
        await MemorySearch.DisposeAsync();
        await Memory.DisposeAsync();
        await Store.DisposeAsync();
    }

    /// <summary>Runs are started and resumed one after the other, so that two requests for one run cannot both begin it.</summary>
    private async Task<IDisposable> TakeTurnAsync(CancellationToken cancel, bool closing = false)
    {
        await _launching.WaitAsync(cancel);
        var turn = new Turn(_launching);
        if (!_closed || closing)
        {
            _closed |= closing;
            return turn;
        }

        turn.Dispose();
        throw new RunLogException("this host is closed; open the folder again");
    }

    private sealed class Turn(SemaphoreSlim slot) : IDisposable
    {
        public void Dispose() => slot.Release();
    }

    private RunHandle? FindLive(string runId) =>
        _live.TryGetValue(runId, out var live) && !live.Completion.IsCompleted ? live : null;

    private bool Survives(string kind) => kind.StartsWith(Executors.GatePrefix, StringComparison.Ordinal)
        ? _gates.TryGetValue(kind[Executors.GatePrefix.Length..], out var gate) && gate.SurvivesRestart
        : _executors.TryGetValue(kind, out var executor) && executor.SurvivesRestart;

    private static IGateCheck[] BuiltInGates(IExecutor command) =>
        [new CommandGate(command), new MetricGate(), new DeliverablesGate(), new CoverageGate(), new BenchmarkGate(), new ApprovalGate()];

    private void Register(IExecutor executor) => _executors[executor.Kind] = executor;

    private static void MakeFolders(RunStarted info)
    {
        foreach (var folder in new[] { info.RunDirectory, Path.Combine(info.RunDirectory, RunPaths.Work), Path.Combine(info.RunDirectory, RunPaths.Logs) })
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task<RunHandle> LaunchAsync(RunState state, RunLog log, RunInput first, IReadOnlyList<IRunObserver> observers)
    {
        var hooks = new HookRunner(_executors[ExecutorKinds.Command]);
        var services = new RunServices(Folder.Root, _liveWork, hooks, Memory);
        var shell = new RunShell(state, log, _options.Time, observers, new AttemptStarter(state, Folder.Root, _executors, _gates, hooks), services);
        var run = new RunHandle(first is StartRun start ? start.Event.Run : state.Info!.Run, shell);
        _live[run.RunId] = run;
        try
        {
            await shell.BeginAsync(first);
        }
        catch
        {
            _live.TryRemove(KeyValuePair.Create(run.RunId, run));
            await shell.StopAsync();
            throw;
        }

        _ = shell.Completion.ContinueWith(_ => _live.TryRemove(KeyValuePair.Create(run.RunId, run)), TaskScheduler.Default);
        return run;
    }
}
