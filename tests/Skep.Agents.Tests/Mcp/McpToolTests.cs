using Skep.Agents.Queries;
using Skep.Agents.Tests.Queries;

namespace Skep.Agents.Tests.Mcp;

public sealed class McpToolTests
{
    [Fact]
    public async Task A_chat_agent_has_the_tools_that_its_spec_names_and_no_others()
    {
        await using var rig = new ChatRig(s =>
        {
            s.When(m => m.Turns(0)).Calls("mcp__test__echo", """{"text":"hello"}""");
            s.When(m => m.ToolResult("mcp__test__echo")).Says("${tool}");
        });
        var state = await rig.RunAsync(Plan(rig, "[mcp__test__echo, mcp__test__d*]", "[echo]"));
        Assert.Contains("hello", state.Find("ask")!.Outputs["answer"], StringComparison.Ordinal);
        Assert.Contains("untrusted", state.Find("ask")!.Outputs["answer"], StringComparison.Ordinal);
        Assert.Equal(["mcp__test__die", "mcp__test__die_once", "mcp__test__echo"], rig.Query().Start!.Tools);
        Assert.Equal("call echo run-1/ask/1/1.0", McpRig.Log(rig)[1]);
    }

    [Fact]
    public async Task What_the_server_keeps_back_cannot_be_had()
    {
        await using var rig = new ChatRig(s => s.Always().Says("unused"));
        var state = await rig.RunAsync(Plan(rig, "[mcp__test__env]", "[echo], tools: [echo]"));
        Assert.Contains("offers no tool 'env' (or its 'tools' keep it back); it has echo", state.Find("ask")!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_that_the_plan_does_not_allow_is_asked_about()
    {
        await using var rig = new ChatRig(s =>
        {
            s.When(m => m.Turns(0)).Calls("mcp__test__add", """{"a":1,"b":2}""");
            s.When(m => m.ToolResult("mcp__test__add")).Says("${tool}");
        });
        var run = await rig.StartAsync(Plan(rig, "[mcp__test__add]", "[]"));
        await Until(() => rig.Query().Items is [.., TurnItem { Tools: [{ Stage: ToolStage.Asked }] }]);
        Assert.DoesNotContain("call", string.Join('\n', McpRig.Log(rig)), StringComparison.Ordinal);
        Assert.Equal("allowed", await rig.ControlAsync(QueryOps.Answer, "0 yes"));
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Contains("\"sum\":3", rig.State().Find("ask")!.Outputs["answer"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_may_be_repeated_is_made_again_when_the_server_ends_under_it()
    {
        await using var rig = new ChatRig(s =>
        {
            s.When(m => m.Turns(0)).Calls("mcp__test__die_once", "{}");
            s.When(m => m.ToolResult("mcp__test__die_once")).Says("${tool}");
        });
        var state = await rig.RunAsync(Plan(rig, "[mcp__test__die_once]", "[die_once]"));
        Assert.Contains("alive", state.Find("ask")!.Outputs["answer"], StringComparison.Ordinal);
        Assert.Equal((2, 2), (McpRig.Starts(rig), McpRig.Log(rig).Count(l => l == "call die_once run-1/ask/1/1.0")));
    }

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(ChatRig.Patience);
        while (!holds()) await Task.Delay(10, patience.Token);
    }

    private static string Plan(ChatRig rig, string tools, string allow) => $$"""
        plan: p
        {{McpRig.Section(rig, $", allow: {allow}")}}
        agents: { thinker: { executor: chat, model: test/large, tools: {{tools}} } }
        tasks: [{ id: ask, agent: thinker, prompt: Do it. }]
        """;
}
