using System.Text.Json;
using Skep.Storage;

namespace Skep.Server.Tests;

/// <summary>The protocol's inspector, on the command line, starts <c>skep mcp</c>.</summary>
public sealed class InspectorTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("skep-inspector-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [InspectorFact]
    public async Task It_lists_our_tools_and_what_it_calls_is_done()
    {
        var tools = await AskAsync("tools/list");
        Assert.Contains(tools.GetProperty("tools").EnumerateArray(), t => t.GetProperty("name").GetString() == "memory_usage");
        var stored = await AskAsync("tools/call", "--tool-name", "memory_usage", "--tool-arg", "action=store", "key=a", "value=b");
        Assert.False(stored.TryGetProperty("isError", out var isError) && isError.GetBoolean(), stored.GetRawText());
        await using var store = SqliteStore.OpenReader(SkepFolder.Find(_root)!);
        await using var memory = Skep.Memory.MemoryStore.OpenReader(store, TimeProvider.System);
        Assert.Equal("b", memory.Get("default/a")!.Text);
    }

    private async Task<JsonElement> AskAsync(string method, params string[] more)
    {
        var (code, output, error) = await NpmTools.NodeAsync(NpmTools.Inspector!, _root, ["--cli", "dotnet", ServeProgram.Dll, "mcp", "--dir", _root, "--method", method, .. more]);
        Assert.True(code == 0, output + error);
        return JsonDocument.Parse(output).RootElement.Clone();
    }
}
