namespace Skep.Orchestration;

/// <summary>The gates with what they found.</summary>
internal static class HtmlGates
{
    public static void Write(HtmlWriter html, RunFacts facts)
    {
        HtmlReport.Section(html, "gates", "Gates");
        if (facts.Gates.Count == 0)
        {
            html.Element("p", "The plan has no gates: nothing but the tasks' own word says that the work is right.", "class", "empty").End();
            return;
        }

        html.Open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Gates").Open("table").Open("thead").Open("tr");
        foreach (var title in new[] { "State", "Gate", "Phase", "Check" }) html.Element("th", title, "scope", "col");
        html.Element("th", "Took", "scope", "col", "class", "num").Element("th", "Evidence", "scope", "col", "class", "wide").End(2).Open("tbody");
        var logs = new LogAllowance();
        foreach (var gate in facts.Gates.Take(ReportBounds.ListRows)) Row(html, facts, gate, logs);
        html.End(3);
        if (facts.Gates.Count > ReportBounds.ListRows) html.Element("p", $"{ReportText.Count(facts.Gates.Count - ReportBounds.ListRows, "more gate")} not listed.", "class", "muted small");
        html.End();
    }

    /// <summary>What a gate checks.</summary>
    public static string Check(TaskFacts gate) =>
        ReportText.Line(gate.Gate?.Display, ReportBounds.Cell);

    /// <summary>What it found; a gate without evidence says so.</summary>
    public static string Evidence(TaskFacts gate) =>
        gate.Last?.Result?.Evidence is { Length: > 0 } evidence ? ReportText.Line(evidence, ReportBounds.Evidence)
        : gate.Error is null && gate.Status.IsSettled() ? "none given"
        : "";

    /// <summary>The votes on a gate, one a line.</summary>
    public static IEnumerable<string> Votes(TaskFacts gate) => gate.Votes.Select(v =>
        ReportText.Line($"{v.Role} {(v.Approved ? "approved" : "rejected")}: {v.By}, {ReportText.Time(v.At)}{(v.Text.Length > 0 ? ": " + v.Text : "")}", ReportBounds.Cell));

    /// <summary>The waiver of a gate, or empty.</summary>
    public static string Waiver(TaskFacts gate) =>
        gate.Waiver is { } waiver ? ReportText.Capital(ReportText.Line($"{waiver} ({ReportText.Time(waiver.At)})", GateBounds.MaxText + ReportBounds.Cell)) : "";

    private static void Row(HtmlWriter html, RunFacts facts, TaskFacts gate, LogAllowance logs)
    {
        html.Open("tr").Open("td");
        HtmlIcons.State(html, gate.State);
        html.End().Open("th", "scope", "row").Element("code", ReportText.Line(gate.Node.Id));
        if (gate.Title is { } title) html.Element("span", ReportText.Line(title), "class", "title");
        html.End().Element("td", ReportText.Line(facts.Graph.Plan.Phases[gate.Node.Phase].Id));
        html.Open("td").Element("code", Check(gate)).End();
        html.Element("td", gate.Start is null ? "–" : ReportText.Duration(gate.Work), "class", "num").Open("td", "class", "wide");
        if (Waiver(gate) is { Length: > 0 } waiver) html.Element("p", waiver, "class", "waiver");
        if (Evidence(gate) is { Length: > 0 } evidence) html.Element("p", evidence);
        foreach (var vote in Votes(gate)) html.Element("p", vote, "class", "small");
        HtmlTaskDetail.Result(html, gate);
        if (gate.Last is { } last) HtmlTaskDetail.Log(html, logs.Take(last));
        html.End(2);
    }
}
