using System.Text.Json.Nodes;
using Skep.Orchestration;
using Skep.Storage;
using Skep.Testing;

namespace Skep.Server.Tests;

/// <summary>The real Claude Code drives Skep through <c>skep mcp</c> and through <c>skep serve</c>; the model of both is a script on loopback.</summary>
public sealed class ClaudeTests : IDisposable
{
    private const string Remember = "mcp__skep__memory_usage";
    private const string Orchestrate = "mcp__skep__task_orchestrate";
    private readonly string _root = Directory.CreateTempSubdirectory("skep-claude-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [ClaudeFact]
    public async Task Over_standard_streams_it_lists_our_tools_stores_an_entry_and_has_a_swarm_work_on_a_task()
    {
        await using var model = await ModelAsync();
        var said = await ClaudeAsync(model, new JsonObject
        {
            ["type"] = "stdio",
            ["command"] = "dotnet",
            ["args"] = new JsonArray(ServeProgram.Dll, "mcp", "--dir", _root),
            ["env"] = new JsonObject
            {
                ["SKEP_MODEL_BASE_URL"] = model.BaseUrl.AbsoluteUri, ["SKEP_MODEL_WIRE"] = "anthropic", ["SKEP_MODEL_API_KEY"] = "not-a-key", ["SKEP_MODEL"] = "claude-haiku-4-5",
            },
        });
        await AssertToolsAsync(model);
        Assert.True(said.Contains("All is done.", StringComparison.Ordinal), Told(model, said));
        await using var store = SqliteStore.OpenReader(SkepFolder.Find(_root)!);
        await using var memory = Skep.Memory.MemoryStore.OpenReader(store, TimeProvider.System);
        Assert.Equal("by Claude Code", memory.Get("notes/made")?.Text);
        var run = Assert.Single(RunReader.List(store, 10));
        var state = RunReader.Load(store, new BlobStore(SkepFolder.Find(_root)!.BlobsPath), run.Run);
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(("buzz", "buzz"), (state.Find("ann")!.Outputs["answer"], state.Find("result")!.Outputs["answer"]));
    }

    [ClaudeFact]
    public async Task Over_HTTP_with_the_token_it_stores_an_entry()
    {
        using var program = await ServeProgram.StartAsync(_root);
        var token = (await File.ReadAllTextAsync(Path.Combine(_root, ".skep", "server.token"))).Trim();
        await using var model = await ModelAsync();
        var said = await ClaudeAsync(model, new JsonObject { ["type"] = "http", ["url"] = program.Url, ["headers"] = new JsonObject { ["Authorization"] = "Bearer " + token } });
        await AssertToolsAsync(model);
        Assert.True(said.Contains("All is done.", StringComparison.Ordinal), Told(model, said));
        await using var store = SqliteStore.OpenReader(SkepFolder.Find(_root)!);
        await using var memory = Skep.Memory.MemoryStore.OpenReader(store, TimeProvider.System);
        Assert.Equal("by Claude Code", memory.Get("notes/made")?.Text);
    }

    /// <summary>Claude Code's turns call a tool each; whoever is asked without these tools is an agent of the swarm.</summary>
    private static Task<ScriptedModelServer> ModelAsync() => ScriptedModelServer.StartAsync(ScriptedModel.Build(static s =>
    {
        s.When(m => m.Offers(Remember).Turns(0)).Calls(Remember, """{"action":"store","namespace":"notes","key":"made","value":"by Claude Code"}""");
        s.When(m => m.Offers(Remember).Turns(1)).Calls("mcp__skep__swarm_init", """{"topology":"mesh"}""");
        s.When(m => m.Offers(Remember).Turns(2)).Calls("mcp__skep__agents_spawn_parallel", """{"agents":[{"type":"researcher","name":"ann"},{"type":"coordinator","name":"eve"}]}""");
        s.When(m => m.Offers(Remember).Turns(3)).Calls(Orchestrate, """{"task":"Say what bees say","wait":60}""");
        s.When(m => m.Offers(Remember)).Says("All is done.");
        s.Always().Says("buzz");
    }));

    private static async Task AssertToolsAsync(ScriptedModelServer model)
    {
        await using var rig = await ServerRig.StartAsync();
        await using var client = await rig.ConnectAsync();
        var expected = (await client.ListToolsAsync()).Select(t => "mcp__skep__" + t.Name).Order(StringComparer.Ordinal);
        var offered = model.Model.Exchanges.All().Select(e => e.Request?.Tools ?? []).FirstOrDefault(t => t.Contains(Remember)) ?? [];
        Assert.Equal(expected, offered.Where(t => t.StartsWith("mcp__", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private async Task<string> ClaudeAsync(ScriptedModelServer model, JsonObject server)
    {
        var home = Directory.CreateDirectory(Path.Combine(_root, "home")).FullName;
        var config = Path.Combine(_root, "mcp.json");
        await File.WriteAllTextAsync(config, new JsonObject { ["mcpServers"] = new JsonObject { ["skep"] = server } }.ToJsonString());
        var (code, output, error) = await NpmTools.RunAsync(NpmTools.Claude!, ["-p", "--mcp-config", config, "--strict-mcp-config", "--allowedTools", "mcp__skep", "--", "Have a swarm say what bees say."], home, start =>
        {
            start.Environment["CLAUDE_CONFIG_DIR"] = Path.Combine(home, ".claude");
            start.Environment["ANTHROPIC_BASE_URL"] = model.BaseUrl.AbsoluteUri.TrimEnd('/');
            start.Environment["ANTHROPIC_API_KEY"] = "not-a-key";
            // Else tools are offered through a search, which a script cannot follow.
            start.Environment["ENABLE_TOOL_SEARCH"] = "false";
            foreach (var off in new[] { "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "DISABLE_AUTOUPDATER", "DISABLE_TELEMETRY", "DISABLE_ERROR_REPORTING" }) start.Environment[off] = "1";
        });
        Assert.True(code == 0, Told(model, output + error));
        return output;
    }

    private static string Told(ScriptedModelServer model, string said) => $"{said}\n{string.Join('\n', model.Model.Exchanges.All().Select(e => $"{e}: {e.Request?.LastUserText} {string.Join(' ', e.Request?.LastToolResults.Select(r => r.Text) ?? [])}"))}";
}
