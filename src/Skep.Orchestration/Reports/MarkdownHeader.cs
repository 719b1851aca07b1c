namespace Skep.Orchestration;

/// <summary>What it was, how it ended, and why when it did not end well.</summary>
internal static class MarkdownHeader
{
    public static void Write(MarkdownWriter text, RunFacts facts)
    {
        text.Heading(1, ReportText.Line(facts.Graph.Plan.Name));
        if (facts.Graph.Plan.Goal is { } goal) text.Paragraph(MarkdownText.Escape(ReportText.Line(goal, ReportBounds.Paragraph)));
        text.Paragraph($"{MarkdownTasks.Symbol(Outcome.Look(facts.Status))} **{Outcome.Words(facts)}**");
        text.Table(["", ""], Outcome.Particulars(facts).Select(p => (IReadOnlyList<string>)[p.Label, MarkdownText.Escape(p.Value)]));
        Failure(text, facts);
        if (facts.Planned.Reason is { } planned) text.Paragraph($"**Incomplete:** {MarkdownText.Escape(planned)}.");
        Bullets(text, "Degraded: work was given up to stay within budget", Outcome.Drops(facts));
        Bullets(text, Outcome.WaivedTitle, Outcome.Waivers(facts));
    }

    private static void Bullets(MarkdownWriter text, string title, IEnumerable<string> lines)
    {
        List<string> all = [.. lines.Select(MarkdownText.Escape)];
        if (all.Count == 0) return;
        text.Heading(2, title);
        text.Bullets(all);
    }

    private static void Failure(MarkdownWriter text, RunFacts facts)
    {
        var reason = facts.Status == RunStatus.Succeeded ? null : facts.Reason;
        if (facts.Failure is null && reason is null) return;
        text.Heading(2, Outcome.FailureTitle(facts));
        if (reason is not null) text.Paragraph(MarkdownText.Escape(ReportText.Line(reason, ReportBounds.Paragraph)));
        if (facts.Failure is { } failure) First(text, facts, failure);
    }

    private static void First(MarkdownWriter text, RunFacts facts, FailureFacts failure)
    {
        var task = failure.Task;
        text.Paragraph($"{MarkdownText.Code(ReportText.Line(task.Key))} {MarkdownTasks.State(task.State)} {MarkdownText.Escape(Outcome.FailureDetail(facts, failure))}");
        if (task.Error is { } error) text.Paragraph($"**{MarkdownText.Escape(ReportText.Line(error, ReportBounds.Paragraph))}**");
        if (task.Last?.Result?.Evidence is { } evidence) text.Paragraph("Evidence: " + MarkdownText.Escape(ReportText.Line(evidence, ReportBounds.Paragraph)));
        if (ReportText.Tail(failure.Attempt?.Result?.LogTail) is { Length: > 0 } log) text.Code(log);
        if (failure.Attempt?.Result?.LogFile is { } file) text.Paragraph($"Full log: {MarkdownText.Code(ReportText.Line(file))}");
        if (failure.Others > 0) text.Paragraph($"{ReportText.Count(failure.Others)} more failed, see the tasks below.");
    }
}
