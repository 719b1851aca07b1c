using Skep.Orchestration.Tests.Core;
using Skep.Storage;

namespace Skep.Orchestration.Tests.Shell;

/// <summary>A folder with a host, for tests that run plans for real.</summary>
internal sealed class Hive : IAsyncDisposable
{
    /// <summary>Long enough for any machine; it ends a test that would hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly SkepHostOptions _options;

    public Hive(SkepHostOptions? options = null)
    {
        _options = options ?? new SkepHostOptions();
        Folder = SkepFolder.Create(Root);
        Host = SkepHost.Open(Folder, _options);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("skep-hive-").FullName;

    public SkepFolder Folder { get; }

    public SkepHost Host { get; private set; }

    public Task<RunHandle> StartAsync(string yaml, params IRunObserver[] observers) => StartAsync(yaml, "run-1", observers);

    public Task<RunHandle> StartAsync(string yaml, string id, params IRunObserver[] observers) => Host.StartAsync(
        new RunRequest { RunId = id, Plan = QueenRig.Parse(yaml), PlanText = yaml, PlanDirectory = Root, Workspace = Root }, observers);

    public async Task<RunState> RunAsync(string yaml)
    {
        var run = await StartAsync(yaml);
        await run.Completion.WaitAsync(Patience);
        return State(run.RunId);
    }

    public RunState State(string id = "run-1") => RunReader.Load(Host.Store, Host.Blobs, id);

    /// <summary>Ends the process, as it were, and begins a new one on the same folder.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = SkepHost.Open(Folder, _options);
    }

    public string PathOf(string name) => Path.Combine(Root, name);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Completes when an event has been seen.</summary>
    public sealed class Watch(Func<RunEvent, bool> wanted) : IRunObserver
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task.WaitAsync(Patience);

        public void OnAdvanced(RunState state, IReadOnlyList<RecordedEvent> events)
        {
            if (events.Any(e => wanted(e.Event))) _seen.TrySetResult();
        }
    }
}
