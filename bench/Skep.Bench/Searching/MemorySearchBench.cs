using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Skep.Memory;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Bench.Searching;

/// <summary>
/// Search of a memory with 100,000 entries: what storing them costs, then the real program <c>skep mcp</c> as a process, asked over standard input and output, beside
/// SQLite's full text alone and the comparison with every vector.
/// </summary>
internal static class MemorySearchBench
{
    private const int Block = 1_000;
    private const int Singles = 300;

    /// <summary>Entries of the folder.</summary>
    public static int Entries { get; set; } = 100_000;

    /// <summary>Calls of the default mode, at least two thousand.</summary>
    public static int Calls { get; set; } = 10_000;

    /// <summary>A folder with docs and src to make entries of; null for this repository.</summary>
    public static string? CorpusFolder { get; set; }

    /// <summary>Where the folder with the entries is kept for the next time; null for a temporary one.</summary>
    public static string? KeptFolder { get; set; }

    public static async Task RunAsync(Table table)
    {
        var corpus = new SearchCorpus(CorpusFolder);
        var directory = KeptFolder is { } kept ? Directory.CreateDirectory(kept).FullName : Directory.CreateTempSubdirectory("skep-bench-").FullName;
        try
        {
            var isNew = !Directory.Exists(Path.Combine(directory, SkepFolder.Name));
            var folder = isNew ? SkepFolder.Create(directory) : SkepFolder.Find(directory)!;
            if (isNew) await StoringAsync(table, corpus, folder);
            await InProcessAsync(table, corpus, folder);
            await AsProcessAsync(table, corpus, folder, directory);
        }
        finally
        {
            if (KeptFolder is null) Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task StoringAsync(Table table, SearchCorpus corpus, SkepFolder folder)
    {
        await using var host = Open(folder);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Singles; i++) await host.Memory.StoreAsync(corpus.Entry(i));
        var single = Singles / clock.Elapsed.TotalSeconds;
        var batches = new Stopwatch();
        foreach (var batch in Enumerable.Range(Singles, Entries - Singles).Chunk(Block))
        {
            var requests = batch.Select(corpus.Entry).ToList();
            batches.Start();
            await host.Memory.StoreManyAsync(requests);
            batches.Stop();
        }

        var batched = (Entries - Singles) / batches.Elapsed.TotalSeconds;
        table.Row($"entries stored a second, batches of {Block:N0}, durable, with full text (baseline: one by one, durable)", $"{batched:N0}/s", $"{single:N0}/s", batched / single, "", null);
        clock.Restart();
        await host.MemorySearch.FindAsync(new FindRequest { Text = "everything", Mode = FindMode.Vector });
        table.Row($"vectors of {Entries:N0} entries made and indexed, by the first search", $"{clock.Elapsed.TotalSeconds:0.0} s", $"{Entries / clock.Elapsed.TotalSeconds:N0}/s", null, "", null);
        var all = batches.Elapsed.TotalSeconds + clock.Elapsed.TotalSeconds;
        table.Row("both together, entries a second", $"{(Entries - Singles) / all:N0}/s", "", null, "", null);
    }

    /// <summary>What the search takes by itself, so that what processes and protocol add can be seen.</summary>
    private static async Task InProcessAsync(Table table, SearchCorpus corpus, SkepFolder folder)
    {
        await using var host = Open(folder);
        foreach (var mode in new[] { FindMode.Text, FindMode.Text, FindMode.Hybrid }) await host.MemorySearch.FindAsync(new FindRequest { Text = corpus.Question(0), Mode = mode });
        await host.MemorySearch.Warming;
        foreach (var mode in new[] { FindMode.Text, FindMode.Vector, FindMode.Auto })
        {
            await InProcessAsync(table, host, $"mode {mode.ToString().ToLowerInvariant()}", i => new FindRequest { Text = corpus.Question(i), Mode = mode });
            await InProcessAsync(table, host, $"mode {mode.ToString().ToLowerInvariant()}, a filter that 10 % pass", i => new FindRequest { Text = corpus.Question(i), Mode = mode, Filter = TenPercent(i) });
            await InProcessAsync(table, host, $"mode {mode.ToString().ToLowerInvariant()}, a filter that 1 % pass", i => new FindRequest { Text = corpus.Question(i), Mode = mode, Filter = OnePercent(i) });
        }

        await InProcessAsync(table, host, "nothing but a filter that 1 % pass", i => new FindRequest { Filter = OnePercent(i) });
    }

    private static async Task InProcessAsync(Table table, SkepHost host, string what, Func<int, FindRequest> request)
    {
        Task Find(int i) => host.MemorySearch.FindAsync(request(i) with { WithValues = true });
        await SearchTimes.OfAsync(2 * Block, Find);
        var times = await SearchTimes.OfAsync(Block, Find);
        table.Row($"in process, {what}, {Entries:N0} entries, p50", Ms(times.P50), $"p99 {Ms(times.P99)}", null, "", null);
    }

    private static string TenPercent(int i) => $"weight < {100 + (i % 3)}";

    private static string OnePercent(int i) => $"tags has \"t{i % 100:00}\"";

    private static async Task AsProcessAsync(Table table, SearchCorpus corpus, SkepFolder folder, string directory)
    {
        SearchTimes hybrid, exact;
        List<HashSet<string>> nearest;
        var vectors = new List<HashSet<string>>();
        const int Compared = 200;
        using (var server = await StartAsync(table, corpus, directory))
        {
            var fts = await SearchBaselines.FullTextAsync(folder, Block / 4, corpus.Question);
            hybrid = Flat(table, server, corpus, fts);
            Row(table, server, "mode text", fts, i => Ask(corpus.Question(i), "text"), goal: null);
            Row(table, server, "mode vector, hash embeddings", null, i => Ask(corpus.Question(i), "vector"), goal: null);
            Row(table, server, "a filter that 10 % pass", null, i => Ask(corpus.Question(i), null, TenPercent(i)), goal: 2);
            Row(table, server, "a filter that 1 % pass", null, i => Ask(corpus.Question(i), null, OnePercent(i)), goal: 2);
            Row(table, server, "a filter that 1 % pass, mode vector", null, i => Ask(corpus.Question(i), "vector", OnePercent(i)), goal: null);
            var asked = SearchCorpus.ByHand();
            Row(table, server, $"{asked.Count} questions by hand", null, i => Ask(asked[i % asked.Count], null), goal: null);
            var scan = SearchTimes.Of(5, i => server.Call("memory_search", Ask($"nobody wrote this {i}", "contains")));
            table.Row("every entry compared letter for letter (mode contains, nothing there), p50", Ms(scan.P50), "", null, "", null);
            for (var i = 0; i < Compared; i++) vectors.Add(PathsOf(server.Call("memory_search", Ask(corpus.Question(i), "vector"))));
            table.Row("the server's memory, resident (baseline: at its most)", $"{server.Resident / 1048576.0:0} MiB", $"{server.MostResident / 1048576.0:0} MiB", null, "", null);
            Writing(table, server, corpus);
            await PausesAsync(table, server, corpus);
        }

        (exact, nearest) = await SearchBaselines.ExactAsync(Path.Combine(folder.Root, SkepHostOptions.MemoryIndexFolder), Compared, corpus.Question);
        table.Row("memory_search, default mode, p50 (baseline: comparing with every vector in full precision, in process)", Ms(hybrid.P50), Ms(exact.P50), hybrid.P50 / exact.P50, "", null);
        var recall = Enumerable.Range(0, Compared).Average(i => nearest[i].Count == 0 ? 1 : (double)vectors[i].Intersect(nearest[i]).Count() / nearest[i].Count);
        table.Row($"of the ten nearest vectors, found by mode vector, {Compared} questions", recall.ToString("P1", CultureInfo.InvariantCulture), "100 %", null, "", null);
    }

    /// <summary>From the start of the program to its first answer, and until it rests: its index of words in memory is filled in the background.</summary>
    private static async Task<McpClient> StartAsync(Table table, SearchCorpus corpus, string directory)
    {
        var clock = Stopwatch.StartNew();
        var server = McpClient.Start(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "skep.exe" : "skep"), directory, "mcp");
        server.Begin();
        server.Call("memory_search", Ask(corpus.Question(0), null));
        table.Row($"from the start of `skep mcp` to the first answer of memory_search, {Entries:N0} entries", $"{clock.Elapsed.TotalSeconds:0.00} s", "", null, "", null);
        for (var i = 1; i < 20; i++) server.Call("memory_search", Ask(corpus.Question(i), null));
        await RestAsync(server);
        table.Row("until its indexes in memory are filled (by its rest)", $"{clock.Elapsed.TotalSeconds:0.0} s", "", null, "", null);
        for (var i = 0; i < 2 * Block; i++) server.Call("memory_search", Ask(corpus.Question(i), null));
        return server;
    }

