using FsCheck;
using FsCheck.Fluent;
using Skep.Plans;

namespace Skep.Orchestration.Tests.Reports;

public sealed class ReportTimeTests
{
    [Fact]
    public void The_path_follows_the_need_that_settled_last()
    {
        var plan = ReportPlans.Of(4, ReportPlans.Task("a"), ReportPlans.Task("short", "a"), ReportPlans.Task("long", "a"), ReportPlans.Task("end", "short long"));
        var facts = ScriptedRun.Report(plan, (key, _) => Scripted.Ok(key switch { "short" => 5, "long" => 20, _ => 10 })).Facts;
        Assert.Equal(["a", "long", "end"], facts.Path.Steps.Select(s => s.Key));
        Assert.Equal(TimeSpan.FromSeconds(40), facts.Path.LongestChain);
        Assert.Equal(facts.Times.Wall, facts.Path.LongestChain);
    }

    [Fact]
    public void A_step_tells_waiting_work_and_retries_apart()
    {
        var plan = ReportPlans.Of(1, ReportPlans.Task("first"), ReportPlans.Task("second", "", 2));
        var facts = ScriptedRun.Report(plan, (key, attempt) => key == "first" ? Scripted.Ok(10) : attempt == 1 ? Scripted.Fail(6, "no") : Scripted.Ok(7)).Facts;
        var step = facts.Path.Steps.Single();
        Assert.Equal("second", step.Key);
        Assert.Equal((10, 13, 4), (step.Wait.TotalSeconds, step.Work.TotalSeconds, step.RetryWait.TotalSeconds));
    }

