using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Bench;

/// <summary>A host in a temporary folder with an executor that does nothing.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("skep-bench-").FullName;

    public Rig(IExecutor? executor = null)
    {
        Host = SkepHost.Open(SkepFolder.Create(_directory), new SkepHostOptions { Executors = [executor ?? new NoOp()], Listen = false });
    }

    public SkepHost Host { get; }

    public string Directory1 => _directory;

    public async Task<(RunStatus Status, TimeSpan Elapsed)> RunAsync(Plan plan, string id)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var run = await Host.StartAsync(new RunRequest
        {
            RunId = id,
            Plan = plan,
            PlanText = "bench",
            PlanDirectory = _directory,
            Workspace = _directory,
        });
        var status = await run.Completion;
        return (status, clock.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        System.IO.Directory.Delete(_directory, recursive: true);
    }

    public sealed class NoOp : IExecutor
    {
        private static readonly Task<AttemptResult> Done = Task.FromResult(new AttemptResult { Outcome = AttemptOutcome.Succeeded });

        public string Kind => ExecutorKinds.Command;

        public Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel) => Done;
    }
}
