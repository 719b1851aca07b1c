using Skep.Agents.Budgets;
using Skep.Agents.Queries;
using Skep.Models;
using Skep.Orchestration;
using Skep.Testing;

namespace Skep.Agents.Tests.Queries;

/// <summary>Budgets of running conversations.</summary>
public sealed class BudgetTests
{
    private const string Ask = "run-1/ask/1";

    [Theory]
    [InlineData("run")]
    [InlineData("phase")]
    [InlineData("agent")]
    [InlineData("task")]
    public async Task Twenty_agents_at_once_use_a_budget_up_and_never_more_than_it(string scope)
    {
        await using var rig = new ChatRig(s => s.Always().Says("done").Uses(new ModelUsage(50, 450)));
        var state = await rig.RunAsync(FanOut(scope, "tokens: 4000, at_limit: fail"));
        var calls = rig.Queries.Calls("run-1");
        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.All(calls, c => Assert.Equal(500, c.Tokens.Total));
        // What is left is less than the shortest answer needs.
        Assert.InRange(calls.Sum(c => c.Tokens.Total), 4000 - LargestClaim(rig), 4000);
        Assert.Contains(rig.Queries.List("run-1", history: true), q => q.Note?.Contains("used up", StringComparison.Ordinal) == true || state.Reason is not null);
    }

    [Fact]
    public async Task A_call_waits_for_what_others_have_reserved_instead_of_being_refused()
    {
        await using var rig = new ChatRig(s => s.Always().Says("done").Uses(new ModelUsage(10, 10)));
        var state = await rig.RunAsync(FanOut("task", "tokens: 3000, at_limit: fail"));
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(20, rig.Queries.Calls("run-1").Count);
    }

    [Fact]
    public async Task An_answer_is_shortened_to_what_is_left()
    {
        await using var rig = new ChatRig(s => s.Always().Says("done"));
        await rig.RunAsync(ChatRig.Plan(agent: ", limits: { output_tokens: 100000 }, budget: { tokens: 4000 }"));
        Assert.Equal(QueryStatus.Complete, rig.Query().Status);
        Assert.InRange(rig.Queries.Read(Ask).Select(e => e.Event).OfType<CallBegun>().Single().Tokens, ChatBudget.LeastOutput, 4000);
    }

