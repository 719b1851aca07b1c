using Skep.Agents.Queries;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;
using Skep.Storage;

namespace Skep.Crash;

/// <summary>What must be true of conversations that are over, however often they were killed.</summary>
internal static class ChatChecks
{
    /// <summary>Checks a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="run">The run.</param>
    /// <param name="durable">For each query the events that were on disk at some kill.</param>
    public static async Task CheckAsync(string folder, string run, IReadOnlyDictionary<string, List<string>> durable)
    {
        await ChatLog.ReadAsync(folder, run, log =>
        {
            var queries = log.Recorded();
            Assert.Equal(ChatCrashPlan.Agents, queries.Count);
            foreach (var (query, events) in log.Events()) Assert.Equal(durable[query], events.Take(durable[query].Count));
            foreach (var (_, events) in queries)
            {
                CheckCalls([.. events.Select(e => e.Event)]);
                CheckTools([.. events.Select(e => e.Event)]);
            }

            CheckUsage(log, run);
            CheckMessages(log.Sqlite);
            return true;
        });
        await CheckEffectsAsync(folder);
    }

    /// <summary>Each call that began was answered, failed or was lost before the next one began.</summary>
    private static void CheckCalls(IReadOnlyList<QueryEvent> events)
    {
        int? open = null;
        foreach (var e in events)
        {
            if (e is CallBegun begun)
            {
                Assert.Null(open);
                open = begun.Call;
            }
            else if (e is CallAnswered or CallFailed or CallLost)
            {
                Assert.Equal(open, e switch { CallAnswered a => a.Call, CallFailed f => f.Call, CallLost l => (int?)l.Call, _ => null });
                open = null;
            }
        }

        Assert.Null(open);
        Assert.Empty(events.OfType<CallFailed>());
        Assert.Equal(ChatCrashPlan.Turns + 1, events.OfType<CallAnswered>().Count());
    }

    /// <summary>Each tool call that was asked for ended once, and did not begin again behind that.</summary>
    private static void CheckTools(IReadOnlyList<QueryEvent> events)
    {
        var ended = new HashSet<(int, int)>();
        foreach (var e in events)
        {
            if (e is ToolsBegun begun) Assert.All(begun.Indexes, i => Assert.DoesNotContain((begun.Call, i), ended));
            if (e is not ToolEnded end) continue;
            Assert.True(ended.Add((end.Call, end.Index)), $"tool {end.Index} of call {end.Call} ended twice");
            Assert.False(end.IsError, end.Text);
        }

        Assert.Equal(events.OfType<CallAnswered>().SelectMany(a => a.Turn.Calls.Select((_, i) => (a.Call, i))).ToHashSet(), ended);
        Assert.Empty(events.OfType<ToolAsked>());
    }

    /// <summary>What the queen was told is what the calls add up to, and every call that was lost counts in it.</summary>
    private static void CheckUsage(ChatLog log, string run)
    {
        var calls = log.Store.Calls(run);
        foreach (var node in log.Run.Nodes.Where(n => Tasks().Contains(n.Key)))
        {
            var own = calls.Where(c => c.Task == node.Key).ToList();
            Assert.Equal(new AttemptUsage(own.Sum(c => c.Tokens.Total + c.Unsure), 0, ChatCrashPlan.Turns + 1), node.Attempts[^1].Usage);
        }

        var lost = log.Recorded().SelectMany(q => q.Events).Select(e => e.Event).OfType<CallLost>().ToList();
        Assert.Equal(lost.Sum(l => l.Tokens), calls.Sum(c => c.Unsure));
        Assert.Equal(lost.Count, calls.Count(c => c.Unsure > 0));
    }

    private static void CheckMessages(SqliteStore store)
    {
        var sent = store.Read(
            HookLedger.Module,
            sql =>
            {
                var texts = new List<string>();
                var row = sql.Sql("SELECT m.text FROM hooks_messages m JOIN hooks_inbox i ON i.message = m.id WHERE i.recipient = ?1 ORDER BY m.text").Bind(1, ChatCrashPlan.Reader);
                while (row.Step()) texts.Add(row.Text(0));
                return texts;
            },
            []);
        Assert.Equal(Tasks().SelectMany(ChatCrashPlan.Messages).Order(StringComparer.Ordinal), sent.Order(StringComparer.Ordinal));
    }

    /// <summary>Each entry of memory was stored once, and each line stands in its ledger once.</summary>
    private static async Task CheckEffectsAsync(string folder)
    {
        foreach (var task in Tasks()) Assert.Equal(ChatCrashPlan.Ledger(task), await File.ReadAllTextAsync(Path.Combine(folder, $"{task}.ledger")));
        await using var host = SkepHost.Open(SkepFolder.Create(folder), new SkepHostOptions { Listen = false });
        foreach (var task in Tasks())
        {
            for (var turn = 0; turn < ChatCrashPlan.Turns; turn++)
            {
                var entry = host.Memory.Get(ChatCrashPlan.Entry(task, turn));
                Assert.Equal(($"{task} has come to turn {turn}", 1L), (entry?.Text, entry?.Version));
            }
        }
    }

    private static IEnumerable<string> Tasks() => Enumerable.Range(0, ChatCrashPlan.Agents).Select(i => $"t{i}");
}
