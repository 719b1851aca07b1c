using Skep.Agents.Planning;
using Skep.Plans;

namespace Skep.Agents.Tests.Planning;

public sealed class SparcPlanTests
{
    private static readonly Budget Budget = new(Tokens: 1000, AtLimit: AtLimit.Fail);

    [Theory]
    [InlineData(SparcMode.Pipeline, 1, 6)]
    [InlineData(SparcMode.Concurrent, 1, 6)]
    [InlineData(SparcMode.Batch, 3, 16)]
    public void Every_mode_is_a_valid_plan_with_the_five_phases_and_one_synthesis(SparcMode mode, int goals, int tasks)
    {
        var read = PlanReader.Read(SparcPlan.Write(mode, [.. Enumerable.Range(1, goals).Select(i => $"goal {i}: \"quoted\" ${{env.HOME}} 😀\n- a line")], Budget, "p/m"));
        Assert.Empty(read.Diagnostics);
        Assert.Equal(tasks, read.Plan!.Tasks.Count());
        Assert.Equal("result", read.Plan.Tasks.Last().Id);
        Assert.Equal((1000L, AtLimit.Fail), (read.Plan.Swarm.Budget.Tokens!.Value, read.Plan.Swarm.Budget.AtLimit));
        Assert.All(read.Plan.Agents, a => Assert.Equal(("p/m", ExecutorKinds.Chat), (a.Model, a.Executor)));
        foreach (var phase in SparcPlan.Phases) Assert.Contains(read.Plan.Tasks, t => t.Id.StartsWith(phase, StringComparison.Ordinal));
    }

    [Fact]
    public void A_pipeline_goes_step_by_step_and_concurrent_specialists_wait_for_nobody()
    {
        var pipeline = Schedule.Compute(PlanGraph.Build(PlanReader.Read(SparcPlan.Write(SparcMode.Pipeline, ["g"], Budget, null)).Plan!));
        var beside = Schedule.Compute(PlanGraph.Build(PlanReader.Read(SparcPlan.Write(SparcMode.Concurrent, ["g"], Budget, null)).Plan!));
        Assert.Equal((6, 2), ((int)(pipeline.Span / Durations.DefaultAssumed), (int)(beside.Span / Durations.DefaultAssumed)));
    }

    [Fact]
    public void Goals_are_counted()
    {
        Assert.Throws<ArgumentException>(() => SparcPlan.Write(SparcMode.Pipeline, [], Budget, null));
        Assert.Throws<ArgumentException>(() => SparcPlan.Write(SparcMode.Pipeline, ["a", "b"], Budget, null));
        Assert.Throws<ArgumentException>(() => SparcPlan.Write(SparcMode.Batch, [.. Enumerable.Repeat("g", SparcPlan.MaxGoals + 1)], Budget, null));
    }
}
