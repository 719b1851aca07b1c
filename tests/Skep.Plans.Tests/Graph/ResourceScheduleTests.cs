using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Skep.Plans.Tests.Graph;

public sealed class ResourceScheduleTests
{
    [Fact]
    public void One_slot_runs_everything_in_a_row()
    {
        var schedule = Of(PlanMaker.Task("a", 2), PlanMaker.Task("b", 3));
        Assert.Equal(TimeSpan.FromMinutes(5), ResourceSchedule.Compute(schedule, 1).Makespan);
        Assert.Equal(TimeSpan.FromMinutes(3), ResourceSchedule.Compute(schedule, 2).Makespan);
    }

    [Fact]
    public void Tier_goes_before_priority_before_longest_remaining_path_before_file_order()
    {
        var schedule = Of(
            PlanMaker.Task("nice", 9) with { Tier = Tier.Nice, Priority = 100 },
            PlanMaker.Task("plain", 1),
            PlanMaker.Task("twin", 1),
            PlanMaker.Task("long", 4),
            PlanMaker.Task("urgent", 1) with { Priority = 5 },
            PlanMaker.Task("critical", 1) with { Tier = Tier.Critical, Priority = -5 });

        var order = ResourceSchedule.Compute(schedule, 1).Runs.Select(r => r.Node.Id);
        Assert.Equal(["critical", "urgent", "long", "plain", "twin", "nice"], order);
    }

    [Fact]
    public void Replicas_limit_an_agent_and_leave_the_other_slots_to_others()
    {
        var plan = PlanMaker.Of(PlanMaker.Phase("main", "",
            PlanMaker.Task("a", 4) with { Agent = "gpu" }, PlanMaker.Task("b", 3) with { Agent = "gpu" }, PlanMaker.Task("c", 1))) with
        { Agents = [new AgentSpec { Id = "gpu", Replicas = 1 }] };
        var limited = ResourceSchedule.Compute(Schedule.Compute(PlanGraph.Build(plan)), 3);

        Assert.Equal(["a 0 4 0", "c 0 1 1", "b 4 7 0"], limited.Runs.Select(r => $"{r.Node.Id} {r.Start.TotalMinutes} {r.Finish.TotalMinutes} {r.Slot}"));
        Assert.Equal(["gpu", "worker", "gpu"], limited.Runs.Select(r => r.Agent));
    }

    [Fact]
    public void A_team_is_as_wide_as_its_members()
    {
        var plan = PlanMaker.Of(PlanMaker.Phase("main", "", PlanMaker.Task("a", 2) with { Agent = "crew" }, PlanMaker.Task("b", 2) with { Agent = "crew" }, PlanMaker.Task("c", 2) with { Agent = "x" })) with
        {
            Agents = [new AgentSpec { Id = "x", Replicas = 1 }, new AgentSpec { Id = "y", Replicas = 1 }],
            Teams = [new Team("crew", "x", ["x", "y"])],
        };
        var limited = ResourceSchedule.Compute(Schedule.Compute(PlanGraph.Build(plan)));

        Assert.Equal(["a x 0", "b y 0", "c x 2"], limited.Runs.Select(r => $"{r.Node.Id} {r.Agent} {r.Start.TotalMinutes}"));
    }

    [Fact]
    public void The_items_of_a_foreach_share_the_slots()
    {
        var items = Enumerable.Range(0, 5).Select(_ => PlanValue.Null).ToList();
        var limited = ResourceSchedule.Compute(Of(PlanMaker.Task("shard", 1) with { ForeachItems = items }), 2);

        Assert.Equal([0, 1, 2, 3, 4], limited.Runs.Select(r => r.Item));
        Assert.Equal(TimeSpan.FromMinutes(3), limited.Makespan);
        Assert.Equal(5d / 6, limited.Utilisation, 9);
    }

    [Fact]
    public void The_plan_says_how_many_run_at_once()
    {
        var plan = PlanMaker.Of(PlanMaker.Phase("main", "", PlanMaker.Task("a", 1), PlanMaker.Task("b", 1), PlanMaker.Task("c", 1))) with
        { Swarm = new SwarmSettings { MaxConcurrency = 3, MaxAgents = 2 } };
        Assert.Equal(2, ResourceSchedule.Compute(Schedule.Compute(PlanGraph.Build(plan))).Slots);
    }

