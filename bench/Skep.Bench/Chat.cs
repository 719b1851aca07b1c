using System.Diagnostics;
using System.Net.Http.Headers;
using Skep.Agents.Queries;
using Skep.Orchestration;

namespace Skep.Bench;

/// <summary>Agents that think: what a turn costs beside the model, what an agent costs that waits, and whether budgets and pauses hold under load.</summary>
internal static class Chat
{
    private const int Agents = 200;
    private const int Rounds = 3;
    private const string Work = "Look at all parts";

    public static async Task RunAsync(Table table)
    {
        using var server = await ChatServer.StartAsync();
        await TurnsAsync(table, server.Address);
        await MemoryAsync(table, server.Address);
        await BudgetAsync(table, server.Address);
        await PauseAsync(table, server.Address);
    }

    private static async Task TurnsAsync(Table table, Uri address)
    {
        await using var rig = new ChatRig(address);
        var bodies = await ConversationAsync(rig);
        using var bare = new HttpClient(WatchedWire.Connections()) { BaseAddress = address };
        // Both warm up; then rounds take turns, and the best of each counts.
        await rig.RunAsync("warm", Agents, Work);
        await BareAsync(bare, bodies);
        var (ours, theirs) = (Cost.Worst, Cost.Worst);
        var commits = 0L;
        for (var i = 0; i < Rounds; i++)
        {
            theirs = theirs.Better(await Cost.OfAsync(() => BareAsync(bare, bodies)));
            var before = rig.Host.Store.Statistics.Commits;
            ours = ours.Better(await Cost.OfAsync(async () => Require(await rig.RunAsync($"run{i}", Agents, Work) == RunStatus.Succeeded, $"the run did not succeed: {rig.Queries.List($"run{i}", true).FirstOrDefault(q => q.Note is not null)?.Note}")));
            commits = rig.Host.Store.Statistics.Commits - before;
        }

        double turns = Agents * ChatServer.Turns;
        var events = Enumerable.Range(0, Agents).Sum(i => rig.Queries.Read($"run0/t{i}/1").Count);
        table.Row($"turns per second, {Agents} chat agents", $"{turns / ours.Wall.TotalSeconds:n0}", $"bare HttpClient {turns / theirs.Wall.TotalSeconds:n0}", theirs.Wall / ours.Wall, "", null);
        table.Row("CPU of our process per turn", $"{ours.Cpu.TotalMilliseconds / turns:0.000} ms", $"bare HttpClient {theirs.Cpu.TotalMilliseconds / turns:0.000} ms", ours.Cpu / theirs.Cpu, "< 1 ms", ours.Cpu.TotalMilliseconds / turns < 1);
        table.Row("allocated per turn", $"{ours.Bytes / turns / 1024:0.0} KB", $"bare HttpClient {theirs.Bytes / turns / 1024:0.0} KB", ours.Bytes / (double)theirs.Bytes, "", null);
        table.Row("durable events of queries per turn", $"{events / turns:0.00}", $"{commits / turns:0.00} flushes, those of the run included", null, "", null);
    }

    /// <summary>The requests of one agent.</summary>
    private static async Task<List<byte[]>> ConversationAsync(ChatRig rig)
    {
        rig.Wire.Bodies = [];
        Require(await rig.RunAsync("one", 1, Work) == RunStatus.Succeeded, $"one agent alone did not succeed: {rig.Queries.Find("one/t0/1")?.Note}");
        var bodies = rig.Wire.Bodies;
        rig.Wire.Bodies = null;
        Require(bodies.Count == ChatServer.Turns, $"an agent made {bodies.Count} requests");
        return bodies;
    }

    private static Task BareAsync(HttpClient http, List<byte[]> bodies) => Task.WhenAll(Enumerable.Range(0, Agents).Select(async _ =>
    {
        await Task.Yield();
        var buffer = new byte[4096];
        foreach (var body in bodies)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = content };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            await using var stream = await response.Content.ReadAsStreamAsync();
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
        }
    }));

    private static async Task MemoryAsync(Table table, Uri address)
    {
        await using var rig = new ChatRig(address);
        await rig.RunAsync("warm", 1, Work);
        var sent = rig.Wire.Sent;
        var (heap, live, resident) = Memory();
        await rig.StartAsync("wait", Agents, "Wait and never end");
        await UntilAsync(() => rig.Wire.Sent == sent + Agents);
        await Task.Delay(1000);
        var after = Memory();
        var per = (after.Committed - heap) / 1024.0 / Agents;
        table.Row($"memory per agent that waits for its model, {Agents} of them", $"{per:0} KB of heap", $"{(after.Live - live) / 1024.0 / Agents:0} KB live, {(after.Resident - resident) / 1024.0 / Agents:0} KB resident", null, "< 100 KB", per < 100);
    }

    private static (long Committed, long Live, long Resident) Memory()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return (GC.GetGCMemoryInfo().TotalCommittedBytes, GC.GetTotalMemory(false), Environment.WorkingSet);
    }

    private static async Task BudgetAsync(Table table, Uri address)
    {
        const int agents = 50;
        const long limit = 250_000;
        await using var rig = new ChatRig(address);
        await rig.RunAsync("budget", agents, Work, $", budget: {{ tokens: {limit}, at_limit: fail }}");
        var used = rig.Queries.Calls("budget").Sum(c => c.Tokens.Total + c.Unsure);
        var largest = Enumerable.Range(0, agents).SelectMany(i => rig.Queries.Read($"budget/t{i}/1")).Select(e => e.Event).OfType<CallBegun>().Max(c => c.Tokens);
        table.Row($"tokens used by {agents} agents of a budget of {limit:n0}", $"{used:n0}", $"largest reservation {largest:n0}", (double)used / limit, "over it by at most one reservation", used <= limit + largest);
    }

    private static async Task PauseAsync(Table table, Uri address)
    {
        const int agents = 20;
        await using var rig = new ChatRig(address);
        await rig.StartAsync("slow", agents, "Talk in a slow way");
        await UntilAsync(() => rig.Wire.Sent == agents);
        await Task.Delay(1000);
        var times = new List<double>();
        for (var i = 0; i < agents; i++)
        {
            var clock = Stopwatch.StartNew();
            var outcome = await rig.ControlAsync(QueryOps.Pause, $"slow/t{i}/1");
            times.Add(clock.Elapsed.TotalMilliseconds);
            Require(outcome == "paused", $"a pause was answered: {outcome}");
            Require(rig.Queries.Load($"slow/t{i}/1") is { Open: not null, Status: QueryStatus.Paused }, "the stream was over");
        }

        times.Sort();
        table.Row($"pause asked for until acknowledged, in the middle of a stream, {agents} times", $"{times[agents / 2]:0.0} ms", $"longest {times[^1]:0.0} ms", null, "< 100 ms", times[^1] < 100);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var clock = Stopwatch.StartNew(); !holds(); await Task.Delay(20)) Require(clock.Elapsed < TimeSpan.FromMinutes(1), "what was waited for did not come");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }

    private readonly record struct Cost(TimeSpan Wall, TimeSpan Cpu, long Bytes)
    {
        public static Cost Worst => new(TimeSpan.MaxValue, TimeSpan.MaxValue, long.MaxValue);

        public static async Task<Cost> OfAsync(Func<Task> work)
        {
            var (cpu, bytes, clock) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.StartNew());
            await work();
            return new Cost(clock.Elapsed, Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - bytes);
        }

        public Cost Better(Cost other) => new(Min(Wall, other.Wall), Min(Cpu, other.Cpu), Math.Min(Bytes, other.Bytes));

        private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
    }
}
