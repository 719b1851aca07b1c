using System.Diagnostics;
using System.Globalization;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;
using Skep.Storage;

namespace Skep.Bench;

/// <summary>
/// What a call of a hook costs another program: the thin client against the bare start of node, with an owner and without; and whether many
/// calls at once lose or double anything. The thin client is the one that SKEP_THIN or <c>--thin PATH</c> names (eng/publish-thin.sh makes it).
/// </summary>
internal static class Hooks
{
    private const int Samples = 20;
    private const int Processes = 8;
    private const int Calls = 1000;

    /// <summary>The thin client, where an option names it.</summary>
    public static string? Thin { get; set; } = Environment.GetEnvironmentVariable("SKEP_THIN");

    public static async Task RunAsync(Table table)
    {
        if (Thin is null || !File.Exists(Thin))
        {
            Console.Error.WriteLine("hooks: build the thin client with eng/publish-thin.sh DIR, and name it with --thin DIR/skepc or SKEP_THIN");
            table.Row("hooks post-edit", "not measured: no thin client", "", null, "< node", null);
            return;
        }

        var directory = Directory.CreateTempSubdirectory("skep-bench-").FullName;
        try
        {
            var folder = SkepFolder.Create(directory);
            await File.WriteAllTextAsync(Path.Combine(directory, "edited.cs"), new string('x', 4000));
            await StartsAsync(table, folder);
            await ManyAsync(table, folder, owned: true);
            await ManyAsync(table, folder, owned: false);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>One after the other, in turn, so that all see the same machine.</summary>
    private static async Task StartsAsync(Table table, SkepFolder folder)
    {
        var (node, alone, owned, full) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var jit = Path.Combine(AppContext.BaseDirectory, "skep");
        string[] edit = ["hooks", "post-edit", "--file", "edited.cs", "--memory-key", "bench/edited"];
        for (var i = -2; i < Samples; i++)
        {
            Note(node, i, Time(folder, "node", "-e", "0"));
            Note(alone, i, Time(folder, Thin!, edit));
            await using var host = SkepHost.Open(folder);
            Note(owned, i, Time(folder, Thin!, edit));
            if (File.Exists(jit)) Note(full, i, Time(folder, jit, edit));
        }

        var flush = Disk.FlushSeconds(folder.ProjectPath, 50) * 1000;
        var bare = Median(node);
        table.Row("thin client, hooks post-edit, with an owner, median of 20", Ms(Median(owned)), $"node -e 0 {Ms(bare)}", Median(owned) / bare, "< node", Median(owned) < bare);
        table.Row("the same without an owner", Ms(Median(alone)), $"node -e 0 {Ms(bare)}", Median(alone) / bare, "< node", Median(alone) < bare);
        if (full.Count > 0) table.Row("the full program, with an owner", Ms(Median(full)), $"node -e 0 {Ms(bare)}", Median(full) / bare, "", null);
        table.Row("one flush of this disk", Ms(flush), "", null, "", null);
    }

    private static async Task ManyAsync(Table table, SkepFolder folder, bool owned)
    {
        var host = owned ? SkepHost.Open(folder) : null;
        var name = owned ? "owned" : "alone";
        // Warmed up: what is compared is growth by calls, not by a first use.
        for (var i = 0; i < 50 && owned; i++) Time(folder, Thin!, "hooks", "post-command", "--command", $"warm {i}");
        var before = Resident();
        var clock = Stopwatch.StartNew();
        var next = 0;
        var failed = 0;
        await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int i; (i = Interlocked.Increment(ref next)) <= Calls;)
                    if (Run(folder, Thin!, "hooks", "post-command", "--command", $"{name} {i}", "--session-id", name) != 0) Interlocked.Increment(ref failed);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var elapsed = clock.Elapsed;
        var after = Resident();
        if (host is not null) await host.DisposeAsync();
        await using var store = SqliteStore.OpenReader(folder);
        var subjects = store.Read(HookLedger.Module, sql => Subjects(sql, name + " "), []);
        var distinct = subjects.Distinct(StringComparer.Ordinal).Count();
        var where = owned ? "with an owner" : "without an owner";
        table.Row($"{Calls} calls from {Processes} processes {where}", $"{subjects.Count} facts, {distinct} different, {failed} failed", $"{elapsed.TotalSeconds:0.0} s, {Calls / elapsed.TotalSeconds:0}/s", null, $"{Calls} facts, each once", subjects.Count == Calls && distinct == Calls && failed == 0);
        if (owned) table.Row("owner's resident memory after these calls", Mb(after), $"before {Mb(before)}", after / (double)before, "≤ 1.2 times", after <= before * 1.2);
    }

    private static List<string> Subjects(SqlSession sql, string prefix)
    {
        var rows = sql.Sql("SELECT subject FROM hooks_facts WHERE substr(subject, 1, ?2) = ?1").Bind(1, prefix).Bind(2, prefix.Length);
        var subjects = new List<string>();
        while (rows.Step()) subjects.Add(rows.Text(0));
        return subjects;
    }

    private static double Time(SkepFolder folder, string program, params string[] args)
    {
        var clock = Stopwatch.StartNew();
        if (Run(folder, program, args) is var code and not 0) throw new InvalidOperationException($"{program} {string.Join(' ', args)}: exit code {code}");
        return clock.Elapsed.TotalMilliseconds;
    }

    private static int Run(SkepFolder folder, string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { WorkingDirectory = folder.ProjectPath, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void Note(List<double> times, int round, double time)
    {
        if (round >= 0) times.Add(time);
    }

    private static double Median(List<double> times)
    {
        var sorted = times.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>After a collection that gives free memory back, so that only what is kept counts and not how far the heap had breathed in.</summary>
    private static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var self = Process.GetCurrentProcess();
        self.Refresh();
        return self.WorkingSet64;
    }

    private static string Ms(double ms) => ms.ToString("0.0", CultureInfo.InvariantCulture) + " ms";

    private static string Mb(long bytes) => (bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture) + " MiB";
}
