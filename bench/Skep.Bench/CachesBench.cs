using System.Diagnostics;
using System.Net.Sockets;
using Skep.Memory;
using Skep.Memory.Caching;
using Skep.Storage;

namespace Skep.Bench;

/// <summary>The caches: what a hit costs, what Redis costs, and how often S3-FIFO hits beside LRU.</summary>
internal static class CachesBench
{
    private const int Held = 1_000;
    private const int ValueBytes = 200;

    public static async Task RunAsync(Table table)
    {
        HitRates(table);
        await Hits(table);
        await Folder(table);
        await Redis(table);
    }

    private static void HitRates(Table table)
    {
        foreach (var exponent in new[] { 0.7, 0.9, 1.1 })
        {
            var zipf = Zipf(300_000, 10_000, exponent, seed: 1);
            var scans = zipf.Chunk(10_000).SelectMany((part, n) => part.Concat(Enumerable.Range(0, 3_000).Select(i => $"scan-{n:00}-{i:00000}"))).ToArray();
            Row(table, $"Zipf {exponent:0.0}, 10,000 keys", zipf);
            Row(table, $"Zipf {exponent:0.0} with scans of 3,000 keys between", scans);
        }
    }

    private static void Row(Table table, string name, string[] trace)
    {
        var (ours, lru) = (S3Rate(trace).GetAwaiter().GetResult(), LruRate(trace));
        table.Row($"hit rate, room for {Held:N0} entries: {name} (baseline: LRU)", $"{ours:P1}", $"{lru:P1}", ours / lru, "above LRU", ours > lru);
    }

    private static async Task Hits(Table table)
    {
        await using var cache = Make(new Values(), 64L << 20);
        await using var timed = new LayeredCache<byte[]>(new Values(), new BytesCodec(), TimeProvider.System, new CacheOptions { UntrustedFor = TimeSpan.FromHours(1) });
        var keys = Enumerable.Range(0, 10_000).Select(Key).ToArray();
        foreach (var key in keys) await cache.GetAsync(key);
        foreach (var key in keys) await timed.GetAsync(key);
        var dictionary = new System.Collections.Concurrent.ConcurrentDictionary<string, byte[]>(keys.ToDictionary(static k => k, static _ => new byte[ValueBytes]), StringComparer.Ordinal);
        var random = Enumerable.Range(0, 1 << 16).Select(i => keys[(int)((i * 2_654_435_761L) % keys.Length)]).ToArray();
        double Ns(Func<string, bool> get)
        {
            var best = double.MaxValue;
            for (var round = 0; round < 20; round++)
            {
                var (began, found) = (Stopwatch.GetTimestamp(), 0);
                foreach (var key in random) if (get(key)) found++;
                if (found != random.Length) throw new InvalidOperationException("not all are cached");
                best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalNanoseconds / random.Length);
            }

            return best;
        }

