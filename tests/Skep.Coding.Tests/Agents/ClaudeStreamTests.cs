using System.Text;
using Skep.Coding.Agents;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Coding.Tests.Agents;

public sealed class ClaudeStreamTests
{
    [Fact]
    public void The_usage_of_a_message_that_comes_in_parts_counts_once()
    {
        var stream = new ClaudeStream();
        const string part = """{"type":"assistant","message":{"id":"m1","content":[],"usage":{"input_tokens":3,"output_tokens":4,"cache_read_input_tokens":5}}}""";
        Assert.Equal(new UsageSeen(new AttemptUsage(12, 0, 1)), stream.Read(part).Single());
        Assert.Equal(new UsageSeen(new AttemptUsage(12, 0, 1)), stream.Read(part).Single());
        Assert.Equal(new UsageSeen(new AttemptUsage(24, 0, 2)), stream.Read(part.Replace("m1", "m2", StringComparison.Ordinal)).Single());
    }

    [Theory]
    [InlineData("""{"type":"result","subtype":"success","is_error":false,"result":"ok"}""", "ok", null)]
    [InlineData("""{"type":"result","subtype":"success","is_error":true,"result":"Invalid API key"}""", "Invalid API key", "Invalid API key")]
    [InlineData("""{"type":"result","subtype":"error_max_turns","is_error":false}""", "", "it ended with 'error_max_turns'")]
    [InlineData("""{"type":"result","subtype":"error_during_execution","is_error":true,"errors":["one","two"]}""", "", "one; two")]
    public void The_result_decides(string line, string answer, string? error)
    {
        var ended = new ClaudeStream().Read(line).OfType<AgentEnded>().Single();
        Assert.Equal(answer, ended.Answer);
        Assert.Contains(error ?? "", ended.Error ?? "", StringComparison.Ordinal);
        Assert.Equal(error is null, ended.Error is null);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[1]")]
    [InlineData("{\"type\":")]
    public void A_line_that_cannot_be_read_is_told(string line) => Assert.Equal(new OddLine(line), new ClaudeStream().Read(line).Single());

    [Theory]
    [InlineData("""{"type":"assistant"}""")]
    [InlineData("""{"type":"assistant","message":7}""")]
    [InlineData("""{"type":"assistant","message":{"content":[3,null,{"type":5}],"usage":[]}}""")]
    [InlineData("""{"type":3}""")]
    public void Odd_shapes_are_passed_over(string line) => Assert.DoesNotContain(new ClaudeStream().Read(line), e => e is AgentEnded or AgentSaid);

    [Fact]
    public async Task Lines_are_split_across_reads_and_long_ones_are_cut()
    {
        var lines = new List<(string, bool)>();
        await LineReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes("one\r\n\n0123456789abc\nlast")), (line, cut) =>
        {
            lines.Add((line, cut));
            return ValueTask.CompletedTask;
        }, default, maxLine: 10);
        Assert.Equal([("one", false), ("", false), ("0123456789", true), ("last", false)], lines);
    }

    [Fact]
    public void The_command_line_of_Claude_Code_says_model_mode_tools_and_session()
    {
        var agent = new AgentSpec { Id = "a", Model = "anthropic/claude-x", Tools = ["Read", "write_file", "run_command"], Commands = [new AllowedCommand(["git", "status"])], Limits = new AgentLimits(Turns: 7) };
        var call = new AdapterCall("id {model}", false, "p", "f");
        Assert.Equal(
            ["/c", "-p", "--output-format", "stream-json", "--verbose", "--session-id", "id {model}", "--model", "claude-x", "--permission-mode", "acceptEdits", "--allowedTools", "Read,Write,Bash(git status:*)", "--max-turns", "7"],
            AdapterCommand.Build(CodingAdapter.Claude, "/c", agent, call));
        Assert.Equal("--resume", AdapterCommand.Build(CodingAdapter.Claude, "/c", agent, call with { Resumes = true })[5]);
    }

    [Fact]
    public void The_id_of_a_session_is_made_of_its_attempt()
    {
        var id = CodingSession.IdOf("run/task/1");
        Assert.Equal(id, CodingSession.IdOf("run/task/1"));
        Assert.NotEqual(id, CodingSession.IdOf("run/task/2"));
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id);
    }

    [Theory]
    [InlineData("{ into: main, method: merge, check: npm test, timeout: 5m }", null)]
    [InlineData("{ method: merge }", "needs the key 'into'")]
    [InlineData("{ into: main, method: squash }", "squash")]
    [InlineData("{ into: main, check: [a, b], shell: true }", "a shell takes one script")]
    public void Plans_say_how_work_is_merged(string merge, string? problem)
    {
        var result = PlanReader.Read($"plan: p\nswarm: {{ merge: {merge} }}\ntasks:\n  - {{ id: a, run: echo }}\n");
        if (problem is not null) Assert.Contains(result.Diagnostics, d => d.Message.Contains(problem, StringComparison.Ordinal));
        else Assert.Equal(("main", MergeKind.Merge, "npm test", TimeSpan.FromMinutes(5)), (result.Plan!.Swarm.Merge!.Into, result.Plan.Swarm.Merge.Method, result.Plan.Swarm.Merge.Check!.Display, result.Plan.Swarm.Merge.Timeout));
    }
}
