using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>The table of tasks per phase, and the logs of attempts that went wrong.</summary>
internal static class MarkdownTasks
{
    public static void Write(MarkdownWriter text, RunFacts facts)
    {
        text.Heading(2, "Tasks");
        if (facts.Tasks.Count == 0)
        {
            text.Paragraph("The plan has no tasks.");
            return;
        }

        var selection = TaskSelection.Of(facts, ReportBounds.MarkdownTaskRows);
        foreach (var phase in facts.Tasks.GroupBy(t => t.Node.Phase).OrderBy(g => g.Key)) Phase(text, facts, phase, selection);
        if (selection.Note is { } note) text.Paragraph(MarkdownText.Escape(note));
        Trouble(text, facts);
    }

    /// <summary>Attempts that did not succeed, also of tasks that did in the end.</summary>
    private static void Trouble(MarkdownWriter text, RunFacts facts)
    {
        var bad = facts.Work.SelectMany(t => t.Attempts.Where(a => a.Result is { } r && r.Outcome != AttemptOutcome.Succeeded).Select(a => (Task: t, Attempt: a)))
            .OrderBy(p => p.Attempt.Start).ThenBy(p => p.Task.Key, StringComparer.Ordinal).ToList();
        if (bad.Count == 0) return;
        text.Heading(3, "Attempts that went wrong");
        text.Bullets(bad.Take(ReportBounds.MarkdownTaskRows).Select(p =>
            $"{MarkdownText.Code(ReportText.Line(p.Task.Key))} attempt {p.Attempt.Number} {State(p.Attempt.State)} ({MarkdownText.Escape(HtmlTaskDetail.Facts(facts, p.Attempt))})"
            + (p.Attempt.Result!.Error is { } error ? ": " + MarkdownText.Escape(ReportText.Line(error, ReportBounds.Cell)) : "")));
        if (bad.Count > ReportBounds.MarkdownTaskRows) text.Paragraph($"{ReportText.Count(bad.Count - ReportBounds.MarkdownTaskRows)} more not listed.");
    }

    public static string Symbol(string state) => state switch
    {
        "succeeded" => "✅",
        "failed" => "❌",
        "timed-out" => "⏰",
        "cancelled" => "🚫",
        "waived" => "⚠️",
        "skipped" => "⏭️",
        Statuses.Planned => "📝",
        "running" => "▶️",
        "paused" => "⏸️",
        AttemptFacts.Lost => "❓",
        _ => "⏳",
    };

    public static string State(string state) => $"{Symbol(state)} {state}";

    private static void Phase(MarkdownWriter text, RunFacts facts, IGrouping<int, TaskFacts> tasks, TaskSelection selection)
    {
        var shown = tasks.Where(selection.Shows).ToList();
        if (shown.Count == 0) return;
        var phase = facts.Graph.Plan.Phases[tasks.Key];
        text.Heading(3, $"{ReportText.Line(phase.Title ?? phase.Id)}: {facts.NodeStates[facts.Graph.PhaseEnd(tasks.Key).Index]}");
        string[] columns = ["State", "Task", "Agent", ">Attempts", ">Start", ">At work", ">Wait", ">CPU", ">Memory", "Tier", "Outputs and errors"];
        text.Table(columns, shown.Where(t => !Folds(t)).SelectMany(t => Rows(facts, t, selection)));
        foreach (var fanOut in shown.Where(Folds)) FanOut(text, facts, fanOut, selection, columns);
    }

    private static bool Folds(TaskFacts task) => task.Items is { Count: > ReportBounds.OpenItems };

    /// <summary>A blank line after the summary lets GitHub read the table within.</summary>
    private static void FanOut(MarkdownWriter text, RunFacts facts, TaskFacts task, TaskSelection selection, IReadOnlyList<string> columns)
    {
        text.Table(columns, [Row(facts, task)]);
        text.Paragraph($"<details><summary>{ReportText.Count(task.Items!.Count, "item")}: {HtmlTasks.ItemCounts(task.Items)}</summary>");
        text.Table(columns, task.Items.Where(selection.Shows).Select(i => Row(facts, i)));
        text.Paragraph("</details>");
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(RunFacts facts, TaskFacts task, TaskSelection selection) =>
        [Row(facts, task), .. (task.Items ?? []).Where(selection.Shows).Select(i => Row(facts, i))];

    private static IReadOnlyList<string> Row(RunFacts facts, TaskFacts task)
    {
        var attempts = task.Items?.Sum(i => i.Attempts.Count) ?? task.Attempts.Count;
        return
        [
            State(task.State), MarkdownText.Code(ReportText.Line(task.Key)), MarkdownText.Escape(ReportText.Line(task.Agent)),
            attempts == 0 ? "–" : ReportText.Count(attempts),
            task.Start is { } start ? ReportText.Offset(start - facts.Times.Start) : "–",
            task.Start is null ? "–" : Time(task.Work), task.Wait is { } wait && !task.IsFanOut ? Time(wait) : "–",
            task.CpuMs is { } cpu ? Time(TimeSpan.FromMilliseconds(cpu)) : "–", task.PeakRss is { } memory ? ReportText.Bytes(memory) : "–",
            Outcome.TierName(task.Tier), Result(task),
        ];
    }

    private static string Time(TimeSpan time) => MarkdownText.Escape(DurationText.Format(time));

    private static string Result(TaskFacts task)
    {
        var parts = new List<string>();
        if (task.Error is { } error) parts.Add(MarkdownText.Escape(ReportText.Line(error, ReportBounds.Cell)));
        if (task.MayFail) parts.Add("the plan allows this to fail");
        foreach (var (name, value) in task.Outputs.OrderBy(o => o.Key, StringComparer.Ordinal).Take(ReportBounds.OutputsPerRow))
            parts.Add($"{MarkdownText.Code(ReportText.Line(name, ReportBounds.ShortValue))} = {MarkdownText.Escape(ReportText.Line(value, ReportBounds.ShortValue))}");
        if (task.Outputs.Count > ReportBounds.OutputsPerRow) parts.Add($"and {ReportText.Count(task.Outputs.Count - ReportBounds.OutputsPerRow)} more");
        return string.Join("; ", parts);
    }
}
