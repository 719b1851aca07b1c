using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using ModelContextProtocol.Client;
using Skep.Client.Door;
using Skep.Storage;

namespace Skep.Mcp.Tests;

/// <summary>A test that needs the thin client: the environment variable SKEP_THIN names it (eng/publish-thin.sh makes it).</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ThinFactAttribute : FactAttribute
{
    public static string? Thin { get; } = Environment.GetEnvironmentVariable("SKEP_THIN");

    public ThinFactAttribute() => Skip = Thin is null || !File.Exists(Thin) ? "SKEP_THIN does not name a thin client; eng/publish-thin.sh makes one" : null;
}

/// <summary>The thin client's door before the real program.</summary>
public sealed class DoorTests : IDisposable
{
    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";
    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";
    private const string List = """{"jsonrpc":"2.0","id":"l","method":"tools/list"}""";
    private static readonly string Full = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "skep.exe" : "skep");

    private readonly string _root = Directory.CreateTempSubdirectory("skep-mcp-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_client_has_the_list_first_and_its_calls_reach_the_real_program()
    {
        await using var door = new Door(_root);
        door.Say(Initialize);
        Assert.Contains("\"listChanged\":true", await door.HearAsync(), StringComparison.Ordinal);
        door.Say(Initialized);
        door.Say(Store(2, "a", "b"));
        door.Say(List);
        // The store was asked for first, and waits for the program to start.
        Assert.EndsWith("\"id\":\"l\",\"jsonrpc\":\"2.0\"}", await door.HearAsync(), StringComparison.Ordinal);
        Assert.Contains("stored default/a, version 1", await door.HearAsync(), StringComparison.Ordinal);
        Assert.Equal("b", await ValueAsync("default/a"));
    }

    [Fact]
    public async Task When_the_program_is_killed_the_call_in_flight_is_an_error_and_the_next_one_works()
    {
        await using var door = new Door(_root);
        door.Say(Initialize);
        door.Say(Initialized);
        Assert.NotEmpty(await door.HearAsync());
        door.Say(Store(2, "a", "1"));
        Assert.Contains("version 1", await door.HearAsync(), StringComparison.Ordinal);
        door.Say("""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"_meta":{"progressToken":"p"},"name":"run_start","arguments":{"plan":"plan: p\ntasks:\n  - { id: a, shell: true, run: \"while [ ! -e go ]; do sleep 0.05; done\" }\n","id":"r1","wait":600}}}""");
        Assert.Contains("notifications/progress", await door.HearAsync(), StringComparison.Ordinal);
        door.Servers[^1].Kill();
        await File.WriteAllTextAsync(Path.Combine(_root, "go"), "");
        string told;
        while ((told = await door.HearAsync()).Contains("notifications/progress", StringComparison.Ordinal)) Assert.DoesNotContain("\"id\":3", told, StringComparison.Ordinal);
        Assert.Contains("\"id\":3", told, StringComparison.Ordinal);
        Assert.Contains("ended before it had answered: exit code 137", told, StringComparison.Ordinal);
        door.Say(Store(4, "a", "2"));
        Assert.Contains("version 2", await door.HearAsync(), StringComparison.Ordinal);
        Assert.Equal(2, door.Servers.Count);
    }

    [Fact]
    public async Task A_program_that_cannot_serve_is_an_error_of_the_call_that_says_why()
    {
        await using var door = new Door(_root, "--dir", "nowhere");
        door.Say(Initialize);
        Assert.NotEmpty(await door.HearAsync());
        door.Say(Store(2, "a", "1"));
        Assert.Contains("there is no directory", await door.HearAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_input_ends_the_program_in_good_order()
    {
        await using var door = new Door(_root);
        door.Say(Initialize);
        door.Say(Store(2, "a", "1"));
        await door.HearAsync();
        await door.HearAsync();
        await door.LeaveAsync();
        var server = Assert.Single(door.Servers);
        await server.ExitedAsync().WaitAsync(McpRig.Patience);
        Assert.Empty(Directory.GetFiles(Path.Combine(_root, ".skep"), "*.sock"));
    }

    [Fact]
    public async Task A_door_whose_program_is_not_there_says_so_to_each_call()
    {
        await using var door = new Door(_root) { Program = Path.Combine(_root, "absent") };
        door.Say(Initialize);
        Assert.Contains("serverInfo", await door.HearAsync(), StringComparison.Ordinal);
        door.Say(Store(2, "a", "1"));
        Assert.Contains("cannot be started", await door.HearAsync(), StringComparison.Ordinal);
    }

    [ThinFact]
    public async Task The_librarys_client_works_through_the_thin_client()
    {
        await using (var client = await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions { Name = "skep", Command = ThinFactAttribute.Thin!, Arguments = ["mcp", "--program", Full], WorkingDirectory = _root })).WaitAsync(McpRig.Patience))
        {
            Assert.Contains(await client.ListToolsAsync(), t => t.Name == "memory_usage");
            var stored = await client.CallToolAsync("memory_usage", new Dictionary<string, object?> { ["action"] = "store", ["key"] = "a", ["value"] = "b" });
            Assert.NotEqual(true, stored.IsError);
        }

        Assert.Equal("b", await ValueAsync("default/a"));
    }

    [ThinFact]
    public async Task A_signal_ends_the_thin_client_and_the_program_behind_it()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var thin = Process.Start(new ProcessStartInfo(ThinFactAttribute.Thin!, ["mcp", "--program", Full]) { WorkingDirectory = _root, RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        await thin.StandardInput.WriteLineAsync(Initialize);
        await thin.StandardInput.WriteLineAsync(Store(2, "a", "1"));
        await thin.StandardInput.FlushAsync();
        await thin.StandardOutput.ReadLineAsync().WaitAsync(McpRig.Patience);
        Assert.Contains("version 1", await thin.StandardOutput.ReadLineAsync().WaitAsync(McpRig.Patience), StringComparison.Ordinal);
        var child = Assert.Single(ChildrenOf(thin.Id));
        using (var kill = Process.Start("kill", ["-TERM", thin.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await thin.WaitForExitAsync().WaitAsync(McpRig.Patience);
        Assert.Equal(0, thin.ExitCode);
        Assert.False(Directory.Exists($"/proc/{child}"));
    }

    private static string Store(int id, string key, string value) =>
        $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"method":"tools/call","params":{"name":"memory_usage","arguments":{"action":"store","key":"{{{{key}}}}","value":"{{{{value}}}}"}}}""";

    private async Task<string> ValueAsync(string path)
    {
        await using var store = SqliteStore.OpenReader(SkepFolder.Find(_root)!);
        await using var memory = Skep.Memory.MemoryStore.OpenReader(store, TimeProvider.System);
        return memory.Get(path)!.Text;
    }

    private static List<int> ChildrenOf(int parent) =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, CultureInfo.InvariantCulture, out _)).Select(n => int.Parse(n!, CultureInfo.InvariantCulture)).Where(id => Parent(id) == parent)];

    private static int Parent(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>A door in this process, before the real program as a process.</summary>
    private sealed class Door : IAsyncDisposable
    {
        private readonly Pipe _up = new();
        private readonly Pipe _down = new();
        private readonly StreamReader _heard;
        private readonly Task _serving;

        public Door(string root, params string[] args)
        {
            _heard = new StreamReader(_down.Reader.AsStream());
            var session = new DoorSession(new DoorMachine(DoorCatalogue.BuiltIn(), all: false), _down.Writer.AsStream(), (line, end) =>
            {
                var server = FullServerProcess.Start(Program, ["mcp", .. args], root, TextWriter.Null, line, end);
                Servers.Add(server);
                return server;
            });
            _serving = session.ServeAsync(_up.Reader.AsStream(), TimeProvider.System, CancellationToken.None);
        }

        public string Program { get; init; } = Full;

        public List<IFullServer> Servers { get; } = [];

        public void Say(string line)
        {
            var stream = _up.Writer.AsStream(leaveOpen: true);
            stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            stream.Flush();
        }

        public async Task<string> HearAsync() => await _heard.ReadLineAsync().WaitAsync(McpRig.Patience) ?? throw new InvalidOperationException("the door has ended");

        public async Task LeaveAsync()
        {
            await _up.Writer.CompleteAsync();
            await _serving.WaitAsync(McpRig.Patience);
        }

        public async ValueTask DisposeAsync()
        {
            await LeaveAsync();
            _heard.Dispose();
        }
    }
}
