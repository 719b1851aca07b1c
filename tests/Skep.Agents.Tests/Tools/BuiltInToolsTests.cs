using System.Text.Json;
using Skep.Plans;

namespace Skep.Agents.Tests.Tools;

public sealed class BuiltInToolsTests : ToolTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("*", "")]
    [InlineData("Files,FILES,file", "")]
    [InlineData("read_file,memory_read,read_file", "read_file,memory_read")]
    [InlineData("files:read", "read_file,list_files,search_files")]
    [InlineData("files", "read_file,list_files,search_files,write_file,edit_file")]
    [InlineData("memory,messages", "memory_read,memory_list,memory_write,notify,read_inbox")]
    [InlineData("commands,run_command,propose_tasks", "")]
    [InlineData("run_command(git status),somebody-elses", "run_command")]
    public async Task An_agent_gets_the_tools_that_its_spec_names_and_no_others(string names, string expected) =>
        Assert.Equal(expected, string.Join(',', (await ToolsAsync(names)).Select(t => t.Name)));

    [Fact]
    public async Task A_command_of_one_spec_is_not_allowed_to_another()
    {
        var first = (await ToolsAsync("run_command(echo)"))[0];
        var second = (await ToolsAsync("run_command(ls)"))[0];

        Assert.False((await first.InvokeAsync(Call("""{"argv":["echo"]}"""), default)).IsError);
        Assert.True((await second.InvokeAsync(Call("""{"argv":["echo"]}"""), default)).IsError);
    }

    [Theory]
    [InlineData("run_command(/bin/sh)", true)]
    [InlineData("run_command(git status *)", false)]
    [InlineData("read_file", false)]
    public void An_unclear_command_in_a_spec_is_a_problem(string tool, bool problem) => Assert.Equal(problem, BuiltInTools.ProblemOf(tool) is not null);

    [Fact]
    public async Task Every_tool_says_what_it_takes_and_takes_nothing_else()
    {
        var tools = await ToolsAsync("files,memory,messages,run_command(echo)");

        Assert.All(tools, tool =>
        {
            Assert.Matches("^[a-z_]{1,64}$", tool.Name);
            Assert.Equal("object", tool.Parameters.GetProperty("type").GetString());
            Assert.False(tool.Parameters.GetProperty("additionalProperties").GetBoolean());
        });
        foreach (var tool in tools)
        {
            Assert.True((await tool.InvokeAsync(Call("""{"__proto__":{"admin":true}}"""), default)).IsError);
            Assert.True((await tool.InvokeAsync(Call("[]"), default)).IsError);
            Assert.True((await tool.InvokeAsync(Call("null"), default)).IsError);
        }
    }

    [Fact]
    public async Task A_cancelled_call_is_thrown_and_no_result()
    {
        var tool = (await ToolsAsync("write_file"))[0];

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tool.InvokeAsync(Call("""{"path":"a","content":"x"}"""), new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(Rig.Box));
    }

    private Task<IReadOnlyList<IAgentTool>> ToolsAsync(string names)
    {
        var spec = new AgentSpec { Id = "a", Tools = names.Split(',', StringSplitOptions.RemoveEmptyEntries) };
        return Rig.Tools.ToolsAsync(Rig.Agent with { Attempt = Rig.Attempt with { Agent = spec } }, default);
    }

    private ToolCall Call(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new ToolCall(document.RootElement.Clone(), Rig.NextKey(), Rig.Agent);
    }
}
