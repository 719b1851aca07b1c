using System.Xml.Linq;
using Skep.Plans;

namespace Skep.Orchestration.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    public void The_page_is_well_formed_and_refers_to_nothing_outside_itself()
    {
        var html = RunReport.Build(SampleRun.Play(), ScriptedRun.Options()).ToHtml();
        var page = Parse(html);
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "iframe" or "object" or "link" or "img" or "form");
        Assert.All(page.Descendants().Attributes().Where(a => a.Name.LocalName is "href" or "src"), a => Assert.StartsWith("#", a.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        var policy = page.Descendants("meta").Single(m => m.Attribute("http-equiv") is not null);
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; img-src data:", policy.Attribute("content")!.Value);
    }

    [Fact]
    public void Identifiers_of_the_page_are_unique_and_every_reference_has_a_target()
    {
        var page = Parse(RunReport.Build(SampleRun.Play(), ScriptedRun.Options()).ToHtml());
        var ids = page.Descendants().Attributes("id").Select(a => a.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var references = page.Descendants().Attributes("href").Select(a => a.Value[1..])
            .Concat(page.Descendants().Attributes("aria-labelledby").SelectMany(a => a.Value.Split(' ')));
        Assert.All(references, r => Assert.Contains(r, ids));
    }

    [Fact]
    public void Pictures_headings_and_tables_are_named_for_screen_readers()
    {
        var page = Parse(RunReport.Build(SampleRun.Play(), ScriptedRun.Options()).ToHtml());
        Assert.Single(page.Descendants("h1"));
        Assert.Equal(2, page.Descendants().Count(e => e.Attribute("role")?.Value == "img" && e.Attribute("aria-labelledby") is not null));
        Assert.All(page.Descendants("th"), th => Assert.NotNull(th.Attribute("scope")));
        Assert.All(page.Descendants().Where(e => e.Attribute("role")?.Value == "region"), e => Assert.NotNull(e.Attribute("aria-label")));
    }

    [Fact]
    public void Every_row_of_a_table_has_as_many_cells_as_its_head()
    {
        var page = Parse(RunReport.Build(SampleRun.Play(), ScriptedRun.Options()).ToHtml());
        foreach (var table in page.Descendants("table"))
        {
            var columns = table.Element("thead")!.Descendants("th").Count();
            Assert.All(table.Elements("tbody").Elements("tr"), row =>
                Assert.Equal(columns, row.Elements().Sum(c => int.Parse(c.Attribute("colspan")?.Value ?? "1"))));
        }
    }

    [Fact]
    public void The_first_failure_stands_at_the_top_with_its_error_and_log()
    {
        var html = RunReport.Build(SampleRun.Play(), ScriptedRun.Options()).ToHtml();
        var why = Parse(html).Descendants("section").First();
        Assert.Equal("Why it failed", why.Element("h2")!.Value);
        Assert.Contains("load-test", why.Value, StringComparison.Ordinal);
        Assert.Contains("p99 latency 812 ms exceeds 500 ms", why.Value, StringComparison.Ordinal);
        Assert.Contains("FAIL p99 over budget <500 ms>", why.Descendants("pre").Single().Value, StringComparison.Ordinal);
        Assert.True(html.IndexOf("id=\"why-title\"", StringComparison.Ordinal) < html.IndexOf("id=\"time-title\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failure_that_is_allowed_is_not_the_reason()
    {
        var state = ScriptedRun.Play(
            ReportPlans.Of(1, ReportPlans.Task("shaky") with { AllowFailure = true }, ReportPlans.Task("firm")),
            (key, _) => Scripted.Fail(3, $"{key} broke"));
        Assert.Equal("firm", RunReport.Build(state, ScriptedRun.Options()).Facts.Failure!.Task.Key);
    }

    [Fact]
    public void The_same_state_gives_the_same_text_and_later_changes_do_not_show()
    {
        var state = ScriptedRun.Play(SampleRun.Plan(), SampleRun.Script, until: 100);
        var report = RunReport.Build(state, ScriptedRun.Options(100));
        var (html, markdown) = (report.ToHtml(), report.ToMarkdown());
        Queen.Decide(state, new CancelRun("me", "enough"), ScriptedRun.Origin.AddSeconds(120));
        Assert.Equal(html, report.ToHtml());
        Assert.Equal(markdown, report.ToMarkdown());
    }

    [Theory]
    [InlineData(0, "not started")]
    [InlineData(1, "running")]
    [InlineData(2, "paused")]
    [InlineData(3, "cancelled")]
    [InlineData(4, "cancelling")]
    [InlineData(5, "succeeded")]
    public void Every_state_of_a_run_has_a_report(int which, string word)
    {
        var state = InState(which);
        var report = RunReport.Build(state, ScriptedRun.Options(12));
        Assert.Contains(ReportText.Capital(word), Parse(report.ToHtml()).Descendants("p").First(p => p.Attribute("class")?.Value.StartsWith("badge", StringComparison.Ordinal) == true).Value, StringComparison.Ordinal);
        Assert.Contains($"**{ReportText.Capital(word)}**", report.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_without_anything_has_a_report()
    {
        var report = ScriptedRun.Report(ReportPlans.Of(1, Array.Empty<Phase>()), (_, _) => Scripted.Ok(1));
        Assert.Contains("The plan has no tasks.", Parse(report.ToHtml()).Root!.Value, StringComparison.Ordinal);
        Assert.Contains("The plan has no tasks.", report.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_tasks_with_hostile_logs_stay_below_five_megabytes()
    {
        var report = RunReport.Build(Wide(10_000), ScriptedRun.Options());
        var html = report.ToHtml();
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(html), 1, 5_000_000);
        Assert.InRange(report.ToMarkdown().Length, 1, 1_000_000);
        Assert.Contains("9,503 more tasks and items are not listed", Parse(html).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Dropped_tiers_are_told_with_the_reason()
    {
        var plan = ReportPlans.Of(1, ReportPlans.Task("base"), ReportPlans.Task("extra", "base") with { Tier = Tier.Experimental, Estimate = TimeSpan.FromHours(2) }) is var p
            ? p with { Swarm = p.Swarm with { Budget = new Budget(Wall: TimeSpan.FromHours(1)) } } : null!;
        var report = ScriptedRun.Report(plan, (_, _) => Scripted.Ok(5));
        Assert.Contains("Succeeded, degraded", report.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("Tier experimental: 1 task dropped (extra)", report.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("Tier experimental: 1 task dropped (extra)", report.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Repeated_resumption_and_lost_attempts_are_told()
    {
        var report = ScriptedRun.Report(
            ReportPlans.Of(1, ReportPlans.Task("long")), (_, _) => Scripted.Ok(30), 1e7,
            (10, new RecoverRun("host", _ => false)), (20, new RecoverRun("host", _ => false)));
        Assert.Equal((2, 2, 0), (report.Facts.Recoveries, report.Facts.Totals.Losses, report.Facts.Totals.Retries));
        Assert.Contains("2 times", report.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("0 retries, 2 lost", report.ToMarkdown(), StringComparison.Ordinal);
    }

    /// <summary>A fan-out of a thousand items or more per task, some of which fail with logs full of markup.</summary>
    internal static RunState Wide(int tasks)
    {
        var log = string.Concat(Enumerable.Repeat("<&\"'>\u001b[31m|`", 400));
        var plan = ReportPlans.Of(64,
            ReportPlans.Task("seed"),
            ReportPlans.Task("shard", "seed") with { ForeachItems = [.. Enumerable.Range(0, tasks).Select(i => PlanValue.Of(i))] },
            ReportPlans.Task("sum", "shard") with { Needs = [new Need("shard", NeedOn.Settled)] },
            ReportPlans.Task("end", "sum"));
        return ScriptedRun.Play(plan, (key, _) => key.EndsWith("7]", StringComparison.Ordinal)
            ? Scripted.Fail(3, "broke on <item>", log)
            : Scripted.Ok(1 + (key.Length % 3), ("value", "x")) is var ok ? ok with { Result = ok.Result with { LogTail = log } } : null!);
    }

    internal static XDocument Parse(string html) => XDocument.Parse(html, LoadOptions.PreserveWhitespace);

    private static RunState InState(int which)
    {
        var plan = ReportPlans.Of(2, ReportPlans.Task("a", "", 3), ReportPlans.Task("b", "a"));
        RunState Play(params (double, RunInput)[] inputs) => ScriptedRun.Play(plan, (_, _) => Scripted.Ok(which == 5 ? 1 : 50), 12, inputs);
        return which switch
        {
            0 => RunState.For(plan),
            2 => Play((3, new PauseRun("me"))),
            3 => Play((3, new CancelRun("me", "no <more> need"))),
            4 => Play((11.9, new CancelRun("me", "no <more> need"))),
            _ => Play(),
        };
    }
}
