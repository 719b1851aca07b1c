using System.Net;
using Skep.Agents;
using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;
using TaskStatus = Skep.Orchestration.TaskStatus;

namespace Skep.Server.Tests;

/// <summary>Our own client over Streamable HTTP, as tasks of a plan use it, against the real <c>skep serve</c> of another folder.</summary>
public sealed class McpClientOverHttpTests : IDisposable
{
    private readonly string _served = Directory.CreateTempSubdirectory("skep-served-").FullName;
    private readonly string _root = Directory.CreateTempSubdirectory("skep-client-").FullName;
    private readonly Dictionary<string, string> _variables = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };

    public void Dispose()
    {
        Directory.Delete(_served, recursive: true);
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Tasks_call_its_tools_with_a_secret_header_and_what_they_store_is_there()
    {
        using var server = await ServeProgram.StartAsync(_served);
        var token = await TokenAsync();
        await using var host = Open();
        var state = await RunAsync(host, server.Url, Store("a", "from a task"), Retrieve("b", "a", needs: "a"));
        Assert.True(state.Status == RunStatus.Succeeded, Reasons(state));
        Assert.Contains("from a task", state.Find("b")!.Outputs["text"], StringComparison.Ordinal);
        Assert.Equal("from a task", await ServedAsync("default/a"));
        Assert.DoesNotContain(token, string.Join('\n', RunReader.Events(host.Store, "run-1").Select(e => e.Event.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_tasks_share_one_session()
    {
        using var server = await ServeProgram.StartAsync(_served);
        await TokenAsync();
        await using var host = Open();
        var state = await RunAsync(host, server.Url, """{ id: many, agent: any, foreach: [a, b, c, d, e, f, g, h], with: { action: store, key: "${item}", value: "v-${item}" } }""");
        Assert.True(state.Status == RunStatus.Succeeded, Reasons(state));
        foreach (var key in "abcdefgh") Assert.Equal($"v-{key}", await ServedAsync($"default/{key}"));
    }

    [Fact]
    public async Task A_server_that_was_killed_and_is_back_is_asked_in_a_new_session()
    {
        using var first = await ServeProgram.StartAsync(_served);
        await TokenAsync();
        await using var host = Open();
        var run = await StartAsync(host, first.Url, Store("a", "before"), """{ id: wait, needs: [a], shell: true, run: "touch down; while [ ! -e up ]; do sleep 0.02; done" }""", Retrieve("b", "a", needs: "wait"));
        using (var patience = new CancellationTokenSource(ServerRig.Patience))
            while (!File.Exists(Path.Combine(_root, "down"))) await Task.Delay(5, patience.Token);
        first.Process.Kill();
        await first.Process.WaitForExitAsync();
        using var second = await ServeProgram.StartAsync(_served, "--port", new Uri(first.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await File.WriteAllTextAsync(Path.Combine(_root, "up"), "");
        await run.Completion.WaitAsync(ServerRig.Patience);
        var state = RunReader.Load(host.Store, host.Blobs, "run-1");
        Assert.True(state.Status == RunStatus.Succeeded, Reasons(state));
        Assert.Contains("before", state.Find("b")!.Outputs["text"], StringComparison.Ordinal);
        Assert.Single(state.Find("b")!.Attempts);
    }

    [Fact]
    public async Task A_wrong_token_and_a_server_that_is_not_there_are_told_and_no_secret_with_them()
    {
        using var server = await ServeProgram.StartAsync(_served);
        _variables["SERVED_AUTH"] = "Bearer this-is-the-wrong-token";
        await using var host = Open();
        var refused = (await RunAsync(host, server.Url, Store("a", "x"))).Find("a")!;
        Assert.Equal(TaskStatus.Failed, refused.Status);
        Assert.Contains("MCP server 'served' (http://127.0.0.1:", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("401", refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-token", refused.Reason, StringComparison.Ordinal);
        var gone = (await RunNamedAsync(host, $"http://127.0.0.1:{FreePort()}/mcp", "run-2", Store("a", "x"))).Find("a")!;
        Assert.Contains("cannot be reached", gone.Reason, StringComparison.Ordinal);
    }

    private static string Store(string id, string value) => $$"""{ id: {{id}}, agent: any, with: { action: store, key: {{id}}, value: "{{value}}" } }""";

    private static string Retrieve(string id, string key, string needs) => $$"""{ id: {{id}}, agent: any, needs: [{{needs}}], with: { action: retrieve, key: {{key}} } }""";

    private static string Reasons(RunState state) => string.Join('\n', state.Nodes.Select(n => $"{n.Key} {n.Status}: {n.Reason}"));

    private async Task<string> TokenAsync()
    {
        var token = (await File.ReadAllTextAsync(Path.Combine(_served, ".skep", "server.token"))).Trim();
        _variables["SERVED_AUTH"] = "Bearer " + token;
        return token;
    }

    private SkepHost Open()
    {
        var command = new CommandExecutorOptions { HostEnvironment = () => _variables };
        return SkepHost.Open(SkepFolder.Create(_root), new SkepHostOptions
        {
            Command = command,
            Extensions = [new ChatExtension(new ChatExtensionOptions { Models = host => FolderModels.Of(host, _variables.GetValueOrDefault), Command = command })],
        });
    }

    private Task<RunState> RunAsync(SkepHost host, string url, params string[] tasks) => RunNamedAsync(host, url, "run-1", tasks);

    private async Task<RunState> RunNamedAsync(SkepHost host, string url, string id, params string[] tasks)
    {
        var run = await StartNamedAsync(host, url, id, tasks);
        await run.Completion.WaitAsync(ServerRig.Patience);
        return RunReader.Load(host.Store, host.Blobs, id);
    }

    private Task<RunHandle> StartAsync(SkepHost host, string url, params string[] tasks) => StartNamedAsync(host, url, "run-1", tasks);

    private Task<RunHandle> StartNamedAsync(SkepHost host, string url, string id, string[] tasks)
    {
        var yaml = $$"""
            plan: p
            mcp: { served: { url: "{{url}}", secret_headers: { Authorization: SERVED_AUTH }, tools: ["memory_*"] } }
            agents: { any: { executor: mcp, uses: served/memory_usage } }
            tasks: [{{string.Join(", ", tasks)}}]
            """;
        var read = PlanReader.Read(yaml);
        Assert.True(read.Plan is not null, string.Join('\n', read.Diagnostics.Select(d => d.Format("plan"))));
        return host.StartAsync(new RunRequest { RunId = id, Plan = read.Plan!, PlanText = yaml, PlanDirectory = _root, Workspace = _root });
    }

    private async Task<string?> ServedAsync(string path)
    {
        await using var store = SqliteStore.OpenReader(SkepFolder.Find(_served)!);
        await using var memory = Skep.Memory.MemoryStore.OpenReader(store, TimeProvider.System);
        return memory.Get(path)?.Text;
    }

    private static int FreePort()
    {
        using var port = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        port.Start();
        return ((IPEndPoint)port.LocalEndpoint).Port;
    }
}