    [Fact]
    public void Time_in_hooks_is_neither_work_nor_suspension()
    {
        var answer = Scripted.Ok(10);
        answer = answer with { Result = answer.Result with { HooksAfterMs = 4_000 } };
        var report = ScriptedRun.Report(ReportPlans.Of(1, ReportPlans.Task("t")), (_, _) => answer);
        var step = report.Facts.Path.Steps.Single();
        Assert.Equal((6, 4, 0), (step.Work.TotalSeconds, step.Hooks.TotalSeconds, step.Held.TotalSeconds));
        Assert.Contains("4s in hooks (40%)", report.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_path_goes_through_phases_gates_and_the_item_that_ended_last()
    {
        var plan = ReportPlans.Of(2,
            new Phase
            {
                Id = "one",
                Tasks = [ReportPlans.Task("fan") with { Phase = "one", ForeachItems = [PlanValue.Of(1), PlanValue.Of(2), PlanValue.Of(3)] }],
                Gates = [new GateSpec { Id = "g", Phase = "one", Kind = GateKinds.Command, Run = new CommandSpec { Argv = ["true"] } }],
            },
            new Phase { Id = "two", Needs = [new Need("one")], Tasks = [ReportPlans.Task("last") with { Phase = "two" }] });
        var facts = ScriptedRun.Report(plan, (key, _) => Scripted.Ok(key switch { "fan[0]" => 9, "fan[1]" => 4, "fan[2]" => 8, "gate/g" => 1, _ => 2 })).Facts;
        Assert.Equal(["fan[2]", "gate/g", "last"], facts.Path.Steps.Select(s => s.Key));
        Assert.Equal(TimeSpan.FromSeconds(4), facts.Path.Steps[0].Wait);
        Assert.Equal(TimeSpan.FromSeconds(12), facts.Path.LongestChain);
    }

    [Fact]
    public void Time_in_lost_attempts_is_not_work_of_the_speed_up()
    {
        var facts = ScriptedRun.Report(ReportPlans.Of(1, ReportPlans.Task("t")), (_, attempt) => attempt == 1 ? Scripted.Lose(30) : Scripted.Ok(10)).Facts;
        Assert.Equal((40, 30, 10), (facts.Totals.Work.TotalSeconds, facts.Totals.LostWork.TotalSeconds, facts.Totals.UsefulWork.TotalSeconds));
        Assert.Equal((1, 0), (facts.Totals.Losses, facts.Totals.Retries));
        Assert.Equal(TimeSpan.FromSeconds(30), facts.Path.Steps.Single().Lost);
    }

    [Fact]
    public void A_run_that_goes_on_is_measured_up_to_the_time_of_reading()
    {
        var plan = ReportPlans.Of(1, ReportPlans.Task("a"), ReportPlans.Task("b", "a"));
        var facts = RunReport.Build(ScriptedRun.Play(plan, (_, _) => Scripted.Ok(10), until: 14), ScriptedRun.Options(17)).Facts;
        Assert.Equal(["a", "b"], facts.Path.Steps.Select(s => s.Key));
        Assert.Equal((17, 17), (facts.Times.Wall.TotalSeconds, facts.Totals.Work.TotalSeconds));
    }

    [Fact]
    public void After_a_retry_the_path_speaks_of_the_last_round()
    {
        var plan = ReportPlans.Of(1, ReportPlans.Task("a"), ReportPlans.Task("b", "a"));
        var facts = ScriptedRun.Report(plan, (key, attempt) => key == "b" && attempt == 1 ? Scripted.Fail(5, "no") : Scripted.Ok(10), 1e7, (100, new RetryTasks(null, "me"))).Facts;
        Assert.Equal(RunStatus.Succeeded, facts.Status);
        Assert.Equal(["a", "b"], facts.Path.Steps.Select(s => s.Key));
        Assert.Equal(TimeSpan.FromSeconds(20), facts.Path.Steps.Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Total));
        Assert.Equal((110, 85), (facts.Times.Wall.TotalSeconds, facts.Times.Downtime.TotalSeconds));
    }

    [Fact]
    public void A_sequential_run_of_the_same_plan_gives_the_measured_speed_up()
    {
        var plan = ReportPlans.Of(3, ReportPlans.Task("a"), ReportPlans.Task("b"), ReportPlans.Task("c"));
        var parallel = ScriptedRun.Play(plan, (_, _) => Scripted.Ok(10));
        var sequential = ScriptedRun.Play(plan, (_, _) => Scripted.Ok(10), concurrency: 1, run: "slow");
        var report = RunReport.Build(parallel, ScriptedRun.Options() with { Sequential = sequential });
        Assert.Equal(3, report.Facts.Comparison!.Faster);
        Assert.Contains("measured: the same plan one task at a time took 30s (run slow)", report.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_cannot_be_compared_gives_no_factor()
    {
        var plan = ReportPlans.Of(3, ReportPlans.Task("a"));
        var open = ScriptedRun.Play(plan, (_, _) => Scripted.Ok(10), until: 5, concurrency: 1);
        var comparison = RunReport.Build(ScriptedRun.Play(plan, (_, _) => Scripted.Ok(10)), ScriptedRun.Options() with { Sequential = open }).Facts.Comparison!;
        Assert.Equal((null, "the other run has not ended"), (comparison.Faster, comparison.Caveat));
    }

    [Fact]
    public void Sums_add_up_and_steps_never_overlap() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261, 1_977).WithMaxTest(300),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var until = seed % 3 == 0 ? seed % 60 : 1e7;
            (double, RunInput)[] interference = seed % 5 == 0 ? [(7, new RecoverRun("next", _ => false)), (400, new RetryTasks(null, "me"))] : [];
            var state = ScriptedRun.Play(ReportPlans.Random(seed), ReportPlans.RandomScript(seed), until, interference);
            var facts = RunReport.Build(state, ScriptedRun.Options(until)).Facts;
            var attempts = state.Nodes.SelectMany(n => n.Attempts).ToList();
            var steps = facts.Path.Steps;
            return facts.Totals.Work == attempts.Aggregate(TimeSpan.Zero, (sum, a) => sum + a.Duration(facts.Times.Until))
                && facts.Totals.Attempts == attempts.Count
                && facts.Totals.TaskStates.Sum(c => c.Count) == facts.WorkTasks.Count()
                && steps.Zip(steps.Skip(1)).All(p => p.First.Ready + p.First.Total <= p.Second.Ready)
                && steps.Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Total) <= facts.Times.Wall
                && facts.Path.LongestChain <= facts.Times.Wall
                && ReportTests.Parse(RunReport.Build(state, ScriptedRun.Options(until)).ToHtml()).Root is not null;
        }));
}