    /// <summary>Waits until the server has used less than 20 ms of processor time in 400 ms, or three minutes have passed.</summary>
    private static async Task RestAsync(McpClient server)
    {
        var clock = Stopwatch.StartNew();
        for (var before = TimeSpan.Zero; clock.Elapsed.TotalMinutes < 3;)
        {
            var now = server.Cpu;
            if ((now - before).TotalMilliseconds < 20) return;
            before = now;
            await Task.Delay(400);
        }
    }

    /// <summary>Ten thousand calls of the default mode, the first thousand beside the last.</summary>
    private static SearchTimes Flat(Table table, McpClient server, SearchCorpus corpus, SearchTimes fts)
    {
        var times = SearchTimes.Of(Calls, i => server.Call("memory_search", Ask(corpus.Question(i), null)));
        table.Row($"memory_search over stdio, default mode, {Entries:N0} entries, p50 (baseline: FTS5's query alone, on an open connection)", Ms(times.P50), Ms(fts.P50), times.P50 / fts.P50, "p50 ≤ 2 ms", times.P50 <= 2);
        table.Row("the same, p99", Ms(times.P99), Ms(fts.P99), times.P99 / fts.P99, "", null);
        var thousands = times.Thousands();
        var between = thousands.Skip(1).SkipLast(1).ToList();
        var (growth, noise) = (thousands[^1] / thousands[0], between.Count > 0 ? between.Max() / between.Min() : 1);
        table.Row($"{Calls:N0} calls: median of the last thousand (baseline: the first); thousands in between differ by {noise:0.00}", Ms(thousands[^1]), Ms(thousands[0]), growth, "flat: within their spread", growth <= Math.Max(noise, 1.1));
        return times;
    }