    [Fact]
    public async Task At_the_limit_an_attempt_fails_and_says_how_much_of_what_is_used()
    {
        await using var rig = new ChatRig(s => s.Always().Says("done"));
        var state = await rig.RunAsync(ChatRig.Plan(task: ", budget: { tokens: 10, at_limit: fail }"));
        Assert.Contains("The budget of task 'ask' has no room for the next call: 0 of 10 tokens used.", state.Find("ask")!.Reason);
        Assert.Empty(rig.Model.Exchanges.All());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_the_limit_a_task_is_held_until_the_limit_is_raised_which_a_restart_does_not_undo(bool restart)
    {
        await using var rig = new ChatRig(s => s.Always().Says("done"));
        var run = await rig.StartAsync(ChatRig.Plan(agent: ", budget: { tokens: 10, at_limit: pause }"));
        await Until(() => rig.Query().Status == QueryStatus.Paused);
        Assert.Equal("budget", rig.Query().Hold!.By);
        Assert.True(rig.State().Find("ask")!.Paused);
        Assert.Equal("refused: the limit of tokens of agent 'thinker' is 10 already, and can only be raised", await rig.ControlAsync(QueryOps.Budget, "agent tokens 5"));
        Assert.Equal("tokens of agent 'thinker': 50000 instead of 10; what was paused goes on with 'skep query resume'", await rig.ControlAsync(QueryOps.Budget, "agent tokens 50000"));
        Assert.Empty(rig.Model.Exchanges.All());
        if (restart)
        {
            await rig.RestartAsync();
            run = await rig.Host.ResumeAsync("run-1", default);
            await Until(() => rig.State().Find("ask")!.Current is not null);
        }

        Assert.Equal("resumed", await rig.ControlAsync(QueryOps.Resume));
        await run.Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal("done", rig.State().Find("ask")!.Outputs["answer"]);
        Assert.Equal(50000, Assert.Single(RunCosts.Of(rig.State(), rig.Queries, TimeProvider.System.GetUtcNow()).Budgets).Limit!.Tokens);
    }

    [Theory]
    [InlineData("run tokens 50000", "refused: the run ends at its limit of tokens")]
    [InlineData("phase tokens 50000", "refused: the plan limits no tokens of phase 'main'")]
    [InlineData("task turns 7", "refused: the plan limits no turns of task 'ask'")]
    [InlineData("task tokens", "a limit is raised by SCOPE RESOURCE AMOUNT")]
    [InlineData("swarm tokens 7", "'swarm' has no budget; one of run, phase, agent, task has")]
    [InlineData("task words 7", "a budget limits no 'words', but tokens, cost_usd, turns, wall")]
    [InlineData("task tokens -7", "'-7' is no amount")]
    [InlineData("task tokens 7.5", "tokens are whole numbers, unlike '7.5'")]
    [InlineData("task turns 3000000000", "more than 2147483647 turns")]
    public async Task A_limit_that_cannot_be_raised_is_told_why(string argument, string refusal)
    {
        await using var rig = new ChatRig(s => s.Always().Says("done"));
        await rig.RunAsync(ChatRig.Plan(task: ", budget: { tokens: 100000 }", swarm: ", budget: { tokens: 100000 }"));
        Assert.StartsWith(refusal, await rig.ControlAsync(QueryOps.Budget, argument), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_limit_of_money_the_next_fallback_answers()
    {
        await using var rig = new ChatRig(s => s.Always().Says("done"));
        rig.Prices["large"] = new ModelPrice(3000, 15000);
        await rig.RunAsync(ChatRig.Plan(agent: ", fallbacks: [test/small], budget: { cost_usd: 1, at_limit: downgrade }"));
        Assert.Equal(["small"], rig.Model.Exchanges.All().Select(e => e.Request!.Model));
        var change = rig.Queries.Read(Ask).Select(e => e.Event).OfType<ModelChanged>().Single();
        Assert.Equal(("test/large", "test/small", "budget"), (change.From, change.To, change.By));
        Assert.Contains("0 of 1 US dollars used", change.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Below_the_last_fallback_the_attempt_fails()
    {
        await using var rig = new ChatRig(s => s.Always().Says("done"));
        var state = await rig.RunAsync(ChatRig.Plan(agent: ", fallbacks: [test/small], budget: { tokens: 10, at_limit: downgrade }"));
        Assert.Contains("The budget of agent 'thinker' ", state.Find("ask")!.Reason);
        Assert.Equal("test/small", rig.Query().Model);
    }

    [Fact]
    public async Task What_a_lost_call_may_have_taken_counts_as_used_in_the_next_process()
    {
        await using var rig = new ChatRig(s =>
        {
            s.Always().Times(1).Fails(ScriptedFault.NeverAnswers);
            s.Always().Says("done").Uses(new ModelUsage(20, 10));
        });
        await rig.StartAsync(ChatRig.Plan(agent: ", budget: { tokens: 100000 }"));
        await Until(() => rig.Query().Open is not null && rig.Model.Exchanges.Total > 0);
        var claimed = rig.Query().Open!.Tokens;
        Assert.Equal((0, claimed), Tokens(RunBudgets.Open(rig.Queries, "run-1", TimeProvider.System.GetUtcNow(), settleOpen: false)));
        Assert.Equal((claimed, 0), Tokens(RunBudgets.Open(rig.Queries, "run-1", TimeProvider.System.GetUtcNow(), settleOpen: true)));
        await rig.RestartAsync();
        await (await rig.Host.ResumeAsync("run-1", default)).Completion.WaitAsync(ChatRig.Patience);
        Assert.Equal((claimed + 30, 0), Tokens(RunBudgets.Open(rig.Queries, "run-1", TimeProvider.System.GetUtcNow(), settleOpen: true)));

        var report = RunCosts.Of(rig.State(), rig.Queries, TimeProvider.System.GetUtcNow());
        Assert.Equal((1, 30), (report.Total.Calls, report.Total.Tokens.Total));
        Assert.Equal((1, claimed), (report.Unsure!.Calls, report.Unsure.Tokens));
        Assert.Equal(claimed + 30, Assert.Single(report.Budgets).Used.Tokens);
        Assert.Equal("test/large", Assert.Single(report.ByModel).Name);
        Assert.Contains("Not in the table: 1 call that broke off or was lost with its process", CostReportText.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tasks_that_have_not_begun_are_forecast_from_those_that_are_done()
    {
        await using var rig = new ChatRig(s =>
        {
            s.When(m => m.User("second")).Fails(ScriptedFault.NeverAnswers);
            s.Always().Says("done").Uses(new ModelUsage(20, 10));
        });
        await rig.StartAsync("""
            plan: p
            agents:
              thinker: { executor: chat, model: test/large, role: Thinks }
            tasks:
              - { id: first, agent: thinker, prompt: first }
              - { id: second, agent: thinker, prompt: second, needs: [first] }
              - { id: third, agent: thinker, prompt: third, needs: [second] }
              - { id: other, run: "true", needs: [third] }
            """);
        await Until(() => rig.Query("run-1/second/1").Open is not null);
        var forecast = RunCosts.Of(rig.State(), rig.Queries, TimeProvider.System.GetUtcNow()).Forecast!;
        Assert.Equal((1, 2, 90m), (forecast.Finished, forecast.Remaining, forecast.Tokens.Expected));
    }

    private static (long Used, long Reserved) Tokens(RunBudgets budgets)
    {
        var line = budgets.Book.Of(BudgetScope.Run, DateTimeOffset.UnixEpoch);
        return (line.Used.Tokens, line.Reserved.Tokens);
    }

    private static long LargestClaim(ChatRig rig) =>
        rig.Queries.List("run-1", history: true).SelectMany(q => rig.Queries.Read(q.Id)).Select(e => e.Event).OfType<CallBegun>().Max(c => c.Tokens);

    private static string FanOut(string scope, string budget)
    {
        string For(string owner) => scope == owner ? $", budget: {{ {budget} }}" : "";
        return $$"""
            plan: p
            swarm: { lease: 30s, max_concurrency: 20 {{For("run")}} }
            agents:
              thinker: { executor: chat, model: test/large, role: Thinks, replicas: 20, limits: { output_tokens: 512 } {{For("agent")}} }
            phases:
              - { id: main {{For("phase")}}, tasks: [{ id: ask, agent: thinker, prompt: "number ${item}", foreach: [{{string.Join(", ", Enumerable.Range(1, 20))}}] {{For("task")}} }] }
            """;
    }

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(ChatRig.Patience);
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
