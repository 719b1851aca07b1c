using System.Globalization;
using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>The table of tasks: a body per phase, a row per task, what went wrong beneath it.</summary>
internal static class HtmlTasks
{
    private static readonly (string Title, string Class)[] s_columns =
    [
        ("State", ""), ("Task", ""), ("Agent", ""), ("Attempts", "num"), ("Start", "num"), ("At work", "num"), ("Wait", "num"),
        ("CPU", "num"), ("Memory", "num"), ("Tier", ""), ("Outputs and errors", "wide"),
    ];

    private static string Columns => s_columns.Length.ToString(CultureInfo.InvariantCulture);

    /// <summary>What unfolds stands under the task's name, not under its state.</summary>
    private static string AfterFirst => (s_columns.Length - 1).ToString(CultureInfo.InvariantCulture);

    public static void Write(HtmlWriter html, RunFacts facts)
    {
        HtmlReport.Section(html, "tasks", "Tasks");
        if (facts.Tasks.Count == 0)
        {
            html.Element("p", "The plan has no tasks.", "class", "empty").End();
            return;
        }

        var selection = TaskSelection.Of(facts, ReportBounds.TaskRows);
        var logs = new LogAllowance();
        html.Open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Tasks").Open("table", "class", "tasks");
        Head(html);
        foreach (var phase in facts.Tasks.GroupBy(t => t.Node.Phase).OrderBy(g => g.Key)) Phase(html, facts, phase, selection, logs);
        html.End(2);
        if (selection.Note is { } note) html.Element("p", note, "class", "muted small");
        html.End();
    }

    private static void Head(HtmlWriter html)
    {
        html.Open("thead").Open("tr");
        foreach (var (title, kind) in s_columns) html.Element("th", title, "scope", "col", "class", kind);
        html.End(2);
    }

    private static void Phase(HtmlWriter html, RunFacts facts, IGrouping<int, TaskFacts> tasks, TaskSelection selection, LogAllowance logs)
    {
        var shown = tasks.Where(selection.Shows).ToList();
        if (shown.Count == 0) return;
        var phase = facts.Graph.Plan.Phases[tasks.Key];
        html.Open("tbody").Open("tr", "class", "phase").Open("th", "colspan", Columns, "scope", "rowgroup");
        html.Text(ReportText.Line(phase.Title ?? phase.Id)).Text(" ");
        HtmlIcons.State(html, facts.NodeStates[facts.Graph.PhaseEnd(tasks.Key).Index]);
        html.End(2);
        foreach (var task in shown) Task(html, facts, task, selection, logs);
        html.End();
    }

    private static void Task(HtmlWriter html, RunFacts facts, TaskFacts task, TaskSelection selection, LogAllowance logs)
    {
        Row(html, facts, task, task.IsFanOut ? "fan" : "", logs);
        if (task.Items is not { Count: > 0 } items) return;
        var shown = items.Where(selection.Shows).ToList();
        if (items.Count <= ReportBounds.OpenItems)
        {
            foreach (var item in shown) Row(html, facts, item, "item", logs);
            return;
        }

        html.Open("tr", "class", "more").Open("td").End().Open("td", "colspan", AfterFirst).Open("details");
        html.Element("summary", $"{ReportText.Count(items.Count, "item")}: {ItemCounts(items)}");
        html.Open("table", "class", "tasks");
        Head(html);
        html.Open("tbody");
        foreach (var item in shown) Row(html, facts, item, "", logs);
        html.End(2);
        if (shown.Count < items.Count) html.Element("p", $"{ReportText.Count(items.Count - shown.Count, "more item")} not listed.", "class", "muted small");
        html.End(3);
    }

    public static string ItemCounts(IReadOnlyList<TaskFacts> items) =>
        string.Join(", ", items.GroupBy(i => i.State).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{ReportText.Count(g.Count())} {g.Key}"));

    private static void Row(HtmlWriter html, RunFacts facts, TaskFacts task, string kind, LogAllowance logs)
    {
        html.Open("tr", "class", kind).Open("td");
        HtmlIcons.State(html, task.State);
        html.End().Open("th", "scope", "row").Element("code", ReportText.Line(task.Key));
        if (task.Title is { } title && !task.IsItem) html.Element("span", ReportText.Line(title), "class", "title");
        html.End().Element("td", ReportText.Line(task.Agent));
        var attempts = task.Items?.Sum(i => i.Attempts.Count) ?? task.Attempts.Count;
        Number(html, attempts == 0 ? null : ReportText.Count(attempts));
        Number(html, task.Start is { } start ? ReportText.Offset(start - facts.Times.Start) : null);
        Number(html, task.Start is null ? null : DurationText.Format(task.Work));
        Number(html, task.Wait is { } wait && !task.IsFanOut ? DurationText.Format(wait) : null);
        Number(html, task.CpuMs is { } cpu ? DurationText.Format(TimeSpan.FromMilliseconds(cpu)) : null);
        Number(html, task.PeakRss is { } memory ? ReportText.Bytes(memory) : null);
        html.Element("td", Outcome.TierName(task.Tier)).Open("td", "class", "wide");
        HtmlTaskDetail.Result(html, task);
        if (!task.IsTrouble && task.Last is { } last) HtmlTaskDetail.Log(html, logs.Take(last));
        html.End(2);
        if (task.IsTrouble && task.Attempts.Count > 0) HtmlTaskDetail.Attempts(html, facts, task, AfterFirst, logs);
    }

    private static void Number(HtmlWriter html, string? value) => html.Element("td", value ?? "–", "class", value is null ? "num muted" : "num");
}
