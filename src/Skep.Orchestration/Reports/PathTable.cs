using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>The critical path as rows: the longest steps in the order of time, what is left over, and a sentence about it all.</summary>
/// <param name="Steps">The steps shown.</param>
/// <param name="OtherSteps">How many shorter steps are not.</param>
/// <param name="OtherTime">Their time together.</param>
/// <param name="Outside">Wall time that no step accounts for.</param>
/// <param name="Wall">The whole.</param>
internal sealed record PathTable(IReadOnlyList<PathStep> Steps, int OtherSteps, TimeSpan OtherTime, TimeSpan Outside, TimeSpan Wall)
{
    public static PathTable Of(RunFacts facts)
    {
        var all = facts.Path.Steps;
        var shown = all.Index().OrderByDescending(s => s.Item.Total).ThenBy(s => s.Index).Take(ReportBounds.PathSteps)
            .OrderBy(s => s.Index).Select(s => s.Item).ToList();
        var (total, visible) = (Sum(all, s => s.Total), Sum(shown, s => s.Total));
        var outside = facts.Times.Wall - total;
        return new PathTable(shown, all.Count - shown.Count, total - visible, outside > TimeSpan.Zero ? outside : TimeSpan.Zero, facts.Times.Wall);
    }

    public bool HasLost => Steps.Any(s => s.Lost > TimeSpan.Zero);

    public bool HasHooks => Steps.Any(s => s.Hooks > TimeSpan.Zero);

    public bool HasHeld => Steps.Any(s => s.Held > TimeSpan.Zero);

    public double Share(TimeSpan part) => Wall <= TimeSpan.Zero ? 0 : part / Wall;

    /// <summary>The whole path in a sentence.</summary>
    public static string Summary(RunFacts facts)
    {
        var steps = facts.Path.Steps;
        var wall = facts.Times.Wall;
        string Part(string what, Func<PathStep, TimeSpan> of)
        {
            var time = Sum(steps, of);
            return time == TimeSpan.Zero ? "" : $"{DurationText.Format(time)} {what} ({ReportText.Percent(wall == TimeSpan.Zero ? 0 : time / wall)})";
        }

        string[] parts =
        [
            Part("at work", s => s.Work), Part("waiting for an agent", s => s.Wait), Part("between attempts", s => s.RetryWait),
            Part("in lost attempts", s => s.Lost), Part("suspended", s => s.Held), Part("in hooks", s => s.Hooks),
        ];
        var what = string.Join(", ", parts.Where(p => p.Length > 0));
        return $"{ReportText.Count(steps.Count, "step")} led one after the other to {(facts.Times.End is null ? "where the run stands" : "the end of the run")}"
            + (what.Length == 0 ? "." : $": {what}.");
    }

    private static TimeSpan Sum(IEnumerable<PathStep> steps, Func<PathStep, TimeSpan> of) => steps.Aggregate(TimeSpan.Zero, (sum, s) => sum + of(s));
}
