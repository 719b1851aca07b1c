namespace Skep.Orchestration;

/// <summary>What it was, how it ended, and why when it did not end well.</summary>
internal static class HtmlHeader
{
    public static void Write(HtmlWriter html, RunFacts facts)
    {
        html.Open("header", "class", "top");
        html.Element("p", "Skep run report", "class", "kicker");
        html.Open("div", "class", "headline").Element("h1", ReportText.Line(facts.Graph.Plan.Name));
        var look = Outcome.Look(facts.Status);
        html.Open("p", "class", "badge s-" + look);
        HtmlIcons.Icon(html, look);
        html.Text(Outcome.Words(facts)).End(2);
        if (facts.Graph.Plan.Goal is { } goal) html.Element("p", ReportText.Line(goal, ReportBounds.Paragraph), "class", "goal");
        html.Open("dl", "class", "meta");
        foreach (var (label, value) in Outcome.Particulars(facts)) html.Open("div").Element("dt", label).Element("dd", value).End();
        html.End();
        Contents(html);
        html.End();
        Failure(html, facts);
        Planned(html, facts);
        Dropped(html, facts);
        Waived(html, facts);
    }

    private static void Waived(HtmlWriter html, RunFacts facts)
    {
        if (!facts.Gates.Any(g => g.Waiver is not null)) return;
        html.Open("section", "class", "callout warn", "aria-labelledby", "waived-title");
        html.Element("h2", Outcome.WaivedTitle, "id", "waived-title").Open("ul");
        foreach (var line in Outcome.Waivers(facts)) html.Element("li", line);
        html.End(2);
    }

    private static void Contents(HtmlWriter html)
    {
        html.Open("nav", "aria-label", "Sections");
        foreach (var (id, title) in new[]
        {
            ("numbers", "Numbers"), ("time", "Where the time went"), ("timeline", "Timeline"), ("graph", "Graph"), ("tasks", "Tasks"),
            ("gates", "Gates"), ("artifacts", "Artifacts"), ("metrics", "Metrics"), ("outputs", "Outputs"),
        })
            html.Element("a", title, "href", "#" + id);
        html.End();
    }

    private static void Failure(HtmlWriter html, RunFacts facts)
    {
        var reason = facts.Status == RunStatus.Succeeded ? null : facts.Reason;
        if (facts.Failure is null && reason is null) return;
        html.Open("section", "class", "callout bad", "aria-labelledby", "why-title");
        html.Element("h2", Outcome.FailureTitle(facts), "id", "why-title");
        if (reason is not null) html.Element("p", ReportText.Line(reason, ReportBounds.Paragraph));
        if (facts.Failure is { } failure) First(html, facts, failure);
        html.End();
    }

    private static void First(HtmlWriter html, RunFacts facts, FailureFacts failure)
    {
        html.Open("p", "class", "first").Open("code").Text(ReportText.Line(failure.Task.Key)).End().Text(" ");
        HtmlIcons.State(html, failure.Task.State);
        html.Text(" " + Outcome.FailureDetail(facts, failure)).End();
        if (failure.Task.Error is { } error) html.Element("p", ReportText.Line(error, ReportBounds.Paragraph), "class", "error");
        if (failure.Task.Last?.Result?.Evidence is { } evidence) html.Element("p", "Evidence: " + ReportText.Line(evidence, ReportBounds.Paragraph));
        if (ReportText.Tail(failure.Attempt?.Result?.LogTail) is { Length: > 0 } log)
        {
            html.Element("p", "The last lines of its log:", "class", "muted small");
            html.Element("pre", log, "class", "log", "tabindex", "0");
        }

        if (failure.Attempt?.Result?.LogFile is { } file) html.Open("p", "class", "muted small").Text("Full log: ").Element("code", ReportText.Line(file)).End();
        if (failure.Others > 0) html.Open("p").Text($"{ReportText.Count(failure.Others)} more failed, see ").Element("a", "tasks", "href", "#tasks").Text(".").End();
    }

    private static void Planned(HtmlWriter html, RunFacts facts)
    {
        if (facts.Planned.Reason is not { } reason) return;
        html.Open("section", "class", "callout warn", "aria-labelledby", "planned-title");
        html.Element("h2", "Incomplete: not all of the plan exists yet", "id", "planned-title");
        html.Element("p", ReportText.Capital(reason) + ".").End();
    }

    private static void Dropped(HtmlWriter html, RunFacts facts)
    {
        if (facts.Dropped.Count == 0) return;
        html.Open("section", "class", "callout warn", "aria-labelledby", "dropped-title");
        html.Element("h2", "Degraded: work was given up to stay within budget", "id", "dropped-title").Open("ul");
        foreach (var line in Outcome.Drops(facts)) html.Element("li", line);
        html.End(2);
    }
}
