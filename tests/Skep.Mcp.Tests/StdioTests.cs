using System.Diagnostics;
using System.Text.Json;
using ModelContextProtocol.Client;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Mcp.Tests;

/// <summary>The real program, as a coding CLI starts it.</summary>
public sealed class StdioTests : IDisposable
{
    private const string Gated = "plan: gated\ntasks:\n  - { id: hold, shell: true, run: \"while [ ! -e go ]; do sleep 0.05; done\" }\n";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "skep.dll");

    private readonly string _root = Directory.CreateTempSubdirectory("skep-mcp-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_client_lists_and_calls_tools_of_the_real_program()
    {
        await using var client = await ConnectAsync();
        Assert.Equal("skep", client.ServerInfo!.Name);
        Assert.Contains(await client.ListToolsAsync(), t => t.Name == "memory_usage");
        var stored = await client.CallToolAsync("memory_usage", new Dictionary<string, object?> { ["action"] = "store", ["key"] = "a", ["value"] = "b" });
        Assert.NotEqual(true, stored.IsError);
        await using var store = SqliteStore.OpenReader(SkepFolder.Find(_root)!);
        await using var memory = Skep.Memory.MemoryStore.OpenReader(store, TimeProvider.System);
        Assert.Equal("b", memory.Get("default/a")!.Text);
    }

    [Fact]
    public async Task Standard_output_holds_nothing_but_the_protocol_and_the_end_of_the_input_ends_it()
    {
        using var server = Start("mcp");
        await SayAsync(server, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        await SayAsync(server, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await SayAsync(server, """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"run_start","arguments":{"plan":"plan: p\ntasks:\n  - { id: a, run: echo loud }\n","id":"r1","wait":60}}}""");
        var lines = new List<string>();
        while (await server.StandardOutput.ReadLineAsync().WaitAsync(McpRig.Patience) is { } line)
        {
            lines.Add(line);
            if (line.Contains("\"id\":2", StringComparison.Ordinal)) server.StandardInput.Close();
        }

        Assert.All(lines, l => Assert.Equal("2.0", JsonDocument.Parse(l).RootElement.GetProperty("jsonrpc").GetString()));
        Assert.Contains("\"status\":\"succeeded\"", lines[^1].Replace("\\u0022", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        await server.WaitForExitAsync().WaitAsync(McpRig.Patience);
        Assert.Equal(0, server.ExitCode);
    }

    [Fact]
    public async Task A_signal_ends_it_while_its_input_is_silent()
    {
        if (OperatingSystem.IsWindows()) return;
        using var server = Start("mcp");
        await SayAsync(server, """{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        await server.StandardOutput.ReadLineAsync().WaitAsync(McpRig.Patience);
        using (var kill = Process.Start("kill", ["-TERM", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await server.WaitForExitAsync().WaitAsync(McpRig.Patience);
        Assert.True(server.HasExited);
    }

    [Fact]
    public async Task Calls_go_to_the_process_that_owns_the_folder_and_a_run_of_it_is_shared()
    {
        await using var client = await ConnectAsync();
        var started = await client.CallToolAsync("run_start", new Dictionary<string, object?> { ["plan"] = Gated, ["id"] = "r1" });
        Assert.NotEqual(true, started.IsError);
        await using var here = await McpRig.StartAsync(root: _root);
        await here.CallAsync("memory_usage", new { action = "store", key = "a", value = "b" });
        Assert.False(here.Server.Desk.Gate.IsOwner);
        Assert.Equal("running", (await here.CallAsync("run_status", new { run = "r1" })).GetProperty("status").GetString());
        await here.CallAsync("run_control", new { run = "r1", action = "cancel" });
        Assert.Equal("cancelled", (await here.CallAsync("run_status", new { run = "r1", wait = 60 })).GetProperty("status").GetString());
    }

    [Fact]
    public async Task When_the_owner_is_killed_the_next_call_takes_the_folder()
    {
        await using var here = await McpRig.StartAsync(root: _root);
        using (var owner = Start("mcp"))
        {
            await SayAsync(owner, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
            await SayAsync(owner, """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"run_start","arguments":{"plan":"plan: p\ntasks:\n  - { id: a, run: sleep 600 }\n","id":"r1"}}}""");
            while (await owner.StandardOutput.ReadLineAsync().WaitAsync(McpRig.Patience) is { } line && !line.Contains("\"id\":2", StringComparison.Ordinal)) Assert.NotEmpty(line);
            await here.CallAsync("memory_usage", new { action = "store", key = "a", value = "1" });
            Assert.False(here.Server.Desk.Gate.IsOwner);
            owner.Kill();
            await owner.WaitForExitAsync().WaitAsync(McpRig.Patience);
        }

        await here.CallAsync("memory_usage", new { action = "store", key = "a", value = "2" });
        Assert.True(here.Server.Desk.Gate.IsOwner);
        Assert.Equal("interrupted", (await here.CallAsync("run_status", new { run = "r1" })).GetProperty("status").GetString());
        await here.CallAsync("run_control", new { run = "r1", action = "cancel" });
        Assert.Equal(RunStatus.Cancelled, here.Run("r1").Status);
    }

    [Fact]
    public async Task Skep_run_and_skep_resume_get_the_folder_from_a_server_that_is_idle()
    {
        await using var here = await McpRig.StartAsync(root: _root);
        await here.CallAsync("memory_usage", new { action = "store", key = "a", value = "1" });
        Assert.True(here.Server.Desk.Gate.IsOwner);
        here.File("plan.yaml", "plan: p\ntasks:\n  - { id: a, shell: true, run: \"[ -e ok ]\" }\n");
        using (var run = Start("run", "plan.yaml", "--id", "r1", "-q", "--no-report")) await run.WaitForExitAsync().WaitAsync(McpRig.Patience);
        Assert.Equal("failed", (await here.CallAsync("run_status", new { run = "r1" })).GetProperty("status").GetString());
        await here.CallAsync("memory_usage", new { action = "store", key = "a", value = "2" });
        Assert.True(here.Server.Desk.Gate.IsOwner);
        here.File("ok", "");
        using (var retry = Start("retry", "r1", "-q", "--no-report"))
        {
            await retry.WaitForExitAsync().WaitAsync(McpRig.Patience);
            Assert.Equal(0, retry.ExitCode);
        }

        Assert.Equal(RunStatus.Succeeded, here.Run("r1").Status);
    }

    private Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet", [Program, .. args])
    {
        WorkingDirectory = _root,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;

    private static async Task SayAsync(Process server, string line)
    {
        await server.StandardInput.WriteLineAsync(line);
        await server.StandardInput.FlushAsync();
    }

    private Task<McpClient> ConnectAsync() => McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions { Name = "skep", Command = "dotnet", Arguments = [Program, "mcp"], WorkingDirectory = _root })).WaitAsync(McpRig.Patience);
}
