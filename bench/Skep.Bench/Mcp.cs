using System.Diagnostics;

namespace Skep.Bench;

/// <summary>Skep as an MCP server, as a coding CLI has it: a process of <c>skep mcp</c> over standard input and output, and <c>skepc mcp</c> where there is one.</summary>
internal static class Mcp
{
    private const int Starts = 15;
    private const int Block = 1_000;
    private const int Blocks = 10;
    private const int Keys = 1_000;

    private static string Full => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "skep.exe" : "skep");

    public static Task RunAsync(Table table)
    {
        var directory = Directory.CreateTempSubdirectory("skep-bench-").FullName;
        try
        {
            Connecting(table, directory);
            using var server = McpClient.Start(Full, directory, "mcp");
            server.Begin();
            for (var i = 0; i < 2 * Keys; i++) Store(server, i);
            Retrieving(table, server);
            Storing(table, server, directory);
            Flat(table, server);
            Spawning(table, server);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        return Task.CompletedTask;
    }

    /// <summary>From the start of the program to the answer, nobody owning the folder; in turn, so that all see the same machine.</summary>
    private static void Connecting(Table table, string directory)
    {
        var (fullList, fullCall, thinList, thinCall) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var thin = Hooks.Thin is { } path && File.Exists(path) ? path : null;
        for (var i = -1; i < Starts; i++)
        {
            Note(fullList, i, Connect(Full, directory, c => c.List(), "mcp"));
            Note(fullCall, i, Connect(Full, directory, c => Retrieve(c, 0, mayMiss: true), "mcp"));
            if (thin is null) continue;
            Note(thinList, i, Connect(thin, directory, c => c.List(), "mcp", "--program", Full));
            Note(thinCall, i, Connect(thin, directory, c => Retrieve(c, 0, mayMiss: true), "mcp", "--program", Full));
        }

        if (thin is null) table.Row("MCP: from the start of `skepc mcp` to `tools/list`", "not measured: no thin client", "", null, "≤ 200 ms", null);
        else
        {
            table.Row($"MCP: from the start of `skepc mcp` to `tools/list`, cold, median of {Starts} (baseline: `skep mcp`)", $"{Median(thinList):0} ms", $"{Median(fullList):0} ms", Median(thinList) / Median(fullList), "≤ 200 ms", Median(thinList) <= 200);
            table.Row("the same to the answer of a first call", $"{Median(thinCall):0} ms", $"{Median(fullCall):0} ms", Median(thinCall) / Median(fullCall), "", null);
        }
    }

    private static void Retrieving(Table table, McpClient server)
    {
        var times = new List<double>();
        for (var i = 0; i < 5_000; i++) times.Add(Time(() => Retrieve(server, i * 17 % Keys)));
        var (p50, p99) = (Percentile(times, 50), Percentile(times, 99));
        table.Row("MCP: `memory_usage` retrieve, warm, p50", $"{p50:0.00} ms", $"p99 {p99:0.00} ms", null, "≤ 1 ms", p50 <= 1);
    }

    /// <summary>In turn with a flush of 4 KiB, so that both meet the same disk.</summary>
    private static void Storing(Table table, McpClient server, string directory)
    {
        var (stores, flushes) = (new List<double>(), new List<double>());
        using var file = File.OpenHandle(Path.Combine(directory, "flush"), FileMode.Create, FileAccess.ReadWrite);
        var block = new byte[4096];
        for (var i = 0; i < 1_000; i++)
        {
            flushes.Add(Time(() =>
            {
                RandomAccess.Write(file, block, i * 4096L);
                RandomAccess.FlushToDisk(file);
            }));
            stores.Add(Time(() => Store(server, i)));
        }

        var (store, flush) = (Percentile(stores, 50), Percentile(flushes, 50));
        table.Row("MCP: durable `memory_usage` store, warm, p50 (baseline: one fsync, in turn)", $"{store:0.00} ms", $"{flush:0.00} ms", store / flush, "≤ one fsync + 1 ms", store <= flush + 1);
    }

    /// <summary>Stores and retrieves in turn. What blocks in between differ by is the machine's noise; the last may not exceed the first by more than that.</summary>
    private static void Flat(Table table, McpClient server)
    {
        var (walls, cpus) = (new List<double>(), new List<double>());
        for (var block = 0; block < Blocks; block++)
        {
            var (cpu, clock) = (server.Cpu, Stopwatch.StartNew());
            for (var i = 0; i < Block; i++)
            {
                if (i % 2 == 0) Store(server, block * Block + i);
                else Retrieve(server, i % Keys);
            }

            walls.Add(clock.Elapsed.TotalMilliseconds / Block);
            cpus.Add((server.Cpu - cpu).TotalMilliseconds / Block);
        }

        Growth(table, $"MCP: {Blocks * Block:N0} calls, server's CPU per call, last thousand (baseline: the first)", cpus);
        Growth(table, "the same, wall time per call", walls);
    }

    private static void Growth(Table table, string what, List<double> values)
    {
        var between = values.Skip(1).SkipLast(1).ToList();
        var noise = between.Max() / between.Min();
        var growth = values[^1] / values[0];
        table.Row($"{what}; blocks in between {between.Min():0.00} to {between.Max():0.00} ms", $"{values[^1]:0.00} ms", $"{values[0]:0.00} ms", growth, "flat: growth within their spread", growth <= Math.Max(noise, 1.1));
    }

    private static void Spawning(Table table, McpClient server)
    {
        var times = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            server.Call("swarm_init", json =>
            {
                json.WriteString("topology", "mesh");
                json.WriteNumber("maxAgents", 10);
            });
            times.Add(Time(() => server.Call("agents_spawn_parallel", json =>
            {
                json.WriteStartArray("agents");
                for (var agent = 0; agent < 10; agent++)
                {
                    json.WriteStartObject();
                    json.WriteString("type", "coder");
                    json.WriteString("name", $"coder-{agent}");
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            })));
        }

        table.Row("MCP: ten agents by `agents_spawn_parallel`, durable, median of 30", $"{Median(times):0.0} ms", $"slowest {times.Max():0.0} ms", null, "≤ 20 ms", Median(times) <= 20);
    }

    private static void Store(McpClient server, int key) => server.Call("memory_usage", json =>
    {
        json.WriteString("action", "store");
        json.WriteString("key", $"key-{key % Keys}");
        json.WriteString("value", new string('v', 200));
    });

    private static void Retrieve(McpClient server, int key, bool mayMiss = false)
    {
        var answer = server.Call("memory_usage", json =>
        {
            json.WriteString("action", "retrieve");
            json.WriteString("key", $"key-{key}");
        });
        if (!mayMiss && !answer.Contains("vvvvvvvv", StringComparison.Ordinal)) throw new InvalidOperationException(answer);
    }

    private static double Connect(string program, string directory, Action<McpClient> ask, params string[] args)
    {
        var clock = Stopwatch.StartNew();
        using var client = McpClient.Start(program, directory, args);
        client.Begin();
        ask(client);
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double Time(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static void Note(List<double> times, int round, double time)
    {
        if (round >= 0) times.Add(time);
    }

    private static double Median(List<double> times) => Percentile(times, 50);

    private static double Percentile(List<double> times, int percent) => times.Order().ElementAt(times.Count * percent / 100);
}
