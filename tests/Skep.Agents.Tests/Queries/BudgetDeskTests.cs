using Skep.Agents.Queries;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Agents.Tests.Queries;

/// <summary>How many books are kept.</summary>
public sealed class BudgetDeskTests
{
    [Fact]
    public async Task Books_of_runs_without_an_open_conversation_are_forgotten_but_for_a_few()
    {
        await using var rig = new ChatRig(s => s.Always().Says("done"));
        var desk = new BudgetDesk(rig.Queries, TimeProvider.System);
        using (desk.For(Attempt("kept", 1)))
        {
            for (var i = 0; i < 3 * BudgetDesk.MaxIdle; i++)
                using (desk.For(Attempt($"run-{i}", 1))) desk.For(Attempt($"run-{i}", 2)).Dispose();
            Assert.Equal(BudgetDesk.MaxIdle + 1, desk.Count);
        }

        Assert.Equal(BudgetDesk.MaxIdle, desk.Count);
    }

    [Fact]
    public async Task One_run_too_many_is_told_so()
    {
        await using var rig = new ChatRig(s => s.Always().Says("done"));
        var desk = new BudgetDesk(rig.Queries, TimeProvider.System);
        var open = Enumerable.Range(0, BudgetDesk.MaxRuns).Select(i => desk.For(Attempt($"run-{i}", 1))).ToList();
        Assert.Contains("conversations of 1000 runs are open", Assert.Throws<InvalidOperationException>(() => desk.For(Attempt("one-more", 1))).Message, StringComparison.Ordinal);
        // One of a run that has its book is no further run.
        desk.For(Attempt("run-7", 2)).Dispose();
        open[0].Dispose();
        desk.For(Attempt("one-more", 1)).Dispose();
        Assert.Equal(BudgetDesk.MaxRuns + 1, desk.Count);
    }

    [Fact]
    public async Task A_book_that_was_forgotten_begins_again_with_what_the_log_tells()
    {
        await using var rig = new ChatRig(s => s.Always().Says("done").Uses(new Testing.ModelUsage(50, 450)));
        await rig.RunAsync(ChatRig.Plan());
        var desk = new BudgetDesk(rig.Queries, TimeProvider.System);
        var attempt = Attempt("run-1", 2) with { Chat = new ChatBrief { Plan = "p", TaskBudget = new Budget { Tokens = 700 } } };
        for (var i = 0; i < 2; i++)
        {
            using (var budget = desk.For(attempt))
                await Assert.ThrowsAsync<BudgetReachedException>(() => budget.ReserveAsync(new CallClaim(300, 300, null), static () => { }, default));
            for (var k = 0; k <= BudgetDesk.MaxIdle; k++) desk.For(Attempt($"other-{k}", 1)).Dispose();
        }
    }

    private static AttemptRequest Attempt(string run, int attempt) => new()
    {
        RunId = run, TaskId = "ask", Phase = "main", Attempt = attempt, AgentName = "thinker-1", Agent = new AgentSpec { Id = "thinker" },
        WorkingDirectory = "/", Workspace = "/", RunDirectory = "/", SkepDirectory = "/", PlanDirectory = "/",
    };
}
