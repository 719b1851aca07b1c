using Skep.Agents.Queries;
using Skep.Orchestration;
using Skep.Testing;

namespace Skep.Agents.Tests.Queries;

/// <summary>What a conversation comes to when the model, its provider or its answer is not as wished.</summary>
public sealed class OutcomeTests
{
    private const string Schema = ", output_schema: { type: object, required: [n], properties: { n: { type: integer } } }";

    [Fact]
    public async Task A_structured_answer_becomes_outputs()
    {
        await using var rig = new ChatRig(s => s.Always().SaysJson("""{"n":42,"why":"because"}"""));
        var state = await rig.RunAsync(ChatRig.Plan(task: Schema));
        Assert.Equal("42", state.Find("ask")!.Outputs["n"]);
        Assert.Equal("because", state.Find("ask")!.Outputs["why"]);
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_its_schema_is_mended()
    {
        await using var rig = new ChatRig(s =>
        {
            s.When(m => m.User("lacks 'n'")).Says("""{"n":42}""");
            s.When(m => m.User("it is no JSON")).Says("{}");
            s.Always().Says("forty-two");
        });
        var state = await rig.RunAsync(ChatRig.Plan(task: Schema));
        Assert.Equal("42", state.Find("ask")!.Outputs["n"]);
        Assert.Equal(2, rig.Query().Repairs);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_mended_fails_and_says_what_is_wrong()
    {
        await using var rig = new ChatRig(s => s.Always().Says("forty-two"));
        var state = await rig.RunAsync(ChatRig.Plan(task: Schema));
        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.Contains("not usable after 2 corrections", state.Find("ask")!.Reason);
        Assert.Equal(3, rig.Query().Turns);
    }

    [Fact]
    public async Task What_tools_are_told_counts_when_the_provider_does_not_say_what_it_took()
    {
        var look = new TestTool("look", "nothing");
        var arguments = $$"""{"text":"{{string.Join(' ', Enumerable.Repeat("word", 400))}}"}""";
        await using var rig = new ChatRig(
            s =>
            {
                s.When(m => m.Turns(0)).Calls("look", arguments).Fails(ScriptedFault.NoUsage);
                s.Always().Says("done");
            },
            tools: look);
        await rig.RunAsync(ChatRig.Plan(agent: ", tools: [look]"));
        Assert.True(rig.Queries.Calls("run-1")[0].Tokens.Output >= 400);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_of_a_host_that_fails_in_its_own_way_ends_the_query_and_keeps_nothing_reserved(bool timesOut)
    {
        await using var rig = new ChatRig(s => s.Always().Says("done")) { Wrap = client => new Broken(client, timesOut ? new TaskCanceledException("too slow") : new InvalidOperationException("my key-that-nobody-may-see")) };
        var state = await rig.RunAsync(ChatRig.Plan());
        Assert.StartsWith("the client of provider 'test' failed with", state.Find("ask")!.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody-may-see", state.Find("ask")!.Reason, StringComparison.Ordinal);
        Assert.Equal(QueryStatus.Error, rig.Query().Status);
        Assert.Null(rig.Query().Open);
    }

    [Fact]
    public async Task A_model_that_repeats_itself_is_told_and_then_stopped()
    {
        var look = new TestTool("look", "nothing");
        await using var rig = new ChatRig(s => s.Always().Calls("look"), tools: look);
        var state = await rig.RunAsync(ChatRig.Plan(agent: ", tools: [look]"));
        Assert.Contains("the same tool calls 6 times in a row", state.Find("ask")!.Reason);
        Assert.Equal(6, look.Keys.Count);
        Assert.Contains(rig.Query().Items.OfType<SaidItem>(), i => i.Text.Contains("the same tool call 3 times", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_may_take_so_many_turns_and_no_more()
    {
        var number = 0;
        var look = new TestTool("look", (_, _) => Task.FromResult(new ToolResult($"{Interlocked.Increment(ref number)}")));
        await using var rig = new ChatRig(s => s.Always().Calls("look"), tools: look);
        var state = await rig.RunAsync(ChatRig.Plan(agent: ", tools: [look], limits: { turns: 4 }"));
        Assert.Contains("took 4 turns without coming to an end", state.Find("ask")!.Reason);
        Assert.Equal(4, rig.Query().Turns);
    }

    [Fact]
    public async Task A_tool_that_does_not_exist_is_told_to_the_model()
    {
        var look = new TestTool("look", "found");
        await using var rig = new ChatRig(
            s =>
            {
                s.When(m => m.Turns(0)).Fails(ScriptedFault.UnknownTool);
                s.Always().Says("Then not.");
            },
            tools: look);
        await rig.RunAsync(ChatRig.Plan(agent: ", tools: [look]"));
        var tools = rig.Query().Items.OfType<TurnItem>().First().Tools;
        Assert.Equal($"there is no tool '{ScriptedFault.MissingTool}'. You have: look", tools[0].Result);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":""")]
    [InlineData("[1]")]
    [InlineData("7")]
    public void Arguments_that_are_not_one_object_are_refused(string arguments) => Assert.False(ToolArguments.TryParse(arguments, out _));

    [Fact]
    public async Task A_tool_that_throws_is_a_result_that_the_model_reads()
    {
        var look = new TestTool("look", (_, _) => throw new InvalidOperationException("the disk is full"));
        await using var rig = new ChatRig(
            s =>
            {
                s.When(m => m.Turns(0)).Calls("look");
                s.When(m => m.ToolResult("look", "the disk is full")).Says("A pity.");
            },
            tools: look);
        var state = await rig.RunAsync(ChatRig.Plan(agent: ", tools: [look]"));
        Assert.Equal("A pity.", state.Find("ask")!.Outputs["answer"]);
    }

    [Fact]
    public async Task Transient_failures_are_tried_again_and_every_try_is_in_the_log()
    {
        await using var rig = new ChatRig(s =>
        {
            s.When(m => m.Turns(0)).Times(1).Fails(ScriptedFault.Overloaded());
            s.When(m => m.Turns(0)).Times(1).Fails(ScriptedFault.Status(500));
            s.When(m => m.Turns(0)).Times(1).Says("half of it").Fails(ScriptedFault.DropAfter(2));
            s.Always().Says("whole");
        });
        var state = await rig.RunAsync(ChatRig.Plan());
        Assert.Equal("whole", state.Find("ask")!.Outputs["answer"]);
        var failed = rig.Queries.Read("run-1/ask/1").Select(e => e.Event).OfType<CallFailed>().ToList();
        Assert.Equal([Models.ModelFault.Overloaded, Models.ModelFault.ServerError, Models.ModelFault.StreamDropped], failed.Select(f => f.Fault));
        // Refusals are not billed; a stream that broke may have been.
        Assert.Equal([true, true, false], failed.Select(f => f.Tokens == 0));
        Assert.True(state.Find("ask")!.Attempts[0].Usage.Tokens > rig.Query().Tokens.Total);
    }

    [Theory]
    [InlineData(401, "key")]
    [InlineData(403, "403")]
    public async Task A_refused_key_fails_at_once_and_is_not_shown(int status, string expected)
    {
        await using var rig = new ChatRig(s => s.Always().Fails(ScriptedFault.Status(status)));
        var state = await rig.RunAsync(ChatRig.Plan(task: ", retry: { attempts: 3 }"));
        var node = state.Find("ask")!;
        Assert.Single(node.Attempts);
        Assert.Contains(expected, node.Reason);
        Assert.DoesNotContain("key-that-nobody-may-see", node.Reason, StringComparison.Ordinal);
        Assert.Single(rig.Model.Exchanges.All());
    }

    [Fact]
    public async Task Keys_are_masked_wherever_a_model_or_a_tool_says_them()
    {
        var leak = new TestTool("leak", "it is key-that-nobody-may-see");
        await using var rig = new ChatRig(
            s =>
            {
                s.When(m => m.Turns(0)).Says("I know key-that-nobody-may-see").Calls("leak", """{"x":"key-that-nobody-may-see"}""");
                s.Always().Says("key-that-nobody-may-see");
            },
            tools: leak);
        var state = await rig.RunAsync(ChatRig.Plan(agent: ", tools: [leak]"));
        Assert.Equal("***", state.Find("ask")!.Outputs["answer"]);
        await rig.Host.DisposeAsync();
        foreach (var file in Directory.EnumerateFiles(rig.Root, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("key-that-nobody-may-see", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_that_fills_the_window_is_shortened_and_pinned_facts_stay()
    {
        var number = 0;
        var look = new TestTool("look", (_, _) => Task.FromResult(new ToolResult($"{Interlocked.Increment(ref number)} {new string('x', 3000)}")));
        await using var rig = new ChatRig(
            s =>
            {
                s.When(m => m.Where(_ => number < 12)).Calls("look");
                s.Always().Says("done");
            },
            tools: look);
        var state = await rig.RunAsync(ChatRig.Plan(agent: ", tools: [look], window: 12000", task: ", pin: [\"the answer is 42\"]"));
        Assert.Equal("done", state.Find("ask")!.Outputs["answer"]);
        Assert.Contains(rig.Queries.Read("run-1/ask/1"), e => e.Event is Compacted);
        Assert.All(rig.Model.Exchanges.All(), e => Assert.Contains("the answer is 42", e.Request!.System, StringComparison.Ordinal));
        Assert.All(rig.Model.Exchanges.All(), e => Assert.Contains("six times seven", string.Concat(e.Request!.Messages.Select(m => m.Text)), StringComparison.Ordinal));
    }

    private sealed class Broken(Microsoft.Extensions.AI.IChatClient inner, Exception failure) : Microsoft.Extensions.AI.DelegatingChatClient(inner)
    {
        public override async IAsyncEnumerable<Microsoft.Extensions.AI.ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, Microsoft.Extensions.AI.ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            if (failure is not null) throw failure;
            yield break;
        }
    }
}
