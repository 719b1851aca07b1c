using System.Globalization;
using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>Where the time went: the critical path step by step, the longest tasks, the longest waits.</summary>
internal static class HtmlPath
{
    public static void Write(HtmlWriter html, RunFacts facts)
    {
        HtmlReport.Section(html, "time", "Where the time went");
        if (facts.Path.Steps.Count == 0) html.Element("p", "Nothing was worked on, so there is no path to show.", "class", "empty");
        else Path(html, facts, PathTable.Of(facts));
        var (tasks, waits) = (Longest.Tasks(facts), Longest.Waits(facts));
        if (tasks.Count + waits.Count > 0) html.Open("div", "class", "columns");
        Ranking(html, "Longest tasks", "Task", "At work", tasks, t => t.Work);
        Ranking(html, "Longest waits for an agent", "Task", "Waited", waits, t => t.Wait!.Value);
        if (tasks.Count + waits.Count > 0) html.End();
        html.End();
    }

    private static void Path(HtmlWriter html, RunFacts facts, PathTable table)
    {
        html.Element("p", PathTable.Summary(facts), "class", "lead");
        html.Open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Critical path").Open("table", "class", "path");
        html.Open("thead").Open("tr").Element("th", "Step", "scope", "col").Element("th", "Ready", "scope", "col", "class", "num");
        Head(html, "wait", "Waiting for an agent");
        Head(html, "work", "Working");
        Head(html, "gap", "Between attempts");
        if (table.HasLost) Head(html, "gone", "Lost");
        if (table.HasHeld) Head(html, "held", "Suspended");
        if (table.HasHooks) Head(html, "hook", "Hooks");
        html.Element("th", "Total", "scope", "col", "class", "num").Element("th", "Share of wall time", "scope", "col", "class", "share").End(2).Open("tbody");
        foreach (var step in table.Steps) Row(html, facts, table, step);
        if (table.OtherSteps > 0) Rest(html, table, $"{ReportText.Count(table.OtherSteps, "shorter step")}", table.OtherTime);
        if (table.Outside > TimeSpan.Zero) Rest(html, table, "Outside these steps", table.Outside);
        html.End(3);
    }

    /// <summary>The column's colour in the meters stands before its name.</summary>
    private static void Head(HtmlWriter html, string kind, string title) =>
        html.Open("th", "scope", "col", "class", "num").Open("span", "class", "key " + kind, "aria-hidden", "true").End().Text(title).End();

    private static void Row(HtmlWriter html, RunFacts facts, PathTable table, PathStep step)
    {
        html.Open("tr").Open("th", "scope", "row").Element("code", ReportText.Line(step.Key)).End();
        html.Element("td", ReportText.Offset(step.Ready - facts.Times.Start), "class", "num muted");
        Time(html, step.Wait);
        Time(html, step.Work);
        Time(html, step.RetryWait);
        if (table.HasLost) Time(html, step.Lost);
        if (table.HasHeld) Time(html, step.Held);
        if (table.HasHooks) Time(html, step.Hooks);
        Time(html, step.Total);
        html.Open("td", "class", "share").Element("span", ReportText.Percent(table.Share(step.Total)), "class", "percent").Open("span", "class", "meter", "aria-hidden", "true");
        foreach (var (kind, time) in new[] { ("wait", step.Wait), ("work", step.Work), ("gap", step.RetryWait), ("gone", step.Lost), ("held", step.Held), ("hook", step.Hooks) })
            if (time > TimeSpan.Zero) html.Open("span", "class", kind, "style", $"width:{Width(table.Share(time))}%").End();
        html.End(3);
    }

    private static void Rest(HtmlWriter html, PathTable table, string label, TimeSpan time)
    {
        var before = 4 + (table.HasLost ? 1 : 0) + (table.HasHeld ? 1 : 0) + (table.HasHooks ? 1 : 0);
        html.Open("tr", "class", "rest").Open("th", "scope", "row").Text(label).End();
        html.Open("td", "colspan", before.ToString(CultureInfo.InvariantCulture)).End();
        Time(html, time);
        html.Open("td", "class", "share").Element("span", ReportText.Percent(table.Share(time)), "class", "percent").Open("span", "class", "meter", "aria-hidden", "true");
        html.Open("span", "class", "other", "style", $"width:{Width(table.Share(time))}%").End(4);
    }

    private static void Time(HtmlWriter html, TimeSpan time) =>
        html.Element("td", time == TimeSpan.Zero ? "–" : DurationText.Format(time), "class", time == TimeSpan.Zero ? "num muted" : "num");

    private static string Width(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture);

    private static void Ranking(HtmlWriter html, string title, string first, string second, IReadOnlyList<TaskFacts> tasks, Func<TaskFacts, TimeSpan> time)
    {
        if (tasks.Count == 0) return;
        html.Open("div").Element("h3", title).Open("table", "class", "plain").Open("thead").Open("tr");
        html.Element("th", first, "scope", "col").Element("th", second, "scope", "col", "class", "num").End(2).Open("tbody");
        foreach (var task in tasks)
            html.Open("tr").Open("th", "scope", "row").Element("code", ReportText.Line(task.Key)).End().Element("td", DurationText.Format(time(task)), "class", "num").End();
        html.End(3);
    }
}
