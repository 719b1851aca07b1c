using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Skep.Bench.Searching;
using Skep.Memory;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Bench;

/// <summary>The memory, through the folder's socket as other processes use it, and what it promises: durable, flat, nothing lost, nothing late.</summary>
internal static class MemoryBench
{
    private const int Keys = 10_000;
    private const int Writers = 16;
    private static readonly byte[] Value = Encoding.UTF8.GetBytes(new string('v', 200));

    public static async Task RunAsync(Table table)
    {
        await using (var rig = new Hive())
        {
            await rig.FillAsync(Keys);
            await Gets(table, rig);
            await Stores(table, rig);
            await SharedSyncs(table, rig);
            await CompareAndSet(table, rig);
            await Exchange(table, rig);
        }

        await IndexedStores(table);
        await Flat(table);
        await Expiry(table);
    }

    private static async Task Gets(Table table, Hive hive)
    {
        using var channel = await hive.ConnectAsync();
        var random = new Random(1);
        Task Get() => Ok(channel, MemoryOps.Get, new MemoryArgs { Path = Hive.Key(random.Next(Keys)) });
        await Repeat(3_000, Get);
        var times = await Repeat(5_000, Get);
        table.Row($"get, {Keys:N0} keys, through the socket, one connection", Ms(times.P50), $"p99 {Ms(times.P99)}", null, "p50 ≤ 0.2 ms", times.P50 <= 0.2e-3);
        async Task ConnectAndGet()
        {
            using var own = await hive.ConnectAsync();
            await Ok(own, MemoryOps.Get, new MemoryArgs { Path = Hive.Key(random.Next(Keys)) });
        }

        await Repeat(2_000, ConnectAndGet);
        var connecting = await Repeat(3_000, ConnectAndGet);
        var bare = await BareSocket.MeasureAsync(hive.Directory);
        table.Row("the same, a connection per request (baseline: connect, send and receive 100 bytes, close, without us)", Ms(connecting.P50), Ms(bare), connecting.P50 / bare, "at most the bare socket + 0.1 ms", connecting.P50 <= bare + 0.1e-3);
    }

    /// <summary>In turn with a flush of 4 KiB, so that both meet the same disk.</summary>
    private static async Task Stores(Table table, Hive hive)
    {
        using var channel = await hive.ConnectAsync();
        using var flush = new Flush(hive.Directory);
        var (stores, flushes) = (new List<double>(), new List<double>());
        var text = Encoding.UTF8.GetString(Value);
        for (var i = 0; i < 600; i++)
        {
            flushes.Add(Time(flush.Once));
            stores.Add((await Repeat(1, () => Ok(channel, MemoryOps.Store, new MemoryArgs { Path = Hive.Key(i * 17 % Keys), Text = text }))).P50);
        }

        var (store, disk) = (Percentiles.Of(stores.Skip(100)), Percentiles.Of(flushes.Skip(100)));
        table.Row("durable store through the socket, p50 (baseline: one fsync, in turn)", Ms(store.P50), Ms(disk.P50), store.P50 / disk.P50, "≤ one fsync + 0.3 ms", store.P50 <= disk.P50 + 0.3e-3);
    }

    /// <summary>The same with entries of real text, tags and fields in a memory that is searched by words and by vectors, again in turn with a flush.</summary>
    private static async Task IndexedStores(Table table)
    {
        await using var hive = new Hive();
        var corpus = new SearchCorpus(MemorySearchBench.CorpusFolder);
        foreach (var part in Enumerable.Range(0, Keys).Chunk(1_000)) await hive.Host.Memory.StoreManyAsync([.. part.Select(corpus.Entry)]);
        for (var i = 0; i < 3; i++) await hive.Host.MemorySearch.FindAsync(new FindRequest { Text = corpus.Question(i), Mode = FindMode.Hybrid });
        using var channel = await hive.ConnectAsync();
        using var flush = new Flush(hive.Directory);
        var (stores, flushes) = (new List<double>(), new List<double>());
        for (var i = 0; i < 600; i++)
        {
            var entry = corpus.Entry(Keys + i);
            var args = new MemoryArgs { Path = entry.Path, Text = Encoding.UTF8.GetString(entry.Value.Span), Type = "json", Tags = [.. entry.Tags] };
            flushes.Add(Time(flush.Once));
            stores.Add((await Repeat(1, () => Ok(channel, MemoryOps.Store, args))).P50);
        }

        var (store, disk) = (Percentiles.Of(stores.Skip(100)), Percentiles.Of(flushes.Skip(100)));
        table.Row($"the same with indexes on: new entries of real text among {Keys:N0}, tags and fields (baseline: one fsync, in turn)", Ms(store.P50), Ms(disk.P50), store.P50 / disk.P50, "≤ one fsync + 0.3 ms", store.P50 <= disk.P50 + 0.3e-3);
        // Words go into the full text for 64 entries at once, which the median does not show.
        var (stored, flushed) = (stores.Skip(100).Average(), flushes.Skip(100).Average());
        table.Row("their mean, which has the full text of all of them in it (baseline: that of the fsyncs)", Ms(stored), $"{Ms(flushed)}; p99 {Ms(store.P99)}, {Ms(disk.P99)}", stored / flushed, "", null);
    }

