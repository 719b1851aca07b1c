using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>Assembles the Markdown report, section by section.</summary>
internal static class MarkdownReport
{
    public static string Write(RunFacts facts)
    {
        var text = new MarkdownWriter();
        MarkdownHeader.Write(text, facts);
        Numbers(text, facts);
        MarkdownPath.Write(text, facts);
        Pictures(text, facts);
        MarkdownTasks.Write(text, facts);
        Gates(text, facts);
        foreach (var list in ReportLists.Of(facts)) List(text, list);
        Footer(text, facts);
        return text.ToString();
    }

    private static void Numbers(MarkdownWriter text, RunFacts facts)
    {
        text.Heading(2, "Numbers");
        text.Table(["What", ">Value", "How it was got"], Figures.Of(facts).Select(f => (IReadOnlyList<string>)
            [MarkdownText.Escape(f.Label), MarkdownText.Escape(f.Value), MarkdownText.Escape(f.Note)]));
    }

    private static void Pictures(MarkdownWriter text, RunFacts facts)
    {
        text.Heading(2, "Timeline");
        var timeline = Timeline.Of(facts);
        if (timeline.Bars.Count == 0) text.Paragraph("No attempt has begun.");
        else text.Code(GanttText.Draw(timeline.Bars, new GanttTextOptions { Width = 96 }));
        if (timeline.Hidden > 0) text.Paragraph($"{ReportText.Count(timeline.Hidden)} more items of large fan-outs are not drawn one by one.");
        if (facts.Graph.Nodes.Count is 0 or > ReportBounds.MermaidNodes) return;
        text.Heading(2, "Graph");
        text.Code(MermaidWriter.Write(facts.Graph, facts.Path.Steps.Select(s => s.Node).Distinct()), "mermaid");
    }

    private static void Gates(MarkdownWriter text, RunFacts facts)
    {
        text.Heading(2, "Gates");
        if (facts.Gates.Count == 0)
        {
            text.Paragraph("The plan has no gates: nothing but the tasks' own word says that the work is right.");
            return;
        }

        text.Table(["State", "Gate", "Phase", "Check", ">Took", "Evidence"], facts.Gates.Take(ReportBounds.ListRows).Select(g => (IReadOnlyList<string>)
        [
            MarkdownTasks.State(g.State), MarkdownText.Code(ReportText.Line(g.Node.Id)),
            MarkdownText.Escape(ReportText.Line(facts.Graph.Plan.Phases[g.Node.Phase].Id)), MarkdownText.Code(HtmlGates.Check(g)),
            g.Start is null ? "–" : DurationText.Format(g.Work), MarkdownText.Escape(Evidence(g)),
        ]));
        if (facts.Gates.Count > ReportBounds.ListRows) text.Paragraph($"{ReportText.Count(facts.Gates.Count - ReportBounds.ListRows, "more gate")} not listed.");
    }

    private static string Evidence(TaskFacts gate) =>
        string.Join(". ", new[] { HtmlGates.Waiver(gate), HtmlGates.Evidence(gate), ReportText.Line(gate.Error, ReportBounds.Cell) }.Concat(HtmlGates.Votes(gate)).Where(s => s.Length > 0));

    private static void List(MarkdownWriter text, ReportList list)
    {
        text.Heading(2, list.Title);
        if (list.Rows.Count == 0)
        {
            text.Paragraph(list.Empty);
            return;
        }

        text.Table([.. list.Columns.Select(c => (c.Kind == CellKind.Number ? ">" : "") + c.Title)],
            list.Rows.Select(r => (IReadOnlyList<string>)[.. r.Select((c, i) => list.Columns[i].Kind == CellKind.Code ? MarkdownText.Code(c) : MarkdownText.Escape(c))]));
        if (list.Hidden > 0) text.Paragraph($"{ReportText.Count(list.Hidden)} more not listed.");
    }

    private static void Footer(MarkdownWriter text, RunFacts facts)
    {
        text.Paragraph("---");
        if (NextStep.Of(facts) is { } next) text.Paragraph($"{next.Why} {MarkdownText.Code(next.Command)}");
        text.Paragraph(MarkdownText.Escape(NextStep.Imprint(facts)));
    }
}
