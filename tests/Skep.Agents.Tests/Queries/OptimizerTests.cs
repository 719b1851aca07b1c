using Skep.Agents.Queries;
using Skep.Testing;

namespace Skep.Agents.Tests.Queries;

/// <summary>Rules of a plan's optimizer, on conversations.</summary>
public sealed class OptimizerTests
{
    [Fact]
    public async Task A_rule_changes_the_model_once_and_the_log_says_why()
    {
        await using var rig = Rig();
        await rig.RunAsync(Plan("tokens_per_turn > 100", "change-model, to: test/small"));
        var change = Events(rig).OfType<ModelChanged>().Single();
        Assert.Equal(("test/large", "test/small", "optimizer"), (change.From, change.To, change.By));
        Assert.Equal("a call took 150 tokens on average over 3 calls, above 100 tokens for 0 s (rule '1'): the next call goes to test/small.", change.Why);
        Assert.Equal(["large", "large", "large", "small", "small", "small"], rig.Model.Exchanges.All().Select(e => e.Request!.Model));
        Assert.Equal(QueryStatus.Complete, rig.Query().Status);
    }

    [Fact]
    public async Task A_rule_without_a_model_goes_down_the_fallbacks()
    {
        await using var rig = Rig();
        await rig.RunAsync(Plan("tokens_per_turn > 100", "change-model", ", fallbacks: [test/middle, test/small]"));
        Assert.Equal("test/middle", Events(rig).OfType<ModelChanged>().Single().To);
    }

    [Fact]
    public async Task A_rule_halves_the_longest_answer()
    {
        await using var rig = Rig();
        await rig.RunAsync(Plan("tokens_per_turn > 100", "reduce-output", ", limits: { output_tokens: 2000 }"));
        var reduced = Events(rig).OfType<OutputReduced>().Single();
        Assert.Equal((1000, "optimizer"), (reduced.Tokens, reduced.By));
        Assert.Contains("150 tokens on average over 3 calls", reduced.Why, StringComparison.Ordinal);
        var claims = Events(rig).OfType<CallBegun>().Select(c => c.Tokens).ToList();
        Assert.True(claims[3] < claims[2] - 800, string.Join(", ", claims));
    }

    [Fact]
    public async Task A_rule_pauses_the_query_until_a_person_lets_it_go_on()
    {
        await using var rig = Rig();
        var run = await rig.StartAsync(Plan("tokens_per_turn > 100", "pause"));
        using var patience = new CancellationTokenSource(ChatRig.Patience);
        while (rig.Query().Status != QueryStatus.Paused)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        var hold = rig.Query().Hold!;
        Assert.Equal("optimizer", hold.By);
        Assert.EndsWith("(rule '1'): the query pauses.", hold.Why, StringComparison.Ordinal);
        Assert.Equal(3, rig.Model.Exchanges.Total);
        Assert.Equal("resumed", await rig.ControlAsync(QueryOps.Resume));
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal("done", rig.State().Find("ask")!.Outputs["answer"]);
    }

    [Theory]
    [InlineData("tokens_per_turn > 1000")]
    [InlineData("error_rate > 0.1")]
    public async Task A_rule_whose_metric_is_low_does_nothing(string when)
    {
        await using var rig = Rig();
        await rig.RunAsync(Plan(when, "change-model, to: test/small"));
        Assert.Empty(Events(rig).OfType<ModelChanged>());
        Assert.Equal(6, rig.Query().Turns);
    }

    [Fact]
    public async Task Failed_tries_count_in_the_share_of_errors()
    {
        await using var rig = new ChatRig(s =>
        {
            s.When(m => m.Model("large")).Fails(ScriptedFault.Overloaded());
            s.Always().Says("done");
        });
        await rig.RunAsync(Plan("error_rate > 0.5", "change-model, to: test/small"));
        Assert.Contains("100 % of calls failed over 3 calls", Events(rig).OfType<ModelChanged>().Single().Why, StringComparison.Ordinal);
        Assert.Equal("done", rig.State().Find("ask")!.Outputs["answer"]);
    }

    private static ChatRig Rig() => new(
        s =>
        {
            for (var turn = 0; turn < 5; turn++)
            {
                var (at, arguments) = (turn, $$"""{"n":{{turn}}}""");
                s.When(m => m.Turns(at)).Calls("work", arguments).Uses(new ModelUsage(100, 50));
            }

            s.Always().Says("done").Uses(new ModelUsage(100, 50));
        },
        tools: new TestTool("work", "worked"));

    private static string Plan(string when, string action, string agent = "") =>
        ChatRig.Plan(agent: ", tools: [work]" + agent, swarm: $", optimizer: {{ rules: [{{ when: \"{when}\", do: {action} }}] }}");

    private static IEnumerable<QueryEvent> Events(ChatRig rig) => rig.Queries.Read("run-1/ask/1").Select(e => e.Event);
}
