using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Skep.Client.Door;

namespace Skep.Mcp.Tests;

/// <summary>What the thin client answers for the server is what the server answers.</summary>
public sealed class DoorCatalogueTests : IDisposable
{
    private const string Update = "SKEP_UPDATE_GOLDEN=1 dotnet test tests/Skep.Mcp.Tests --filter DoorCatalogue";
    private const string Stale = "src/Skep.Client/Door/Catalogue.jsonl is not what the live server answers; make it anew: " + Update;
    private static readonly string[] Protocols = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    private readonly string _root = Directory.CreateTempSubdirectory("skep-mcp-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_catalogue_of_the_thin_client_is_what_the_real_program_answers_byte_for_byte()
    {
        if (Environment.GetEnvironmentVariable("SKEP_UPDATE_GOLDEN") == "1") await File.WriteAllTextAsync(Golden(), await MakeAsync());
        var catalogue = DoorCatalogue.Parse(await File.ReadAllTextAsync(Golden()));
        foreach (var (i, protocol) in Protocols.Index())
        {
            // Both lists, and every version, in as few starts as that takes.
            var all = i % 2 == 1;
            var (initialize, tools) = await AskAsync(protocol, all);
            Assert.True(initialize == catalogue.Initialize(protocol), Stale);
            Assert.True(tools == Encoding.UTF8.GetString(all ? catalogue.All : catalogue.Default), Stale);
        }

        Assert.True(catalogue.Version == ProgramVersion, Stale);
        Assert.Equal(Protocols, catalogue.Protocols);
    }

    [Fact]
    public async Task The_catalogue_that_is_built_in_is_the_one_in_the_source()
    {
        if (Environment.GetEnvironmentVariable("SKEP_UPDATE_GOLDEN") == "1") return;
        var source = DoorCatalogue.Parse(await File.ReadAllTextAsync(Golden()));
        Assert.Equal(source.All, DoorCatalogue.BuiltIn().All);
        Assert.Equal(source.Default, DoorCatalogue.BuiltIn().Default);
        Assert.Equal(source.Version, DoorCatalogue.BuiltIn().Version);
    }

    [Fact]
    public void At_the_door_the_beginning_differs_only_in_that_the_list_may_change()
    {
        var catalogue = DoorCatalogue.Parse(File.ReadAllText(Golden()));
        using var live = JsonDocument.Parse(catalogue.Initialize("2025-06-18"));
        using var door = JsonDocument.Parse(catalogue.InitializeAtDoor("2025-06-18"));
        Assert.Equal("2025-06-18", door.RootElement.GetProperty("protocolVersion").GetString());
        Assert.True(door.RootElement.GetProperty("capabilities").GetProperty("tools").GetProperty("listChanged").GetBoolean());
        Assert.Equal("{}", live.RootElement.GetProperty("capabilities").GetProperty("tools").GetRawText());
        Assert.Equal(live.RootElement.GetProperty("serverInfo").GetRawText(), door.RootElement.GetProperty("serverInfo").GetRawText());
    }

    private static string ProgramVersion => typeof(SkepMcpServer).Assembly.GetName().Version!.ToString(3);

    /// <summary>Takes the live answers apart: a head, the beginning, and a tool a line.</summary>
    private async Task<string> MakeAsync()
    {
        var (initialize, few) = await AskAsync(Protocols[0], all: false);
        var (_, tools) = await AskAsync(Protocols[0], all: true);
        using var json = JsonDocument.Parse(tools);
        using var fewer = JsonDocument.Parse(few);
        var lines = json.RootElement.GetProperty("tools").EnumerateArray().Select(t => t.GetRawText()).ToList();
        var listed = string.Join(',', lines);
        var at = tools.IndexOf(listed, StringComparison.Ordinal);
        var head = JsonSerializer.Serialize(new
        {
            version = ProgramVersion,
            protocols = Protocols,
            @default = fewer.RootElement.GetProperty("tools").GetArrayLength(),
            before = tools[..at],
            after = tools[(at + listed.Length)..],
        });
        return string.Join('\n', [head, initialize.Replace(Protocols[0], DoorCatalogue.AnyVersion, StringComparison.Ordinal), .. lines]) + "\n";
    }

    private async Task<(string Initialize, string Tools)> AskAsync(string protocol, bool all)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "skep.dll"), "mcp", .. all ? (string[])["--all"] : []])
        {
            WorkingDirectory = _root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var server = Process.Start(start)!;
        var initialize = await ResultAsync(server, $$$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"{{{{protocol}}}}","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        var tools = await ResultAsync(server, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""");
        server.StandardInput.Close();
        await server.WaitForExitAsync().WaitAsync(McpRig.Patience);
        return (initialize, tools);
    }

    private static async Task<string> ResultAsync(Process server, string request)
    {
        await server.StandardInput.WriteLineAsync(request);
        await server.StandardInput.FlushAsync();
        var line = await server.StandardOutput.ReadLineAsync().WaitAsync(McpRig.Patience);
        return Encoding.UTF8.GetString(MessageHead.Result(Encoding.UTF8.GetBytes(line!)));
    }

    private static string Golden([System.Runtime.CompilerServices.CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "src", "Skep.Client", "Door", "Catalogue.jsonl"));
}