        var (ours, bare) = (Ns(k => cache.TryGet(k, out _)), Ns(k => dictionary.TryGetValue(k, out _)));
        table.Row("hit in process, 10,000 keys, one thread (baseline: ConcurrentDictionary)", $"{ours:0} ns", $"{bare:0} ns", ours / bare, "≤ 300 ns", ours <= 300);
        var (aged, clock) = (Ns(k => timed.TryGet(k, out _)), Ns(static _ => TimeProvider.System.GetUtcNow().Ticks > 0));
        table.Row("the same where age counts (baseline: reading the clock)", $"{aged:0} ns", $"{clock:0} ns", aged / clock, "", null);
    }

    private static async Task Folder(Table table)
    {
        var directory = Directory.CreateTempSubdirectory("skep-bench-").FullName;
        try
        {
            await using var store = SqliteStore.OpenOwner(SkepFolder.Create(directory), new StoreOptions { Modules = [MemoryStore.Module] });
            await using var cached = MemoryStore.Open(store, TimeProvider.System);
            await using var bare = MemoryStore.OpenReader(store, TimeProvider.System);
            await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => cached.StoreAsync(new StoreRequest(Key(i), new byte[ValueBytes]) { ContentType = MemoryContentType.Binary })));
            double Ns(MemoryStore memory)
            {
                var best = double.MaxValue;
                for (var round = 0; round < 10; round++)
                {
                    var began = Stopwatch.GetTimestamp();
                    for (var i = 0; i < 5_000; i++) if (memory.Get(Key(i % 1_000)) is null) throw new InvalidOperationException("an entry is missing");
                    best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalNanoseconds / 5_000);
                }

                return best;
            }

            var (ours, database) = (Ns(cached), Ns(bare));
            table.Row("MemoryStore.Get, cached (baseline: from SQLite)", $"{ours / 1e3:0.00} µs", $"{database / 1e3:0.00} µs", ours / database, "≤ 0.5 of SQLite's", ours <= database * 0.5);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task Redis(Table table)
    {
        if (!File.Exists("/usr/bin/redis-server"))
        {
            table.Row("Redis", "not installed", "", null, "", null);
            return;
        }

        var port = FreePort();
        using var redis = Process.Start(new ProcessStartInfo("/usr/bin/redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        redis.BeginOutputReadLine();
        try
        {
            var values = new Values();
            await using var one = Make(values, 32L << 20, port, out var shared);
            await using var two = Make(values, 32L << 20, port, out _);
            var clock = Stopwatch.StartNew();
            while (one.Stats.Shared.State != "up" || two.Stats.Shared.State != "up")
            {
                if (clock.Elapsed > TimeSpan.FromSeconds(20)) throw new InvalidOperationException("Redis does not answer");
                await Task.Delay(5);
            }

            shared.Put("k", new SharedRecord(2, 1, null, new byte[ValueBytes]));
            var sequential = await TimesAsync(3_000, async _ => { if (await shared.GetAsync("k", default) is null) throw new InvalidOperationException("the record is missing"); });
            table.Row("record from Redis on loopback, one after the other: p50", $"{sequential.P50 * 1e6:0} µs", $"p99 {sequential.P99 * 1e6:0} µs", null, "", null);
            const int Many = 50_000;
            clock.Restart();
            for (var i = 0; i < Many; i += 500) await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => shared.GetAsync("k", default).AsTask()));
            table.Row("the same, 500 at a time on one connection", $"{Many / clock.Elapsed.TotalSeconds:N0}/s", "", null, "", null);
            await two.GetAsync("a");
            var heard = await TimesAsync(500, async i =>
            {
                await one.WriteAsync("a", _ => ValueTask.FromResult(values.Next()));
                var version = values.Version;
                while ((await two.GetAsync("a")).Version < version) await Task.Yield();
            });
            table.Row("write on one node until another reads it: p50", $"{heard.P50 * 1e6:0} µs", $"p99 {heard.P99 * 1e6:0} µs", null, "", null);
        }
        finally
        {
            redis.Kill();
            await redis.WaitForExitAsync();
        }
    }

    private static LayeredCache<byte[]> Make(Values values, long bytes) => new(values, new BytesCodec(), TimeProvider.System, new CacheOptions { LocalBytes = bytes, Exclusive = true });

    private static LayeredCache<byte[]> Make(Values values, long bytes, int port, out RedisSharedCache shared)
    {
        shared = new RedisSharedCache(new RedisOptions { Host = "127.0.0.1", Port = port }, TimeProvider.System);
        return new LayeredCache<byte[]>(values, new BytesCodec(), TimeProvider.System, new CacheOptions { LocalBytes = bytes }, shared);
    }

    private static async Task<(double P50, double P99)> TimesAsync(int count, Func<int, Task> action)
    {
        var times = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await action(i);
            times.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        var sorted = times.Skip(count / 10).Order().ToArray();
        return (sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
    }

    private static string Key(int i) => $"swarm/worker-{i % 100}/key-{i:0000}";

    /// <summary>Through the whole cache; keys are of like length, so that entries weigh the same within a few bytes.</summary>
    private static async Task<double> S3Rate(string[] trace)
    {
        // An entry's weight is its value, twice its key, and 200 bytes: see LocalCache.Overhead.
        await using var cache = Make(new Values(), (long)(trace.Average(static k => (2 * k.Length) + 200 + ValueBytes) * Held));
        foreach (var key in trace) await cache.GetAsync(key);
        return cache.Stats.HitRate;
    }

    private static double LruRate(string[] trace)
    {
        var (order, nodes, hits) = (new LinkedList<string>(), new Dictionary<string, LinkedListNode<string>>(StringComparer.Ordinal), 0);
        foreach (var key in trace)
        {
            if (nodes.TryGetValue(key, out var node))
            {
                hits++;
                order.Remove(node);
                order.AddLast(node);
                continue;
            }

            nodes[key] = order.AddLast(key);
            if (nodes.Count <= Held) continue;
            nodes.Remove(order.First!.Value);
            order.RemoveFirst();
        }

        return (double)hits / trace.Length;
    }

    private static string[] Zipf(int count, int keys, double exponent, int seed)
    {
        var (weights, sum, random) = (new double[keys], 0.0, new Random(seed));
        for (var i = 0; i < keys; i++) weights[i] = sum += 1 / Math.Pow(i + 1, exponent);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var at = Array.BinarySearch(weights, random.NextDouble() * sum);
            return $"zipf-{Math.Min(keys - 1, at < 0 ? ~at : at):00000000}";
        })];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Values : ICacheSource<byte[]>
    {
        private static readonly byte[] Value = new byte[ValueBytes];
        private long _version = 1;

        public long Version => Volatile.Read(ref _version);

        public Versioned<byte[]> Next() => new(Interlocked.Increment(ref _version), Value);

        public ValueTask<SourceAnswer<byte[]>> ReadAsync(string key, bool latest, CancellationToken cancel) => ValueTask.FromResult(new SourceAnswer<byte[]>(new Versioned<byte[]>(Version, Value)));
    }
}
