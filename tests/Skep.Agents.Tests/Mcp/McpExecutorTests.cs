using Skep.Agents.Tests.Queries;
using Skep.Orchestration;
using TaskStatus = Skep.Orchestration.TaskStatus;

namespace Skep.Agents.Tests.Mcp;

public sealed class McpExecutorTests
{
    [Fact]
    public async Task A_task_calls_one_tool_and_its_answer_becomes_outputs()
    {
        await using var rig = NewRig();
        var state = await rig.RunAsync(Plan(rig, """{ id: sum, agent: adder, with: { a: 2, b: "${vars.b}" } }""", """{ id: say, agent: any, tool: echo, needs: [sum], with: { text: "the sum is ${tasks.sum.outputs.sum}" } }"""));
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(("5", "test"), (state.Find("sum")!.Outputs["sum"], state.Find("sum")!.Outputs["by"]));
        Assert.Equal("the sum is 5", state.Find("say")!.Outputs["text"]);
        Assert.Equal(["call add run-1/sum/1", "call echo run-1/say/1"], McpRig.Log(rig).Skip(1));
    }

    [Fact]
    public async Task A_server_is_started_once_for_all_tasks()
    {
        await using var rig = NewRig();
        var state = await rig.RunAsync(Plan(rig, """{ id: many, agent: any, tool: echo, foreach: [a, b, c, d, e, f], with: { text: "${item}" } }"""));
        Assert.Equal(["a", "b", "c", "d", "e", "f"], state.Nodes.Where(n => n.Parent is not null).Select(n => n.Outputs["text"]));
        Assert.Equal(1, McpRig.Starts(rig));
    }

