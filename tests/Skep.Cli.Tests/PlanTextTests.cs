using FsCheck;
using FsCheck.Fluent;
using Skep.Cli.Plans;

namespace Skep.Cli.Tests;

public class PlanTextTests
{
    [Fact]
    public async Task A_finding_shows_the_line_and_a_caret_under_the_offender()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: build, run: ok }\n  - { id: test, needs: [biuld], run: ok }\n");
        Assert.Equal(ExitCodes.PlanInvalid, await cli.RunAsync("plan", "check"));
        Assert.Equal(
            """
            plan.yaml:4:25: error[unknown-need]: unknown need 'biuld'; did you mean 'build'?
              4 |   - { id: test, needs: [biuld], run: ok }
                |                         ^^^^^
            error: the plan has 1 error; nothing was started

            """, cli.Error);
        Assert.Equal("", cli.Out);
    }

    [Fact]
    public void The_caret_stays_in_sight_in_a_long_line_with_tabs_and_wide_characters()
    {
        var source = "x: " + new string('a', 400) + "\t蜂OFFENDER";
        var column = source.IndexOf("OFFENDER", StringComparison.Ordinal) + 1;
        var text = DiagnosticText.Format(new Diagnostic(Severity.Error, "c", "m", new SourceSpan(1, column, 8)), "f", source);
        var lines = text.Split('\n');
        Assert.True(lines[1].Length <= DiagnosticText.MaxLine + 8);
        var caret = lines[2].IndexOf('^');
        Assert.Equal("OFFENDER", lines[1].Substring(caret - 1, 8)); // one wide character stands before it
        Assert.Equal(8, lines[2].Count(c => c == '^'));
    }

    [Fact]
    public void A_finding_never_breaks_whatever_its_position()
    {
        var property = Prop.ForAll<string, int, int>((source, line, column) =>
        {
            var at = new SourceSpan(Math.Abs(line % 9), Math.Abs(column % 99), Math.Abs(column % 7));
            var text = DiagnosticText.Format(new Diagnostic(Severity.Warning, "c", "m", at), "f", source ?? "");
            return text.EndsWith('\n') && !text.Contains('\e');
        });
        Check.One(Config.QuickThrowOnFailure.WithReplay(1, 1), property);
    }

    [Theory]
    [InlineData("plan.yaml")]
    [InlineData("skep.yaml")]
    [InlineData("release.yaml")]
    public async Task The_plan_of_a_folder_is_found(string name)
    {
        using var cli = new Harness();
        cli.File("other.yaml", "a: b\n");
        cli.File(name, "plan: demo\ntasks:\n  - { id: a, run: ok }\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("plan", "check", "."));
        Assert.StartsWith(name, cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_plans_in_a_folder_are_a_question_not_a_guess()
    {
        using var cli = new Harness();
        cli.File("a.yaml", "plan: a\n");
        cli.File("b.yaml", "plan: b\n");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("run"));
        Assert.Contains("a.yaml, b.yaml", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_this_version_does_not_act_on_is_said_and_asked_about_on_a_terminal()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\nhooks:\n  - { on: rollback, run: ok }\nphases:\n  - { id: p, checkpoint: true, tasks: [{ id: a, run: ok }] }\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("run", "--id", "r1", "--no-report"));
        Assert.Contains("does not act on hooks (rollback)", cli.Error, StringComparison.Ordinal);
        Assert.Contains("does not act on checkpoint (p)", cli.Error, StringComparison.Ordinal);
        (cli.Terminal, cli.Answers) = (new FakeTerminal(true), "n\n");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("run", "--id", "r2"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("run", "--id", "r2", "--yes", "--no-report"));
    }

    [Fact]
    public async Task What_is_only_planned_is_said_up_front_in_between_and_at_the_end()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: ok }\n  - { id: b, planned: true }\n  - { id: c, needs: [b], run: ok }\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("run", "--id", "r1", "--no-report"));
        Assert.Contains("note: 1 of 3 tasks is only planned", cli.Error, StringComparison.Ordinal);
        Assert.Contains("b  planned  planned: what it names does not exist yet", cli.Out, StringComparison.Ordinal);
        Assert.Contains("run r1  succeeded (incomplete)  1 ok, 2 planned", cli.Out, StringComparison.Ordinal);
        Assert.Contains("1 of 3 tasks is only planned, 1 more task needs what is only planned and were not carried out", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("show", "r1");
        Assert.Contains("- c  planned  needs b, which is only planned", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("show", "r1", "--json");
        using var json = System.Text.Json.JsonDocument.Parse(cli.Out);
        Assert.Equal(1, json.RootElement.GetProperty("planned").GetProperty("tasks_that_need_them").GetInt32());
        Assert.Equal("planned", json.RootElement.GetProperty("tasks")[1].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Hooks_of_a_run_are_shown_with_what_they_came_to()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: ok, hooks: [{ on: pre-task, run: fail }, { on: post-task, run: ok }] }\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("run", "--id", "r1", "--no-report"));
        Assert.Contains("a  hook pre-task failed", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("show", "r1");
        Assert.Contains("hooks\n  pre-task  fail  1 call, 1 failed", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("events", "r1");
        Assert.Equal(2, cli.Out.Split('\n').Count(l => l.Contains("\"hook-ran\"", StringComparison.Ordinal)));
        await cli.RunAsync("report", "r1", "--format", "md", "-o", "r.md");
        Assert.Contains("## Hooks", await File.ReadAllTextAsync(Path.Combine(cli.Project, "r.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plans_are_drawn_scheduled_and_ranked()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: ok, estimate: 2m, impact: 9, effort: 2 }\n  - { id: b, needs: [a], run: ok, estimate: 1m }\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("plan", "graph"));
        Assert.StartsWith("flowchart", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("plan", "schedule");
        Assert.Contains("critical path: a → b", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("plan", "schedule", "--format", "json");
        using var json = System.Text.Json.JsonDocument.Parse(cli.Out);
        Assert.Equal(180, json.RootElement.GetProperty("span_seconds").GetDouble());
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("plan", "prioritize", "-o", "p.svg", "--format", "svg"));
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(Path.Combine(cli.Project, "p.svg")), StringComparison.Ordinal);
        Assert.Equal("", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("plan", "schema"));
        using var schema = System.Text.Json.JsonDocument.Parse(cli.Out);
        Assert.True(schema.RootElement.TryGetProperty("$defs", out _));
    }

    [Fact]
    public async Task A_plan_with_a_calendar_is_scheduled_in_working_weeks()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ncalendar: {}\ntasks:\n  - { id: a, planned: true, estimate: 2w }\n  - { id: b, planned: true, estimate: 3d, needs: a }\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("plan", "schedule"));
        Assert.Contains("in working time, 8h a day and 5d a week: 2.6w with 8 slots, 2.6w without limit, 2.6w one after the other", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_surrounds_the_work_and_is_not_acted_on_is_said()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\nswarm: { coordinator: a }\nagents: { a: { hooks: [{ on: adapt, run: x }] } }\nescalation: { e: [a] }\nrisks: [{ id: r }]\nphases: [{ id: p, lead: a, tasks: [{ id: t, agent: a, run: x }] }]\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("plan", "check"));
        foreach (var what in new[] { "hooks (adapt)", "escalation (e)", "risks (r)", "swarm.coordinator a", "phases' leads (p)" })
            Assert.Contains("does not act on " + what, cli.Error, StringComparison.Ordinal);
    }
}
