using System.Globalization;
using Skep.Agents.Queries;
using Skep.Orchestration;
using Skep.Storage;
using Skep.Testing;
using Xunit.Abstractions;

namespace Skep.Crash;

/// <summary>
/// Kills a <c>skep</c> whose agents talk to a model, again and again, and resumes it. <c>SKEP_CRASH_CHAT_KILLS</c> sets how often for each wire format (default 25),
/// <c>SKEP_SEED</c> the instants. The model lives in this process and outlives every kill, so that it knows what it was asked twice.
/// </summary>
[Collection("kills")]
public sealed class ChatKillTests(ITestOutputHelper output) : IDisposable
{
    private const string Run = "chat";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("skep-crash-").FullName;
    private readonly KillCount _count = new();
    private readonly Dictionary<string, List<string>> _durable = [];
    private TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task Nothing_that_was_paid_for_is_bought_again_and_no_tool_has_its_effect_twice(string wire)
    {
        if (OperatingSystem.IsWindows()) return; // commands need a Unix; so does SIGKILL
        var kills = Number("SKEP_CRASH_CHAT_KILLS", 25);
        var random = new Random(Number("SKEP_SEED", 1));
        var (calm, killed) = (Folder("calm"), Folder("killed"));
        await using var calmServer = await ScriptedModelServer.StartAsync(ChatCrashPlan.Model(static () => { }));
        await using var server = await ScriptedModelServer.StartAsync(ChatCrashPlan.Model(() => _asked.TrySetResult()));

        await FinishAsync(calm, calmServer, wire, "run", "plan.yaml", "--id", Run, "--json", "--no-report");
        var call = await ChatLog.ReadAsync(calm, Run, log => Median(log.Store.Calls(Run).Select(c => (double)c.Ms!.Value)));
        for (var done = 0; done < kills; done++) await LiveAndDieAsync(killed, server, wire, first: done == 0, random, LongestLife(call, kills - done));
        await FinishAsync(killed, server, wire, "resume", Run, "--json", "--no-report");

        output.WriteLine($"{wire}: {_count}; {server.Model.Exchanges.Total} requests for {ChatCrashPlan.Agents * (ChatCrashPlan.Turns + 1)} turns");
        Assert.True(_count.UnderWay > kills / 2, $"only {_count.UnderWay} of {kills} kills met agents at work");
        await CheckModelAsync(server.Model, killed);
        await ChatChecks.CheckAsync(killed, Run, _durable);
        await CheckSameAsync(calm, killed);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>
    /// How long the longest life may last from its first request on. A life between nothing and W, where a call takes D, ends a turn of each agent with the
    /// chance (W - D) / W; that is set to be the share of the turns that are left.
    /// </summary>
    private TimeSpan LongestLife(double callMs, int livesLeft)
    {
        var left = ChatCrashPlan.Agents * ChatCrashPlan.Turns - _count.Turns;
        var share = Math.Clamp((double)left / livesLeft / ChatCrashPlan.Agents, 0, 0.75);
        return TimeSpan.FromMilliseconds(callMs / (1 - share));
    }

    /// <summary>One life: it is killed some time after its first request to the model; every sixth some time after its start, often before it works at all.</summary>
    private async Task LiveAndDieAsync(string folder, ScriptedModelServer server, string wire, bool first, Random random, TimeSpan longest)
    {
        var asked = _asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var skep = Start(folder, server, wire, first ? ["run", "plan.yaml", "--id", Run, "--json", "--no-report"] : ["resume", Run, "--json", "--no-report"]);
        var early = !first && random.Next(6) == 0;
        var wait = early ? TimeSpan.FromMilliseconds(random.Next(400)) : longest * random.NextDouble();
        var end = skep.EndAsync();
        await using var timer = TimeProvider.System.CreateTimer(_ => skep.Kill(), null, early ? wait : Patience, Timeout.InfiniteTimeSpan);
        if (!early && await Task.WhenAny(asked.Task, end) == asked.Task) timer.Change(wait, Timeout.InfiniteTimeSpan);
        var code = await end.WaitAsync(Patience * 2);

        const int killed = 128 + 9;
        Assert.True(code == killed, $"it ended by itself with {code}: {skep.Errors}");
        Assert.True(early || asked.Task.IsCompleted, $"it asked its model nothing in {Patience}: {skep.Errors}");
        await ChatLog.ReadAsync(folder, Run, log =>
        {
            foreach (var (query, events) in log.Events()) Keep(query, events);
            _count.Add(log.States(), worked: asked.Task.IsCompleted);
            return true;
        });
    }

    /// <summary>What was on disk at a kill stays there.</summary>
    private void Keep(string query, List<string> events)
    {
        if (_durable.TryGetValue(query, out var before)) Assert.Equal(before, events.Take(before.Count));
        _durable[query] = events;
    }

    private static async Task CheckModelAsync(ScriptedModel model, string folder)
    {
        Assert.Empty(model.Exchanges.BoughtTwice());
        Assert.All(model.Exchanges.All(), e => Assert.True(e.Outcome == ExchangeOutcome.Answered && e.Request!.Agent is not null, e.ToString()));
        // Each request that arrived stands in a log as a call that was begun, and no two calls share a key.
        Assert.All(model.Exchanges.ByIdempotencyKey(), key => Assert.Equal(1, key.Value));
        var begun = await ChatLog.ReadAsync(folder, Run, log => log.Recorded().SelectMany(q => q.Events.Select(e => e.Event).OfType<CallBegun>().Select(e => $"{q.Query}/{e.Call}")).ToHashSet());
        Assert.Subset(begun, model.Exchanges.ByIdempotencyKey().Keys.ToHashSet());
    }

    /// <summary>Answers, outputs and files are those of a run that nobody disturbed.</summary>
    private static async Task CheckSameAsync(string calm, string killed)
    {
        var (expected, actual) = (await StateAsync(calm), await StateAsync(killed));
        Assert.Equal(RunStatus.Succeeded, actual.Status);
        foreach (var node in expected.Nodes)
        {
            Assert.Equal(node.Status, actual.Find(node.Key)!.Status);
            Assert.Equal(node.Outputs.Select(o => o.ToString()), actual.Find(node.Key)!.Outputs.Select(o => o.ToString()));
            Assert.Equal(node.Attempts.Count, actual.Find(node.Key)!.Attempts.Count);
        }

        Assert.Equal(Files(calm), Files(killed));
    }

    private static List<string> Files(string folder) => [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(f => $"{Path.GetFileName(f)}: {File.ReadAllText(f)}")];

    private static Task<RunState> StateAsync(string folder) => ChatLog.ReadAsync(folder, Run, log => log.Run);

    private static async Task FinishAsync(string folder, ScriptedModelServer server, string wire, params string[] arguments)
    {
        using var skep = Start(folder, server, wire, arguments);
        await using var timer = TimeProvider.System.CreateTimer(_ => skep.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
        var code = await skep.EndAsync();
        Assert.True(code == 0, $"exit code {code}: {skep.Errors}");
    }

    private static SkepProcess Start(string folder, ScriptedModelServer server, string wire, params string[] arguments) => new(
        folder,
        new Dictionary<string, string> { ["SKEP_MODEL_BASE_URL"] = server.BaseUrl.ToString(), ["SKEP_MODEL_WIRE"] = wire, ["SKEP_MODEL"] = "scripted", ["SKEP_MODEL_API_KEY"] = "no-secret" },
        arguments);

    private string Folder(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        SkepFolder.Create(folder);
        File.WriteAllText(Path.Combine(folder, "plan.yaml"), ChatCrashPlan.Text());
        return folder;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static int Number(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