    [Theory]
    [InlineData("""tool: fail""", "test/fail answered with an error: no such thing")]
    [InlineData("""tool: refuse""", "the arguments are nonsense")]
    [InlineData("""tool: nothing""", "offers no tool 'nothing'")]
    [InlineData("""tool: die""", "whether it was done is not known")]
    public async Task What_goes_wrong_is_the_attempts_outcome_in_words(string tool, string reason)
    {
        await using var rig = NewRig();
        var state = await rig.RunAsync(Plan(rig, $$"""{ id: t, agent: any, {{tool}} }"""));
        Assert.Equal(TaskStatus.Failed, state.Find("t")!.Status);
        Assert.Contains(reason, state.Find("t")!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_ended_is_started_again_for_the_next_call()
    {
        await using var rig = NewRig();
        var state = await rig.RunAsync(Plan(rig, """{ id: kill, agent: any, tool: die, allow_failure: true }""", """{ id: after, agent: any, tool: echo, needs: [kill], with: { text: still here } }"""));
        Assert.Equal("still here", state.Find("after")!.Outputs["text"]);
        Assert.Contains("I was told to die", state.Find("kill")!.Reason, StringComparison.Ordinal);
        Assert.Equal(2, McpRig.Starts(rig));
    }

    [Fact]
    public async Task A_server_that_cannot_begin_says_why_in_its_own_words()
    {
        await using var rig = NewRig();
        var state = await rig.RunAsync(Plan(rig, """{ id: t, agent: any, tool: echo, with: { text: x } }""", argument: "broken"));
        Assert.Contains("cannot be started", state.Find("t")!.Reason, StringComparison.Ordinal);
        Assert.Contains("the moon is full", state.Find("t")!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_named()
    {
        await using var rig = NewRig();
        var state = await rig.RunAsync("""
            plan: p
            mcp: { gone: { command: [no-such-program-anywhere] } }
            agents: { any: { executor: mcp, uses: gone } }
            tasks: [{ id: t, agent: any, tool: x }]
            """);
        Assert.Contains("MCP server 'gone' (no-such-program-anywhere) cannot be started", state.Find("t")!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_given_up()
    {
        await using var rig = NewRig();
        var state = await rig.RunAsync(Plan(rig, """{ id: t, agent: any, tool: forever }""", more: ", timeout: 1s"));
        Assert.Contains("did not answer 'forever' within 1 s", state.Find("t")!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_answer_is_cut_and_says_so_and_a_picture_is_named()
    {
        await using var rig = NewRig();
        var state = await rig.RunAsync(Plan(rig, """{ id: big, agent: any, tool: big }""", """{ id: picture, agent: any, tool: picture }"""));
        Assert.EndsWith("of 300000 bytes]", state.Find("big")!.Outputs["text"], StringComparison.Ordinal);
        Assert.Equal("[an image, image/png, 16 characters of base64, left out]\na picture", state.Find("picture")!.Outputs["text"]);
    }

    [Fact]
    public async Task A_server_sees_what_it_is_given_and_nothing_else_of_the_host_and_what_is_passed_is_masked()
    {
        Environment.SetEnvironmentVariable("SKEP_TEST_PASSED", "passed-value-1234");
        Environment.SetEnvironmentVariable("SKEP_TEST_HIDDEN", "hidden-value-1234");
        await using var rig = NewRig();
        var state = await rig.RunAsync(Plan(rig, """{ id: t, agent: any, tool: env }""", pass: "SKEP_TEST_PASSED"));
        var seen = state.Find("t")!.Outputs["text"];
        Assert.Contains("SKEP_TEST_PASSED=***", seen, StringComparison.Ordinal);
        Assert.Contains("PATH=", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("SKEP_TEST_HIDDEN", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("value-1234", string.Join('\n', RunReader.Events(rig.Host.Store, "run-1").Select(e => e.Event.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_the_workspaces_file_is_found_and_its_variables_are_filled_in()
    {
        Environment.SetEnvironmentVariable("SKEP_TEST_LOG_NAME", "from-file.log");
        await using var rig = NewRig();
        await File.WriteAllTextAsync(Path.Combine(rig.Root, ".mcp.json"), $$"""
            { "mcpServers": { "files": { "command": "dotnet", "args": ["{{McpRig.Server}}"], "env": { "TEST_LOG": "{{rig.Root}}/${SKEP_TEST_LOG_NAME}", "OTHER": "${SKEP_TEST_NOT_SET:-otherwise}" } } } }
            """);
        var state = await rig.RunAsync("""
            plan: p
            agents: { any: { executor: mcp, uses: files/env } }
            tasks: [{ id: t, agent: any }]
            """);
        Assert.Contains("OTHER=otherwise", state.Find("t")!.Outputs["text"], StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(rig.Root, "from-file.log")));
    }

    [Theory]
    [InlineData("", "describe it under 'mcp' in the plan; there is no")]
    [InlineData("{", "cannot be used")]
    [InlineData("[]", "has no object 'mcpServers'")]
    [InlineData("""{ "mcpServers": { "other": {} } }""", "has other")]
    [InlineData("""{ "mcpServers": { "files": {} } }""", "needs either 'command' or 'url'")]
    [InlineData("""{ "mcpServers": { "files": { "command": "${SKEP_TEST_NOT_SET}" } } }""", "'SKEP_TEST_NOT_SET', which is not set")]
    [InlineData("""{ "mcpServers": { "files": { "command": 7 } } }""", "must be made of texts")]
    [InlineData("""{ "mcpServers": { "files": { "url": "file:///etc/passwd" } } }""", "no http address")]
    public async Task A_file_that_cannot_be_used_says_what_is_wrong(string text, string reason)
    {
        await using var rig = NewRig();
        if (text.Length > 0) await File.WriteAllTextAsync(Path.Combine(rig.Root, ".mcp.json"), text);
        var state = await rig.RunAsync("{ plan: p, agents: { any: { executor: mcp, uses: files/env } }, tasks: [{ id: t, agent: any }] }");
        Assert.Contains(reason, state.Find("t")!.Reason, StringComparison.Ordinal);
    }

    private static ChatRig NewRig() => new(s => s.Always().Says("unused"));

    private static string Plan(ChatRig rig, string task, string? second = null, string more = "", string argument = "", params string[] pass) => $$"""
        plan: p
        vars: { b: 3 }
        {{McpRig.Section(rig, more, argument, pass)}}
        agents: { adder: { executor: mcp, uses: test/add }, any: { executor: mcp, uses: test } }
        tasks: [{{task}}{{(second is null ? "" : ", " + second)}}]
        """;
}