    [Fact]
    public void List_schedules_respect_needs_and_slots_and_keep_to_Grahams_bound() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261, 1_977).WithMaxTest(500),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var slots = 1 + (seed % 4);
            var schedule = Schedule.Compute(PlanGraph.Build(PlanMaker.Random(seed, 14)));
            var limited = ResourceSchedule.Compute(schedule, slots);
            AssertValid(limited);
            var bound = schedule.Span + (schedule.TotalWork / slots);
            return limited.Makespan >= limited.LowerBound && limited.Makespan <= bound
                && limited.Runs.Count == schedule.Nodes.Count(n => n.IsWork);
        }));

    [Fact]
    public void Replica_limits_hold_at_every_moment() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261, 1_977).WithMaxTest(300),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var plan = PlanMaker.Random(seed, 14);
            var tasks = plan.Tasks.Select((t, i) => t with { Agent = (i % 3) switch { 0 => "x", 1 => "both", _ => "y" } }).ToArray();
            plan = PlanMaker.Of(PlanMaker.Phase("only", "", tasks)) with
            {
                Agents = [new AgentSpec { Id = "x", Replicas = 1 }, new AgentSpec { Id = "y", Replicas = 2 }],
                Teams = [new Team("both", null, ["x", "y"])],
            };
            var limited = ResourceSchedule.Compute(Schedule.Compute(PlanGraph.Build(plan)), 4);
            AssertValid(limited);
            return Peak(limited.Runs.Where(r => r.Agent == "x")) <= 1 && Peak(limited.Runs.Where(r => r.Agent == "y")) <= 2
                && limited.Runs.Count == tasks.Length;
        }));

    [Fact]
    public void A_hundred_thousand_tasks_are_scheduled()
    {
        var tasks = Enumerable.Range(0, 100_000).Select(i => PlanMaker.Task($"t{i}", 1 + (i % 7), i < 100 ? "" : $"t{i - 100} t{i - 37}"));
        var schedule = Of([.. tasks]);
        var limited = ResourceSchedule.Compute(schedule, 16);
        Assert.Equal(100_000, limited.Runs.Count);
        Assert.InRange(limited.Makespan, limited.LowerBound, schedule.Span + (schedule.TotalWork / 16));
    }

    [Fact]
    public void A_very_long_chain_does_not_exhaust_the_stack()
    {
        var tasks = Enumerable.Range(0, 50_000).Select(i => PlanMaker.Task($"t{i}", 1, i == 0 ? "" : $"t{i - 1}"));
        var schedule = Of([.. tasks]);
        Assert.Equal(50_000, schedule.CriticalPath.Count);
    }

    [Fact]
    public void The_json_form_holds_totals_nodes_and_runs()
    {
        var schedule = Of(PlanMaker.Task("a", 1), PlanMaker.Task("b", 0.5, "a"));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) ScheduleJson.Write(writer, schedule, ResourceSchedule.Compute(schedule, 2));
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));

        Assert.Equal(90, json.RootElement.GetProperty("span_seconds").GetDouble());
        Assert.Equal("estimated", json.RootElement.GetProperty("nodes")[0].GetProperty("duration_origin").GetString());
        Assert.Equal(60, json.RootElement.GetProperty("limited").GetProperty("runs")[1].GetProperty("start").GetDouble());
        Assert.Equal("b", json.RootElement.GetProperty("critical_path")[1].GetString());
    }

    private static Schedule Of(params PlanTask[] tasks) => Schedule.Compute(PlanGraph.Build(PlanMaker.Of(PlanMaker.Phase("main", "", tasks))));

    private static void AssertValid(ResourceSchedule limited)
    {
        var finish = limited.Runs.ToDictionary(r => r.Node.Id, r => r.Finish);
        foreach (var run in limited.Runs)
            Assert.All(run.Node.Task!.Needs, need => Assert.True(finish[need.Id] <= run.Start));
        Assert.True(Peak(limited.Runs) <= limited.Slots);
        foreach (var slot in limited.Runs.GroupBy(r => r.Slot))
            Assert.True(Peak(slot) <= 1);
    }

    /// <summary>Most runs that overlap; runs of no length overlap nothing.</summary>
    private static int Peak(IEnumerable<ScheduledRun> runs)
    {
        var list = runs.Where(r => r.Finish > r.Start).ToList();
        return list.Select(r => list.Count(o => o.Start <= r.Start && r.Start < o.Finish)).DefaultIfEmpty().Max();
    }
}
