using Skep.Agents.Tests.Queries;

namespace Skep.Agents.Tests.Mcp;

/// <summary>Plans that use the MCP server of these tests, which tells in a file when it was started and called.</summary>
internal static class McpRig
{
    public static string Server { get; } = Path.Combine(AppContext.BaseDirectory, "Skep.TestMcpServer.dll");

    public static string LogOf(ChatRig rig) => Path.Combine(rig.Root, "server.log");

    public static IReadOnlyList<string> Log(ChatRig rig) => File.Exists(LogOf(rig)) ? File.ReadAllLines(LogOf(rig)) : [];

    public static int Starts(ChatRig rig) => Log(rig).Count(l => l.StartsWith("start ", StringComparison.Ordinal));

    /// <summary>The plan's section of servers.</summary>
    public static string Section(ChatRig rig, string more = "", string argument = "", params string[] pass)
    {
        string[] passed = [.. pass, .. Environment.GetEnvironmentVariable("DOTNET_ROOT") is null ? (string[])[] : ["DOTNET_ROOT"]];
        return $$"""mcp: { test: { command: [dotnet, "{{Server}}"{{(argument.Length > 0 ? ", " + argument : "")}}], env: { TEST_LOG: "{{LogOf(rig)}}" }, pass: [{{string.Join(", ", passed)}}] {{more}} } }""";
    }
}
