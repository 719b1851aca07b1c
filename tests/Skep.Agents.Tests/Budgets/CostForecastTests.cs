using Skep.Agents.Budgets;

namespace Skep.Agents.Tests.Budgets;

public class CostForecastTests
{
    private static TaskUse Finished(string agent, long tokens) => new($"{agent}-{tokens}", agent, TaskUseState.Finished, tokens, tokens / 1000m);

    private static TaskUse Waiting(string agent) => new("w", agent, TaskUseState.Waiting);

    [Fact]
    public void Without_a_finished_task_there_is_none() => Assert.Null(CostForecast.Of([Waiting("a"), new("t", "a", TaskUseState.Running, 10)]));

    [Fact]
    public void Waiting_tasks_are_expected_to_be_as_the_finished_ones_of_their_agent()
    {
        var forecast = CostForecast.Of([Finished("a", 100), Finished("a", 100), Finished("b", 1000), Finished("b", 1000), Waiting("a"), Waiting("b")])!;
        Assert.Equal(new ForecastRange(3300, 3300, 3300), forecast.Tokens);
        Assert.Equal(3.3m, forecast.CostUsd.Expected);
        Assert.Equal((4, 2), (forecast.Finished, forecast.Remaining));
    }

    [Fact]
    public void Tasks_of_an_agent_that_has_finished_none_are_expected_to_be_as_all_others() =>
        Assert.Equal(100 + 300 + 200, CostForecast.Of([Finished("a", 100), Finished("b", 300), Waiting("c")])!.Tokens.Expected);

    [Fact]
    public void A_running_task_uses_the_rest_of_the_mean_or_nothing_more()
    {
        var forecast = CostForecast.Of([Finished("a", 100), new("r", "a", TaskUseState.Running, 30), new("s", "a", TaskUseState.Running, 500)])!;
        Assert.Equal(100 + 100 + 500, forecast.Tokens.Expected);
    }

    [Fact]
    public void One_finished_task_gives_half_to_double_of_what_is_to_come() =>
        Assert.Equal(new ForecastRange(150, 200, 300), CostForecast.Of([Finished("a", 100), Waiting("a")])!.Tokens);

    [Fact]
    public void The_range_is_two_standard_deviations_and_never_below_what_is_used()
    {
        // Mean 200, variance 20000, one to come from two: 20000 * (1 + 1/2) = 30000.
        var range = CostForecast.Of([Finished("a", 100), Finished("a", 300), Waiting("a")])!.Tokens;
        Assert.Equal(600, range.Expected);
        Assert.Equal(600 + 346.4m, Math.Round(range.High, 1));
        Assert.Equal(400, range.Low);
    }
}