    private static void Row(Table table, McpClient server, string what, SearchTimes? baseline, Func<int, Action<Utf8JsonWriter>> ask, double? goal)
    {
        for (var i = 0; i < Block / 2; i++) server.Call("memory_search", ask(i));
        var times = SearchTimes.Of(Block, i => server.Call("memory_search", ask(i)));
        var beside = baseline is null ? $"p99 {Ms(times.P99)}" : $"{Ms(baseline.P50)}, p99 {Ms(times.P99)}";
        table.Row($"memory_search, {what}, p50{(baseline is null ? "" : " (baseline: FTS5's query alone)")}", Ms(times.P50), beside, baseline is null ? null : times.P50 / baseline.P50, goal is null ? "" : $"p50 ≤ {goal} ms", goal is null ? null : times.P50 <= goal);
    }

    /// <summary>A search after each store: what it has to take in is there, and costs little.</summary>
    private static void Writing(Table table, McpClient server, SearchCorpus corpus)
    {
        var times = new List<double>();
        for (var i = 0; i < 500; i++)
        {
            server.Call("memory_usage", json =>
            {
                json.WriteString("action", "store");
                json.WriteString("namespace", "fresh");
                json.WriteString("key", $"key-{i % 50}");
                json.WriteString("value", $"freshword{i} {corpus.Question(i)}");
            });
            var began = Stopwatch.GetTimestamp();
            var answer = server.Call("memory_search", Ask($"freshword{i}", null));
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (!answer.Contains($"freshword{i} ", StringComparison.Ordinal)) throw new InvalidOperationException($"what was just stored is not found: {answer}");
        }

        times.Sort();
        table.Row("a search right after a store, which it finds, p50", Ms(times[times.Count / 2]), $"p99 {Ms(times[times.Count * 99 / 100])}", null, "", null);
    }

    /// <summary>The server gives an idle folder back after three seconds, and opens it again for the next call.</summary>
    private static async Task PausesAsync(Table table, McpClient server, SearchCorpus corpus)
    {
        var (first, second) = (new List<double>(), new List<double>());
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(7));
            first.Add(SearchTimes.Of(1, _ => server.Call("memory_search", Ask(corpus.Question(i), null))).P50);
            second.Add(SearchTimes.Of(1, _ => server.Call("memory_search", Ask(corpus.Question(i), null))).P50);
        }

        table.Row("after a pause of seven seconds, in which the server gave the folder back: the first call (baseline: the second), median of 5", Ms(first.Order().ElementAt(2)), Ms(second.Order().ElementAt(2)), null, "", null);
    }

    private static Action<Utf8JsonWriter> Ask(string pattern, string? mode, string? filter = null) => json =>
    {
        json.WriteString("pattern", pattern);
        if (mode is not null) json.WriteString("mode", mode);
        if (filter is not null) json.WriteString("filter", filter);
    };

    private static HashSet<string> PathsOf(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("result").GetProperty("structuredContent").GetProperty("entries").EnumerateArray().Select(static e => e.GetProperty("path").GetString()!).ToHashSet(StringComparer.Ordinal);
    }

    private static SkepHost Open(SkepFolder folder) => SkepHost.Open(folder, new SkepHostOptions
    {
        Listen = false,
        MemorySearch = static (memory, f) => MemorySearch.Open(memory, Path.Combine(f.Root, SkepHostOptions.MemoryIndexFolder), TimeProvider.System),
    });

    private static string Ms(double ms) => $"{ms:0.00} ms";
}