    private static async Task SharedSyncs(Table table, Hive hive)
    {
        const int Each = 200;
        var (before, clock) = (hive.Host.Store.Statistics.Commits, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            using var channel = await hive.ConnectAsync();
            for (var i = 0; i < Each; i++) await Ok(channel, MemoryOps.Store, new MemoryArgs { Path = $"w/{w}/{i}", Text = "x" });
        })));
        var (commits, writes) = (hive.Host.Store.Statistics.Commits - before, Writers * Each);
        table.Row($"{Writers} writers, {writes:N0} durable stores: commits", $"{commits:N0}", $"{writes:N0} stores, {writes / clock.Elapsed.TotalSeconds:N0}/s", (double)commits / writes, "they share fsyncs: ratio < 0.5", commits < writes / 2);
    }

    private static async Task CompareAndSet(Table table, Hive hive)
    {
        const int Each = 100;
        await hive.Host.Memory.StoreAsync(new StoreRequest("cas/count", "0"u8.ToArray()));
        var attempts = 0;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            using var channel = await hive.ConnectAsync();
            for (var done = 0; done < Each;)
            {
                Interlocked.Increment(ref attempts);
                var entry = (await Ask(channel, MemoryOps.Get, new MemoryArgs { Path = "cas/count" })).Result!.Value.Deserialize(MemoryJson.Default.MemoryEntryMessage)!;
                var next = int.Parse(entry.Text!, CultureInfo.InvariantCulture) + 1;
                var answer = await Ask(channel, MemoryOps.Store, new MemoryArgs { Path = "cas/count", Text = $"{next}", IfVersion = entry.Version });
                if (answer.Ok) done++;
                else if (answer.Code != RequestCodes.Conflict) throw new InvalidOperationException(answer.Error);
            }
        })));
        var count = int.Parse(hive.Host.Memory.Get("cas/count")!.Text, CultureInfo.InvariantCulture);
        table.Row($"compare-and-set, {Writers} writers on one entry: increments kept", $"{count:N0}", $"{Writers * Each:N0} of {attempts:N0} attempts", (double)count / (Writers * Each), "all", count == Writers * Each);
    }

    private static async Task Exchange(Table table, Hive hive)
    {
        using var before = new MemoryStream();
        using var after = new MemoryStream();
        var export = Time(() => hive.Host.Memory.Export("", before));
        var wipe = Stopwatch.StartNew();
        await hive.Host.Memory.DeletePrefixAsync("");
        var left = hive.Host.Memory.Stats().Entries;
        wipe.Stop();
        before.Position = 0;
        var restore = Stopwatch.StartNew();
        var restored = await hive.Host.Memory.RestoreAsync(before);
        restore.Stop();
        hive.Host.Memory.Export("", after);
        var equal = left == 0 && before.ToArray().AsSpan().SequenceEqual(after.ToArray());
        table.Row(
            $"export, wipe, restore, export of {restored.Restored:N0} entries, {before.Length / 1048576.0:0.0} MiB",
            equal ? "byte-equal" : "different",
            $"{Ms(export)}, {Ms(wipe.Elapsed.TotalSeconds)}, {Ms(restore.Elapsed.TotalSeconds)}",
            null,
            "byte-equal",
            equal);
    }

    private static async Task Flat(Table table)
    {
        (double Get, double Store)? smallest = null;
        foreach (var keys in new[] { 100, 1_000, 10_000, 100_000 })
        {
            await using var hive = new Hive();
            await hive.FillAsync(keys);
            var random = new Random(2);
            using var channel = await hive.ConnectAsync();
            Task Get() => Ok(channel, MemoryOps.Get, new MemoryArgs { Path = Hive.Key(random.Next(keys)) });
            await Repeat(2_000, Get);
            var get = await Repeat(4_000, Get);
            var store = await Repeat(300, () => Ok(channel, MemoryOps.Store, new MemoryArgs { Path = Hive.Key(random.Next(keys)), Text = "again" }));
            smallest ??= (get.P50, store.P50);
            var ratio = get.P50 / smallest.Value.Get;
            table.Row($"{keys:N0} keys: get p50, store p50", $"{Ms(get.P50)}, {Ms(store.P50)}", $"{Ms(smallest.Value.Get)}, {Ms(smallest.Value.Store)} at 100", ratio, "flat: get at most 1.5 times", ratio <= 1.5);
        }
    }

    /// <summary>An entry that is served after a moment at which it had expired already was served late.</summary>
    private static async Task Expiry(Table table)
    {
        const int Entries = 1_000;
        await using var hive = new Hive();
        var random = new Random(3);
        var expires = (await Task.WhenAll(Enumerable.Range(0, Entries).Select(async i => (i, (await hive.Host.Memory.StoreAsync(
            new StoreRequest(Hive.Key(i), Value) { Ttl = TimeSpan.FromMilliseconds(random.Next(200, 3_000)) })).ExpiresUnixMs!.Value)))).ToDictionary(e => e.i, e => e.Value);
        await using var store = SqliteStore.OpenReader(hive.Host.Folder);
        var reader = MemoryStore.OpenReader(store, TimeProvider.System);
        var (looks, served, late) = (0, 0, 0);
        for (var last = expires.Values.Max(); Now() < last + 200;)
        {
            foreach (var (key, at) in expires)
            {
                var begun = Now();
                var there = (looks++ % 2 == 0 ? hive.Host.Memory : reader).Get(Hive.Key(key)) is not null;
                if (there) served++;
                if (there && begun >= at) late++;
            }

            await Task.Yield();
        }

        var left = await hive.SweptAsync();
        table.Row($"{Entries:N0} entries with random times-to-live, real clock: served late", $"{late}", $"{looks:N0} looks, {served:N0} served", null, "0", late == 0);
        table.Row("rows of them after the last sweep", $"{left}", "", null, "0", left == 0);
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static string Ms(double seconds) => $"{seconds * 1e3:0.000} ms";

    private static double Time(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<Percentiles> Repeat(int times, Func<Task> action)
    {
        var seconds = new List<double>(times);
        for (var i = 0; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await action();
            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        return Percentiles.Of(seconds);
    }

    private static Task<ControlResponse> Ask(ControlChannel channel, string op, MemoryArgs args) =>
        channel.AskAsync(new ControlRequest { Op = op, By = "bench", Args = JsonSerializer.SerializeToElement(args, MemoryJson.Default.MemoryArgs) });

    private static async Task Ok(ControlChannel channel, string op, MemoryArgs args)
    {
        var answer = await Ask(channel, op, args);
        if (!answer.Ok) throw new InvalidOperationException(answer.Error);
    }

    /// <summary>What a connection costs by itself: the same calls, and an owner that only echoes.</summary>
    private static class BareSocket
    {
        public static async Task<double> MeasureAsync(string directory)
        {
            var end = new UnixDomainSocketEndPoint(Path.Combine(directory, "bare.sock"));
            using var listener = New();
            listener.Bind(end);
            listener.Listen(64);
            var serving = ServeAsync(listener);
            async Task Ask()
            {
                using var socket = New();
                await socket.ConnectAsync(end);
                await socket.SendAsync(new byte[100]);
                await socket.ReceiveAsync(new byte[100]);
            }

            await Repeat(2_000, Ask);
            var times = await Repeat(3_000, Ask);
            listener.Dispose();
            await serving;
            return times.P50;
        }

        private static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        private static async Task ServeAsync(Socket listener)
        {
            try
            {
                while (true) _ = EchoAsync(await listener.AcceptAsync());
            }
            catch (SocketException)
            {
                // The listener was closed.
            }
        }

        private static async Task EchoAsync(Socket socket)
        {
            using var _ = socket;
            var buffer = new byte[100];
            while (await socket.ReceiveAsync(buffer) is > 0 and var count) await socket.SendAsync(buffer.AsMemory(0, count));
        }
    }

    private readonly record struct Percentiles(double P50, double P99)
    {
        public static Percentiles Of(IEnumerable<double> values)
        {
            var sorted = values.Order().ToArray();
            return new Percentiles(sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
        }
    }

    /// <summary>One append of 4 KiB to a file that is flushed.</summary>
    private sealed class Flush(string directory) : IDisposable
    {
        private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file = File.OpenHandle(Path.Combine(directory, "flush"), FileMode.Create, FileAccess.ReadWrite);
        private readonly byte[] _block = new byte[4096];
        private long _at;

        public void Once()
        {
            RandomAccess.Write(_file, _block, _at += _block.Length);
            RandomAccess.FlushToDisk(_file);
        }

        public void Dispose() => _file.Dispose();
    }

    /// <summary>An owner that listens, in a folder of its own.</summary>
    private sealed class Hive : IAsyncDisposable
    {
        public Hive() => Host = SkepHost.Open(SkepFolder.Create(Directory), new SkepHostOptions
        {
            MemorySearch = static (memory, folder) => MemorySearch.Open(memory, Path.Combine(folder.Root, SkepHostOptions.MemoryIndexFolder), TimeProvider.System),
        });

        public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("skep-bench-").FullName;

        public SkepHost Host { get; }

        public static string Key(int i) => $"swarm/worker-{i % 100}/key-{i}";

        public async Task<ControlChannel> ConnectAsync() => await ControlChannel.TryConnectAsync(Host.Folder) ?? throw new InvalidOperationException("nobody listens");

        public async Task FillAsync(int keys)
        {
            foreach (var part in Enumerable.Range(0, keys).Chunk(1_000))
                await Task.WhenAll(part.Select(i => Host.Memory.StoreAsync(new StoreRequest(Key(i), Value))));
        }

        /// <summary>Rows that are left when the sweeper had its time.</summary>
        public async Task<long> SweptAsync()
        {
            var clock = Stopwatch.StartNew();
            long left;
            while ((left = Host.Memory.Stats().ExpiredUnswept) > 0 && clock.Elapsed < TimeSpan.FromSeconds(10)) await Task.Delay(50);
            return left;
        }

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
