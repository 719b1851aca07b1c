using System.Globalization;
using System.Text.Json;
using Skep.Orchestration;
using Skep.Storage;
using Xunit.Abstractions;
using TaskStatus = Skep.Orchestration.TaskStatus;

namespace Skep.Crash;

/// <summary>
/// Kills a working <c>skep</c> again and again, at random instants, and resumes it. <c>SKEP_CRASH_KILLS</c> sets how often (default 60,
/// in CI 200), <c>SKEP_SEED</c> the instants.
/// </summary>
[Collection("kills")]
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const string Run = "crash";

    private readonly string _root = Directory.CreateTempSubdirectory("skep-crash-").FullName;
    private readonly Dictionary<long, string> _acknowledged = [];
    private int _settled;

    [Fact]
    public async Task Whatever_was_acknowledged_is_kept_and_nothing_settled_runs_again()
    {
        if (OperatingSystem.IsWindows()) return; // commands need a Unix; so does SIGKILL
        var kills = Number("SKEP_CRASH_KILLS", 60);
        var random = new Random(Number("SKEP_SEED", 1));
        var (killed, calm) = (Folder("killed"), Folder("calm"));

        var done = 0;
        for (; done < kills; done++) await LiveAndDieAsync(killed, first: done == 0, random, kills - done);
        foreach (var folder in new[] { killed, calm }) await File.WriteAllTextAsync(Path.Combine(folder, "go"), "");
        await FinishAsync(killed, "resume", Run, "--json", "--no-report");
        await FinishAsync(calm, "run", "plan.yaml", "--id", Run, "--json", "--no-report");

        var state = await StateAsync(killed);
        await CheckLogAsync(killed);
        CheckLedger(killed, state);
        CheckHooks(killed, state);
        await CheckMemoryAsync(killed);
        Same(await StateAsync(calm), state);
        var lost = state.Nodes.Sum(n => n.Attempts.Count(a => a.Result?.Outcome == AttemptOutcome.Lost));
        output.WriteLine($"{done} kills, {state.Recoveries} recoveries, {_acknowledged.Count} acknowledged events, {lost} attempts lost and repeated");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>One life: starts or resumes, lives until it has settled a few more tasks, or for some milliseconds, and is killed.</summary>
    private async Task LiveAndDieAsync(string folder, bool first, Random random, int livesLeft)
    {
        using var skep = first && !File.Exists(Path.Combine(folder, ".skep", "skep.db"))
            ? new SkepProcess(folder, "run", "plan.yaml", "--id", Run, "--json", "--no-report")
            : new SkepProcess(folder, "resume", Run, "--json", "--no-report");
        // On average a life may settle its share of what is left; every fourth is cut short by the clock instead, often before it works at all.
        const int most = CrashPlan.Tasks - CrashPlan.Held;
        var share = 2.0 * (most - _settled) / livesLeft;
        var target = Math.Min(most, _settled + (int)Math.Round(random.NextDouble() * share));
        var early = !first && random.Next(4) == 0;
        await using var timer = TimeProvider.System.CreateTimer(_ => skep.Kill(), null, early ? TimeSpan.FromMilliseconds(random.Next(250)) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        for (var seen = false; !seen || early || _settled < target; seen = true)
        {
            if (await skep.NextAsync() is not { } e) break;
            Acknowledge(e);
        }

        SpinFor(random);
        skep.Kill();
        while (await skep.NextAsync() is { } e) Acknowledge(e);
        await skep.EndAsync();
        // What was on disk but not printed yet counts as well.
        _settled = File.Exists(Path.Combine(folder, ".skep", "skep.db")) ? await SettledAsync(folder) : 0;
    }

    private static async Task<int> SettledAsync(string folder)
    {
        try
        {
            return (await StateAsync(folder)).WorkSettled;
        }
        catch (RunLogException)
        {
            return 0; // killed before the run's first event
        }
    }

    /// <summary>Between two events there are instants, too.</summary>
    private static void SpinFor(Random random) => Thread.SpinWait(random.Next(200_000));

    private void Acknowledge(JsonElement e)
    {
        _acknowledged[e.GetProperty("seq").GetInt64()] = e.GetRawText();
        if (e.GetProperty("type").GetString() == "attempt-ended" && e.TryGetProperty("final", out _)) _settled++;
    }

    private static async Task FinishAsync(string folder, params string[] arguments)
    {
        using var skep = new SkepProcess(folder, arguments);
        var code = await skep.EndAsync();
        Assert.True(code == 0, $"exit code {code}: {skep.Errors}");
    }

    private static async Task<RunState> StateAsync(string folder)
    {
        var skep = SkepFolder.Create(folder);
        await using var store = SqliteStore.OpenReader(skep);
        return RunReader.Load(store, new BlobStore(skep.BlobsPath), Run);
    }

    /// <summary>Every event that was printed before some kill stands in the log, at its place, as it was printed.</summary>
    private async Task CheckLogAsync(string folder)
    {
        var log = new Dictionary<long, string>();
        using var skep = new SkepProcess(folder, "events", Run);
        while (await skep.NextAsync() is { } e) log[e.GetProperty("seq").GetInt64()] = e.GetRawText();
        Assert.NotEmpty(_acknowledged);
        foreach (var (seq, text) in _acknowledged) Assert.Equal(text, log.GetValueOrDefault(seq));
    }

    /// <summary>Every attempt began at most once, none began after its task had settled, and every task came to its end.</summary>
    private static void CheckLedger(string folder, RunState state)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, "ledger"));
        Assert.Equal(lines.Length, lines.Distinct().Count());
        foreach (var line in lines.Select(l => l.Split(' ')).Where(l => l[0] == "begin"))
        {
            var node = state.Find(line[1])!;
            Assert.InRange(int.Parse(line[2], CultureInfo.InvariantCulture), 1, node.Attempts[^1].Number);
        }

        foreach (var node in state.Nodes.Where(n => n.Task is not null))
            Assert.Contains($"end {node.Key} {node.Attempts[^1].Number}", lines);
    }

    /// <summary>Hooks ran around the attempt that succeeded.</summary>
    private static void CheckHooks(string folder, RunState state)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, "hooks"));
        foreach (var node in state.Nodes.Where(n => n.Task is { Hooks.Count: > 0 }))
        {
            Assert.Contains($"pre {node.Key} {node.Attempts[^1].Number}", lines);
            Assert.Contains($"post-succeeded {node.Key} {node.Attempts[^1].Number}", lines);
        }
    }

    /// <summary>All that was written is in the folder's memory, and each value was stored once.</summary>
    private static async Task CheckMemoryAsync(string folder)
    {
        await using var host = SkepHost.Open(SkepFolder.Create(folder), new SkepHostOptions { Listen = false });
        for (var i = 5; i < CrashPlan.Tasks; i += 10)
        {
            var entry = host.Memory.Get($"plan/crash/w{i}");
            Assert.Equal(($"written by t{i}", 1L), (entry?.Text, entry?.Version));
        }
    }

    private static void Same(RunState calm, RunState killed)
    {
        Assert.Equal(RunStatus.Succeeded, killed.Status);
        foreach (var expected in calm.Nodes)
        {
            var actual = killed.Find(expected.Key)!;
            Assert.Equal((expected.Key, expected.Status), (actual.Key, actual.Status));
            Assert.Equal(expected.Outputs.Select(o => o.ToString()), actual.Outputs.Select(o => o.ToString()));
        }

        Assert.All(killed.Nodes.Where(n => n.Task is not null), n => Assert.Equal(TaskStatus.Succeeded, n.Status));
    }

    private string Folder(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        SkepFolder.Create(folder);
        File.WriteAllText(Path.Combine(folder, "plan.yaml"), CrashPlan.Text());
        return folder;
    }

    private static int Number(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
