using System.Text.RegularExpressions;

namespace Skep.Server.Tests;

/// <summary>The official conformance suite of the protocol, its scenarios for servers.</summary>
public sealed partial class ConformanceTests : IDisposable
{
    /// <summary>Scenarios that call tools, read resources or ask for prompts which only a server made for the suite has.</summary>
    private static readonly string[] OfTestServers =
    [
        "completion-complete", "tools-call-image", "tools-call-audio", "tools-call-embedded-resource", "tools-call-mixed-content", "tools-call-with-logging", "tools-call-with-progress",
        "tools-call-sampling", "tools-call-elicitation", "json-schema-2020-12", "elicitation-sep1034-defaults", "elicitation-sep1330-enums", "resources-read-text",
        "resources-read-binary", "resources-templates-read", "prompts-get-simple", "prompts-get-with-args", "prompts-get-embedded-resource", "prompts-get-with-image",
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("skep-conformance-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [ConformanceFact]
    public async Task All_scenarios_for_servers_pass_at_our_HTTP_door_with_the_tools_of_the_suite_behind_it()
    {
        await using var server = await SkepServer.StartAsync(SuiteServer.Options, new SkepServerOptions());
        var (code, passed, failed, said) = await SuiteAsync(server.McpUrl.AbsoluteUri);
        Assert.True(code == 0 && failed.Count == 0, said);
        Assert.Equal(32, passed.Count);
    }

    [ConformanceFact]
    public async Task Against_skep_serve_all_scenarios_pass_that_need_no_test_tools()
    {
        using var program = await ServeProgram.StartAsync(_root, "--no-token");
        var (_, passed, failed, said) = await SuiteAsync(program.Url);
        Assert.True(failed.SetEquals(OfTestServers), said);
        string[] ours = ["server-initialize", "ping", "logging-set-level", "tools-list", "tools-call-error", "resources-list", "prompts-list", "server-sse-multiple-streams", "dns-rebinding-protection"];
        Assert.True(passed.IsSupersetOf(ours), said);
    }

    private async Task<(int Code, HashSet<string> Passed, HashSet<string> Failed, string Said)> SuiteAsync(string url)
    {
        var (code, output, error) = await NpmTools.NodeAsync(NpmTools.Conformance!, _root, "server", "--url", url, "--suite", "all");
        HashSet<string> Of(string mark) => [.. Result().Matches(output).Where(m => m.Groups["mark"].Value == mark).Select(m => m.Groups["name"].Value)];
        return (code, Of("✓"), Of("✗"), output + error);
    }

    [GeneratedRegex("^(?<mark>✓|✗) (?<name>[a-z0-9-]+): ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Result();
}
