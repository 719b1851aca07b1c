using System.Diagnostics;
using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Bench;

/// <summary>
/// What the built-in coordination protocol costs: three agents with tasks of two to three seconds, with the protocol and without, in turns.
/// Hooks call the thin client that SKEP_THIN names, else the program.
/// </summary>
internal static class Coordination
{
    private const int Rounds = 3;
    private const int TasksPerAgent = 3;

    public static async Task RunAsync(Table table)
    {
        var directory = Directory.CreateTempSubdirectory("skep-bench-").FullName;
        try
        {
            var (program, thin) = (Program(), Environment.GetEnvironmentVariable("SKEP_THIN"));
            var command = new CommandExecutorOptions { SkepProgram = program, SkepClient = thin };
            await using var host = SkepHost.Open(SkepFolder.Create(directory), new SkepHostOptions { Command = command });
            var (with, without) = (new List<RunFigures>(), new List<RunFigures>());
            await RunAsync(host, directory, "warm", protocol: true);
            for (var i = 0; i < Rounds; i++)
            {
                without.Add(await RunAsync(host, directory, $"without-{i}", protocol: false));
                with.Add(await RunAsync(host, directory, $"with-{i}", protocol: true));
            }

            Report(table, with, without, thin is null ? "the program" : "the thin client");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Report(Table table, List<RunFigures> with, List<RunFigures> without, string client)
    {
        var overhead = Median(with.Select(r => r.HookSeconds / r.TaskSeconds));
        var (wall, bare) = (Median(with.Select(r => r.WallSeconds)), Median(without.Select(r => r.WallSeconds)));
        var failed = with.Sum(r => r.Failures);
        table.Row($"coordination protocol by {client}: hook time per task time, {with[0].Calls} calls, {failed} failed", $"{overhead:0.0%}", "", null, "< 5 %, none failed", overhead < 0.05 && failed == 0);
        table.Row("wall time of 3 agents × 3 tasks of 2 to 3 s with it", $"{wall:0.00} s", $"without {bare:0.00} s", wall / bare, "< 1.05", wall / bare < 1.05);
    }

    private static async Task<RunFigures> RunAsync(SkepHost host, string directory, string id, bool protocol)
    {
        var clock = Stopwatch.StartNew();
        var text = PlanOf(protocol);
        var plan = PlanReader.Read(text).Plan ?? throw new InvalidOperationException("the benchmark's plan is wrong");
        var run = await host.StartAsync(new RunRequest { RunId = id, Plan = plan, PlanText = text, PlanDirectory = directory, Workspace = directory });
        if (await run.Completion is var status and not RunStatus.Succeeded) throw new InvalidOperationException($"the run {status}");
        var wall = clock.Elapsed.TotalSeconds;
        var state = RunReader.Load(host.Store, host.Blobs, id);
        var attempts = state.WorkNodes.SelectMany(n => n.Attempts).ToList();
        return new RunFigures(
            wall, attempts.Sum(a => a.Duration(state.LastAt).TotalSeconds), attempts.Sum(a => a.Hooks.ElapsedMs) / 1000.0, attempts.Sum(a => a.Hooks.Calls), attempts.Sum(a => a.Hooks.Failures));
    }

    private static string PlanOf(bool protocol)
    {
        var include = protocol ? ", protocols: [coordination]" : "";
        var agents = string.Concat(Enumerable.Range(0, 3).Select(a => $"  a{a}: {{ replicas: 1{include} }}\n"));
        var tasks = string.Concat(Enumerable.Range(0, 3 * TasksPerAgent).Select(t => $"  - {{ id: t{t}, agent: a{t % 3}, run: \"sleep {2 + t % 3 * 0.5:0.0}\" }}\n"));
        return $"plan: bench\nswarm: {{ max_concurrency: 3 }}\nagents:\n{agents}tasks:\n{tasks}";
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    /// <summary>The program that was built together with the benchmark, or the one that SKEP names.</summary>
    private static string Program()
    {
        if (Environment.GetEnvironmentVariable("SKEP") is { Length: > 0 } named) return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var program = Path.Combine(folder.FullName, "src", "Skep.Cli", "bin", "Release", "net10.0", "skep");
            if (File.Exists(program)) return program;
        }

        throw new InvalidOperationException("the program is not built: run 'dotnet build -c Release src/Skep.Cli', or name it in SKEP");
    }

    private sealed record RunFigures(double WallSeconds, double TaskSeconds, double HookSeconds, int Calls, int Failures);
}
