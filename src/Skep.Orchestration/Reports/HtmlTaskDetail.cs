using System.Globalization;
using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>What a task gave or why it did not, its attempts, its log.</summary>
internal static class HtmlTaskDetail
{
    public static void Result(HtmlWriter html, TaskFacts task)
    {
        if (task.Error is { } error) html.Element("p", ReportText.Line(error, ReportBounds.Cell), "class", task.Status.IsFailure() ? "error" : "muted");
        if (task.ProposedBy is { } by) html.Element("p", $"Proposed by the agent of {ReportText.Line(by)}.", "class", "muted");
        if (task.MayFail) html.Element("p", "The plan allows this to fail.", "class", "muted");
        if (task.Outputs.Count == 0) return;
        html.Open("p", "class", "outputs");
        foreach (var (name, value) in task.Outputs.OrderBy(o => o.Key, StringComparer.Ordinal).Take(ReportBounds.OutputsPerRow))
            html.Open("span").Element("b", ReportText.Line(name, ReportBounds.ShortValue)).Text(" " + ReportText.Line(value, ReportBounds.ShortValue)).End().Text(" ");
        if (task.Outputs.Count > ReportBounds.OutputsPerRow) html.Element("span", $"and {ReportText.Count(task.Outputs.Count - ReportBounds.OutputsPerRow)} more", "class", "muted");
        html.End();
    }

    public static void Log(HtmlWriter html, string log)
    {
        if (log.Length == 0) return;
        html.Open("details").Element("summary", "log").Element("pre", log, "class", "log", "tabindex", "0").End();
    }

    public static void Attempts(HtmlWriter html, RunFacts facts, TaskFacts task, string columns, LogAllowance logs)
    {
        html.Open("tr", "class", "more").Open("td").End().Open("td", "colspan", columns).Open("details");
        html.Element("summary", $"{ReportText.Count(task.Attempts.Count, "attempt")} of {ReportText.Line(task.Key)}");
        var hidden = task.Attempts.Count - ReportBounds.AttemptsPerTask;
        if (hidden > 0) html.Element("p", $"{ReportText.Count(hidden, "earlier attempt")} not listed.", "class", "muted small");
        html.Open("ol", "class", "attempts");
        foreach (var attempt in task.Attempts.TakeLast(ReportBounds.AttemptsPerTask))
        {
            html.Open("li", "value", attempt.Number.ToString(CultureInfo.InvariantCulture));
            HtmlIcons.State(html, attempt.State);
            html.Element("span", " " + Facts(facts, attempt), "class", "muted");
            if (attempt.Result?.Error is { } error) html.Element("p", ReportText.Line(error, ReportBounds.Paragraph), "class", "error");
            if (logs.Take(attempt) is { Length: > 0 } log) html.Element("pre", log, "class", "log", "tabindex", "0");
            html.End();
        }

        html.End(4);
    }

    public static string Facts(RunFacts facts, AttemptFacts attempt)
    {
        var parts = new List<string>();
        if (attempt.Start is { } start) parts.Add($"{ReportText.Offset(start - facts.Times.Start)}, {DurationText.Format(attempt.Work)}");
        if (attempt.Agent.Length > 0) parts.Add(ReportText.Line(attempt.Agent));
        if (attempt.Result?.ExitCode is { } code) parts.Add($"exit code {code}");
        if (attempt.Result?.LogFile is { } file) parts.Add(ReportText.Line(file));
        return string.Join(" · ", parts);
    }
}
