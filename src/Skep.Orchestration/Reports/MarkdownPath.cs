using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>Where the time went.</summary>
internal static class MarkdownPath
{
    public static void Write(MarkdownWriter text, RunFacts facts)
    {
        text.Heading(2, "Where the time went");
        if (facts.Path.Steps.Count == 0) text.Paragraph("Nothing was worked on, so there is no path to show.");
        else Path(text, facts, PathTable.Of(facts));
        Ranking(text, "Longest tasks", "At work", Longest.Tasks(facts), t => t.Work);
        Ranking(text, "Longest waits for an agent", "Waited", Longest.Waits(facts), t => t.Wait!.Value);
    }

    private static void Path(MarkdownWriter text, RunFacts facts, PathTable table)
    {
        text.Paragraph(PathTable.Summary(facts));
        List<string> columns = ["Step", ">Ready", ">Waiting for an agent", ">Working", ">Between attempts"];
        if (table.HasLost) columns.Add(">Lost");
        if (table.HasHeld) columns.Add(">Suspended");
        if (table.HasHooks) columns.Add(">Hooks");
        columns.AddRange([">Total", ">Share of wall time"]);
        List<IReadOnlyList<string>> rows = [.. table.Steps.Select(s => Row(facts, table, s))];
        if (table.OtherSteps > 0) rows.Add(Rest(table, columns.Count, ReportText.Count(table.OtherSteps, "shorter step"), table.OtherTime));
        if (table.Outside > TimeSpan.Zero) rows.Add(Rest(table, columns.Count, "Outside these steps", table.Outside));
        text.Table(columns, rows);
    }

    private static List<string> Row(RunFacts facts, PathTable table, PathStep step)
    {
        List<string> row =
        [
            MarkdownText.Code(ReportText.Line(step.Key)), ReportText.Offset(step.Ready - facts.Times.Start), Time(step.Wait), Time(step.Work), Time(step.RetryWait),
        ];
        if (table.HasLost) row.Add(Time(step.Lost));
        if (table.HasHeld) row.Add(Time(step.Held));
        if (table.HasHooks) row.Add(Time(step.Hooks));
        row.AddRange([Time(step.Total), ReportText.Percent(table.Share(step.Total))]);
        return row;
    }

    private static IReadOnlyList<string> Rest(PathTable table, int columns, string label, TimeSpan time) =>
        [label, .. Enumerable.Repeat("", columns - 3), Time(time), ReportText.Percent(table.Share(time))];

    private static string Time(TimeSpan time) => time == TimeSpan.Zero ? "–" : MarkdownText.Escape(DurationText.Format(time));

    private static void Ranking(MarkdownWriter text, string title, string column, IReadOnlyList<TaskFacts> tasks, Func<TaskFacts, TimeSpan> time)
    {
        if (tasks.Count == 0) return;
        text.Heading(3, title);
        text.Table(["Task", ">" + column], tasks.Select(t => (IReadOnlyList<string>)[MarkdownText.Code(ReportText.Line(t.Key)), Time(time(t))]));
    }
}
