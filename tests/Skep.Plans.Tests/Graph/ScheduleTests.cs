using FsCheck;
using FsCheck.Fluent;

namespace Skep.Plans.Tests.Graph;

public sealed class ScheduleTests
{
    // The textbook diamond: a → b, c → d, with b the long way round.
    private static readonly Plan s_diamond = PlanMaker.Of(PlanMaker.Phase("main", "",
        PlanMaker.Task("a", 2), PlanMaker.Task("b", 5, "a"), PlanMaker.Task("c", 1, "a"), PlanMaker.Task("d", 3, "b c")));

    [Fact]
    public void The_critical_path_of_a_diamond_is_its_longer_side()
    {
        var schedule = Schedule.Compute(PlanGraph.Build(s_diamond));

        Assert.Equal(["a", "b", "d"], schedule.CriticalPath.Select(n => n.Id));
        Assert.Equal(TimeSpan.FromMinutes(10), schedule.Span);
        Assert.Equal(TimeSpan.FromMinutes(11), schedule.TotalWork);
        Assert.Equal(1.1, schedule.SpeedUpBound, 9);
        Assert.Equal(2, schedule.MaxParallelism);
    }

    [Fact]
    public void Slack_is_what_a_task_may_slip()
    {
        var graph = PlanGraph.Build(s_diamond);
        var c = Schedule.Compute(graph)[graph.FindTask("c")!];

        Assert.Equal(TimeSpan.FromMinutes(2), c.EarliestStart);
        Assert.Equal(TimeSpan.FromMinutes(6), c.LatestStart);
        Assert.Equal(TimeSpan.FromMinutes(4), c.Slack);
        Assert.False(c.IsCritical);
    }

    [Fact]
    public void Layers_count_tasks_and_not_the_ends_of_phases()
    {
        var plan = PlanMaker.Of(PlanMaker.Phase("one", "", PlanMaker.Task("a", 1), PlanMaker.Task("b", 1)), PlanMaker.Phase("two", "one", PlanMaker.Task("c", 1)));
        var layers = Schedule.Compute(PlanGraph.Build(plan)).Layers;

        Assert.Equal(["a b", "c"], layers.Select(l => string.Join(' ', l.Select(n => n.Id))));
    }

    [Fact]
    public void Measured_durations_win_over_estimates_and_guesses_are_recorded()
    {
        var plan = PlanMaker.Of(PlanMaker.Phase("main", "", PlanMaker.Task("a", 2), PlanMaker.Task("b", 5) with { Estimate = null }));
        var graph = PlanGraph.Build(plan);
        var schedule = Schedule.Compute(graph, new Durations(new Dictionary<string, TimeSpan> { ["a"] = TimeSpan.FromSeconds(7) }));

        Assert.Equal((TimeSpan.FromSeconds(7), DurationOrigin.Measured), (schedule.Nodes[1].Duration, schedule.Nodes[1].Origin));
        Assert.Equal((Durations.DefaultAssumed, DurationOrigin.Assumed), (schedule.Nodes[2].Duration, schedule.Nodes[2].Origin));
        Assert.Equal(["b"], schedule.Assumed.Select(n => n.Id));
    }

