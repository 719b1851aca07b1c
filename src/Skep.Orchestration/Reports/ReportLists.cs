using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>How a cell is set.</summary>
internal enum CellKind
{
    Text,
    Code,
    Number,
}

/// <summary>A plain list with columns.</summary>
internal sealed record ReportList(
    string Title, IReadOnlyList<(string Title, CellKind Kind)> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, int Hidden, string Empty);

/// <summary>Artifacts, metrics and outputs as lists, bounded and cleaned once for all renderings.</summary>
internal static class ReportLists
{
    private const int ShortHash = 12;

    public static IReadOnlyList<ReportList> Of(RunFacts facts) =>
        facts.Hooks is { } hooks ? [Artifacts(facts), Metrics(facts), Outputs(facts), Hooks(hooks), HooksOfTasks(hooks)] : [Artifacts(facts), Metrics(facts), Outputs(facts)];

    private static ReportList Hooks(HookFacts hooks) => Bounded(
        "Hooks", [("Event", CellKind.Text), ("Command", CellKind.Code), ("Calls", CellKind.Number), ("Failed", CellKind.Number), ("Blocked", CellKind.Number), ("Time", CellKind.Number), ("Last trouble", CellKind.Text)],
        hooks.Totals,
        h => [ReportText.Line(h.On), ReportText.Line(h.Command), ReportText.Count(h.Calls), ReportText.Count(h.Failures), ReportText.Count(h.Blocks), Time(h.ElapsedMs), ReportText.Line(h.Trouble, ReportBounds.Cell)],
        "No hook ran.");

    private static ReportList HooksOfTasks(HookFacts hooks) => Bounded(
        "Hooks around tasks", [("Task", CellKind.Code), ("Calls", CellKind.Number), ("Failed", CellKind.Number), ("Time", CellKind.Number), ("At work", CellKind.Number), ("Overhead", CellKind.Number), ("Trouble", CellKind.Text)],
        hooks.Tasks,
        t =>
        [
            ReportText.Line(t.Key), ReportText.Count(t.Calls), ReportText.Count(t.Failures), DurationText.Format(t.Time), DurationText.Format(t.Work),
            t.Work > TimeSpan.Zero ? ReportText.Percent(t.Time / t.Work) : "–", ReportText.Line(t.Trouble, ReportBounds.Cell),
        ],
        "No hook ran around a task.");

    private static string Time(long ms) => DurationText.Format(TimeSpan.FromMilliseconds(ms));

    private static ReportList Artifacts(RunFacts facts)
    {
        var all = facts.WorkTasks.Where(t => t.Status == TaskStatus.Succeeded)
            .SelectMany(t => (t.Last?.Result?.Artifacts ?? []).Select(a => (t.Key, Artifact: a))).ToList();
        return Bounded(
            "Artifacts", [("Name", CellKind.Code), ("Task", CellKind.Code), ("Size", CellKind.Number), ("SHA-256", CellKind.Code)], all,
            p => [ReportText.Line(p.Artifact.Name), ReportText.Line(p.Key), ReportText.Bytes(p.Artifact.Bytes), Hash(p.Artifact.Sha256)],
            "No task left a file behind.");
    }

    private static ReportList Metrics(RunFacts facts) => Bounded(
        "Metrics", [("Name", CellKind.Code), ("Value", CellKind.Number), ("Task", CellKind.Code), ("Reported", CellKind.Number)], facts.Metrics,
        m => [ReportText.Line(m.Name), ReportText.Number(m.Value), ReportText.Line(m.Task), ReportText.Offset(m.At - facts.Times.Start)],
        "No metric was reported.");

    private static ReportList Outputs(RunFacts facts)
    {
        var all = facts.WorkTasks.SelectMany(t => t.Outputs.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => (t.Key, o.Key, o.Value))).ToList();
        return Bounded(
            "Outputs", [("Task", CellKind.Code), ("Name", CellKind.Code), ("Value", CellKind.Text)], all,
            p => [ReportText.Line(p.Item1), ReportText.Line(p.Item2), ReportText.Line(p.Value, ReportBounds.Cell)],
            "No task gave an output.");
    }

    /// <summary>A hash as far as people compare it.</summary>
    public static string Hash(string hash) => ReportText.Line(hash.Length > ShortHash ? hash[..ShortHash] : hash);

    private static ReportList Bounded<T>(
        string title, IReadOnlyList<(string, CellKind)> columns, IReadOnlyList<T> all, Func<T, IReadOnlyList<string>> row, string empty) =>
        new(title, columns, [.. all.Take(ReportBounds.ListRows).Select(row)], Math.Max(0, all.Count - ReportBounds.ListRows), empty);
}
