using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Skep.Mcp.Catalogue;

namespace Skep.Mcp.Tests;

public sealed class CatalogueTests
{
    /// <summary>The names that the source documents call.</summary>
    private static readonly string[] Named =
    [
        "swarm_init", "swarm_monitor", "swarm_status", "task_orchestrate", "task_status", "task_results", "memory_usage", "memory_search", "bottleneck_analyze", "performance_report",
        "agent_spawn", "agents_spawn_parallel", "agent_list", "agent_metrics", "query_control", "query_list", "token_usage",
    ];

    [Fact]
    public async Task The_default_list_is_small_and_has_the_names_that_prompts_call()
    {
        await using var rig = await McpRig.StartAsync();
        var tools = await rig.Client.ListToolsAsync();
        Assert.True(tools.Count < 40, $"{tools.Count} tools");
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new ListToolsResult { Tools = [.. tools.Select(t => t.ProtocolTool)] }, McpJsonUtilities.DefaultOptions).Length;
        Assert.True(bytes < 40 * 1024, $"{bytes} bytes");
        Assert.Empty(Named.Except(tools.Select(t => t.Name)));
        Assert.DoesNotContain(tools, t => t.Name.StartsWith("neural_", StringComparison.Ordinal));
        Assert.All(tools, t => Assert.False(string.IsNullOrWhiteSpace(t.Description)));
    }

    [Fact]
    public async Task The_extended_tools_are_listed_and_callable_only_where_all_are_asked_for()
    {
        await using var few = await McpRig.StartAsync();
        await using var all = await McpRig.StartAsync(s => s with { All = true });
        Assert.DoesNotContain(await few.Client.ListToolsAsync(), t => t.Name == "swarm_destroy");
        Assert.Contains("skep mcp --all", await few.RefuseAsync("swarm_destroy", new { swarmId = "x" }), StringComparison.Ordinal);
        Assert.Contains(await all.Client.ListToolsAsync(), t => t.Name == "swarm_destroy");
        Assert.Contains("there is no swarm 'x'", await all.RefuseAsync("swarm_destroy", new { swarmId = "x" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_tool_refuses_arguments_that_it_does_not_know_and_says_which_it_takes()
    {
        await using var rig = await McpRig.StartAsync(s => s with { All = true });
        foreach (var tool in ToolCatalogue.All.Tools)
        {
            var said = await rig.RefuseAsync(tool.Name, new Dictionary<string, object> { ["no_such_argument"] = 1 });
            Assert.Contains("'no_such_argument' is no argument", said, StringComparison.Ordinal);
            foreach (var name in tool.Input.Element.GetProperty("properties").EnumerateObject().Select(p => p.Name)) Assert.Contains(name, said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_argument_of_every_tool_refuses_the_wrong_kind_of_value()
    {
        await using var rig = await McpRig.StartAsync(s => s with { All = true });
        foreach (var tool in ToolCatalogue.All.Tools)
        {
            foreach (var argument in tool.Input.Element.GetProperty("properties").EnumerateObject().Where(p => p.Value.TryGetProperty("type", out _)))
            {
                // A list is wrong for all but lists, a switch is wrong for them.
                object wrong = argument.Value.GetProperty("type").GetString() == "array" ? true : new[] { 1 };
                var said = await rig.RefuseAsync(tool.Name, new Dictionary<string, object> { [argument.Name] = wrong });
                Assert.Contains($"'{argument.Name}' must be", said, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Every_tool_with_a_needed_argument_says_which_one_is_missing()
    {
        await using var rig = await McpRig.StartAsync(s => s with { All = true });
        foreach (var tool in ToolCatalogue.All.Tools.Where(t => t.Input.Element.TryGetProperty("required", out _)))
            Assert.Contains($"'{tool.Input.Element.GetProperty("required")[0].GetString()}' is missing", await rig.RefuseAsync(tool.Name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory_usage", """{"action":"explode"}""", "'action' is 'explode'; give one of store, retrieve")]
    [InlineData("memory_usage", """{"action":"store","key":"a","value":"b","ttl":-1}""", "'ttl' is -1; give 0.001 to 315360000")]
    [InlineData("memory_usage", """{"action":"store","value":"b"}""", "'key' is missing: action store needs it")]
    [InlineData("memory_usage", """{"action":"store","key":"no spaces","value":"b"}""", "' ' is not allowed")]
    [InlineData("swarm_init", """{"topology":"mesh","maxAgents":2.5}""", "'maxAgents' must be a whole number such as 3, and is the number 2.5")]
    [InlineData("swarm_init", """{"topology":"mesh","maxAgents":1000}""", "'maxAgents' is 1000; give 1 to 100")]
    [InlineData("agents_spawn_parallel", """{"agents":[]}""", "'agents' has 0 items; give at least 1")]
    [InlineData("agents_spawn_parallel", """{"agents":[{"type":"coder","name":"a"},{"type":"wizard","name":"b"}]}""", "'agents[1].type' is 'wizard'; give one of")]
    [InlineData("agents_spawn_parallel", """{"agents":[{"type":"coder"}]}""", "'agents[0].name' is missing; 'agents[0]' takes: type (needed), name (needed)")]
    [InlineData("memory_search", """{"pattern":""}""", "'pattern' is empty: give at least 1 character")]
    [InlineData("performance_report", """{"timeframe":"soon"}""", "'soon' is no time frame")]
    [InlineData("run_status", """{"run":"nowhere"}""", "there is no run 'nowhere'")]
    [InlineData("query_control", """{"action":"pause","queryId":"nowhere"}""", "names no query: write RUN/TASK")]
    [InlineData("query_control", """{"action":"change_model","queryId":"a/b"}""", "'model' is missing: action change_model needs it")]
    [InlineData("plan_check", "{}", "give the plan as text in 'plan', or name a plan file in 'file'")]
    [InlineData("run_start", """{"file":"../outside.yaml"}""", "lies outside the workspace")]
    public async Task Nonsense_is_refused_with_what_would_be_right(string tool, string args, string expected)
    {
        await using var rig = await McpRig.StartAsync();
        using var json = JsonDocument.Parse(args);
        Assert.Contains(expected, await rig.RefuseAsync(tool, json.RootElement), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_listed_tool_is_called_with_success_by_some_test()
    {
        var tests = string.Concat(Directory.GetFiles(Source(), "*Tests.cs").Select(File.ReadAllText));
        Assert.All(ToolCatalogue.All.Tools, t => Assert.Contains($"CallAsync(\"{t.Name}\"", tests, StringComparison.Ordinal));
    }

    private static string Source([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [Fact]
    public async Task A_null_counts_as_left_out()
    {
        await using var rig = await McpRig.StartAsync();
        Assert.Equal(8, (await rig.CallAsync("swarm_init", new { topology = "mesh", maxAgents = (int?)null })).GetProperty("maxAgents").GetInt32());
    }

    [Fact]
    public async Task A_tool_that_is_not_there_is_said_to_be_not_there()
    {
        await using var rig = await McpRig.StartAsync();
        Assert.Contains("there is no tool 'neural_train'", await rig.RefuseAsync("neural_train"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_that_are_too_deep_or_too_many_are_refused()
    {
        await using var rig = await McpRig.StartAsync();
        var deep = new StringBuilder("{\"action\":\"store\",\"key\":\"k\",\"value\":").Append('[', 30).Append(']', 30).Append('}');
        using var nested = JsonDocument.Parse(deep.ToString());
        Assert.Contains("nested deeper than 16 levels", await rig.RefuseAsync("memory_usage", nested.RootElement), StringComparison.Ordinal);
        Assert.Contains("more than 20000 values", await rig.RefuseAsync("memory_usage", new { action = "store", key = "k", value = Enumerable.Range(0, 30_000) }), StringComparison.Ordinal);
    }
}