    [Fact]
    public void A_negative_measurement_is_refused_with_its_name()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new Durations(new Dictionary<string, TimeSpan> { ["lint"] = TimeSpan.FromSeconds(-1) }));
        Assert.Contains("'lint'", error.Message);
    }

    [Fact]
    public void What_runs_only_after_a_failure_is_not_part_of_the_forecast()
    {
        var plan = PlanMaker.Of(
            PlanMaker.Phase("main", "", PlanMaker.Task("a", 2), PlanMaker.Task("undo", 50) with { Needs = [new Need("a", NeedOn.Failure)] }),
            PlanMaker.Phase("after", "main", PlanMaker.Task("b", 3)));
        var schedule = Schedule.Compute(PlanGraph.Build(plan));

        Assert.Equal(TimeSpan.FromMinutes(5), schedule.Span);
        Assert.Equal(TimeSpan.FromMinutes(5), schedule.TotalWork);
        Assert.Equal(["a", "b"], schedule.CriticalPath.Select(n => n.Id));
    }

    [Fact]
    public void A_foreach_counts_its_items_as_work_but_once_as_span()
    {
        var items = Enumerable.Range(0, 4).Select(_ => PlanValue.Null).ToList();
        var plan = PlanMaker.Of(PlanMaker.Phase("main", "", PlanMaker.Task("shard", 2) with { ForeachItems = items }));
        var schedule = Schedule.Compute(PlanGraph.Build(plan));

        Assert.Equal(TimeSpan.FromMinutes(2), schedule.Span);
        Assert.Equal(TimeSpan.FromMinutes(8), schedule.TotalWork);
        Assert.Equal(4, schedule.MaxParallelism);
    }

    [Fact]
    public void A_cycle_is_an_error_that_says_what_to_do()
    {
        var plan = PlanMaker.Of(PlanMaker.Phase("main", "", PlanMaker.Task("a", 1, "b"), PlanMaker.Task("b", 1, "a")));
        var error = Assert.Throws<ArgumentException>(() => Schedule.Compute(PlanGraph.Build(plan)));
        Assert.Contains("remove one of its needs", error.Message);
    }

    [Fact]
    public void An_empty_plan_takes_no_time()
    {
        var schedule = Schedule.Compute(PlanGraph.Build(PlanMaker.Of()));
        Assert.Equal((TimeSpan.Zero, 1d, 0), (schedule.Span, schedule.SpeedUpBound, schedule.CriticalPath.Count));
    }

    [Fact]
    public void Absurd_estimates_saturate_and_do_not_overflow()
    {
        var huge = PlanMaker.Task("a", 0) with { Estimate = TimeSpan.MaxValue };
        var schedule = Schedule.Compute(PlanGraph.Build(PlanMaker.Of(PlanMaker.Phase("main", "", huge, huge with { Id = "b", Needs = PlanMaker.Needs("a") }))));
        Assert.Equal(TimeSpan.MaxValue, schedule.Span);
        Assert.Equal(TimeSpan.MaxValue, ResourceSchedule.Compute(schedule, 1).Makespan);
    }

    [Fact]
    public void The_span_is_the_longest_path_found_by_brute_force() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261, 1_977).WithMaxTest(400),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var graph = PlanGraph.Build(PlanMaker.Random(seed));
            var schedule = Schedule.Compute(graph);
            var longest = graph.Nodes.Max(n => LongestFrom(graph, n, schedule));
            var path = schedule.CriticalPath.Aggregate(TimeSpan.Zero, (sum, n) => sum + schedule[n].Duration);
            return schedule.Span == longest && path == longest
                && schedule.CriticalPath.All(n => schedule[n].IsCritical)
                && schedule.Nodes.All(n => n.Slack >= TimeSpan.Zero && n.LatestFinish <= schedule.Span);
        }));

    [Fact]
    public void Slipping_by_the_slack_keeps_the_span_and_one_tick_more_does_not() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261, 1_977).WithMaxTest(100),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var graph = PlanGraph.Build(PlanMaker.Random(seed));
            var schedule = Schedule.Compute(graph);
            return schedule.Nodes.Where(n => n.IsWork).All(n =>
                SpanWith(graph, n.Node.Id, n.Duration + n.Slack) == schedule.Span
                && SpanWith(graph, n.Node.Id, n.Duration + n.Slack + TimeSpan.FromTicks(1)) > schedule.Span);
        }));

    private static TimeSpan SpanWith(PlanGraph graph, string id, TimeSpan duration) =>
        Schedule.Compute(graph, new Durations(new Dictionary<string, TimeSpan> { [id] = duration })).Span;

    private static TimeSpan LongestFrom(PlanGraph graph, GraphNode node, Schedule schedule)
    {
        var rest = node.Dependants.Select(e => LongestFrom(graph, graph.Nodes[e.Node], schedule)).DefaultIfEmpty().Max();
        return schedule[node].Duration + rest;
    }
}
