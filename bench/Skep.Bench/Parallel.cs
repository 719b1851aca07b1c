using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Bench;

/// <summary>The quickstart's survey of this repository, eight agents at a time against one task after the other.</summary>
internal static class Parallel
{
    private const int Rounds = 5;

    public static async Task RunAsync(Table table)
    {
        var root = Root();
        var directory = Directory.CreateTempSubdirectory("skep-bench-").FullName;
        try
        {
            await using var host = SkepHost.Open(SkepFolder.Create(directory), new SkepHostOptions { Listen = false });
            await SurveyAsync(host, root, 8, "warm");
            var (parallel, sequential) = (double.MaxValue, double.MaxValue);
            for (var i = 0; i < Rounds; i++)
            {
                sequential = Math.Min(sequential, await SurveyAsync(host, root, 1, $"one{i}"));
                parallel = Math.Min(parallel, await SurveyAsync(host, root, 8, $"eight{i}"));
            }

            table.Row("examples/quickstart on this repository, 8 at a time", $"{parallel:0.00} s", $"one task after the other {sequential:0.00} s", sequential / parallel, "", null);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<double> SurveyAsync(SkepHost host, string root, int concurrency, string id)
    {
        var folder = Path.Combine(root, "examples", "quickstart");
        var text = await File.ReadAllTextAsync(Path.Combine(folder, "plan.yaml"));
        var plan = PlanReader.Read(text).Plan ?? throw new InvalidOperationException("the quickstart's plan is not valid");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var run = await host.StartAsync(new RunRequest { RunId = id, Plan = plan, PlanText = text, PlanDirectory = folder, Workspace = root, MaxConcurrency = concurrency });
        var status = await run.Completion;
        return status == RunStatus.Succeeded ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"the run {status}");
    }

    private static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Skep.slnx"))) return at.FullName;
        throw new InvalidOperationException("run this from within the repository");
    }
}
