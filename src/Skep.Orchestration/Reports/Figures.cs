using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>A number that a report leads with.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">The number with its unit.</param>
/// <param name="Note">What it means or how it was got.</param>
internal sealed record Figure(string Label, string Value, string Note);

/// <summary>The numbers of a run, worded once for all renderings. Each says how it was got.</summary>
internal static class Figures
{
    public static IReadOnlyList<Figure> Of(RunFacts facts)
    {
        var figures = new List<Figure> { Wall(facts), Tasks(facts), Attempts(facts), Work(facts) };
        if (SpeedUp(facts) is { } speedUp) figures.Add(speedUp);
        if (Utilisation(facts) is { } utilisation) figures.Add(utilisation);
        if (Chain(facts) is { } chain) figures.Add(chain);
        if (facts.Gates.Count > 0) figures.Add(Gates(facts));
        if (facts.Comparison is { } comparison) figures.Add(Compared(comparison));
        if (facts.Hooks is { } hooks) figures.Add(new Figure("Hooks", ReportText.Count(hooks.Calls), hooks.Words));
        if (facts.Totals.Tokens > 0) figures.Add(new Figure("Tokens", ReportText.Number(facts.Totals.Tokens), "as reported by tasks"));
        if (facts.Totals.CostUsd > 0) figures.Add(new Figure("Cost", ReportText.Number(Math.Round(facts.Totals.CostUsd, 4)) + " USD", "as reported by tasks"));
        return figures;
    }

    private static Figure Wall(RunFacts facts)
    {
        var times = facts.Times;
        var note = times.End is null ? "so far" : "from start to end";
        if (times.Downtime > TimeSpan.Zero) note += $"; for {DurationText.Format(times.Downtime)} of it no process worked on the run";
        return new Figure("Wall time", DurationText.Format(times.Wall), note);
    }

    private static Figure Tasks(RunFacts facts)
    {
        var total = facts.Totals.TaskStates.Sum(c => c.Count);
        var done = facts.Totals.TaskStates.FirstOrDefault(c => c.State == "succeeded")?.Count ?? 0;
        var rest = string.Join(", ", facts.Totals.TaskStates.Where(c => c.State != "succeeded").Select(c => $"{ReportText.Count(c.Count)} {c.State}"));
        return new Figure("Tasks succeeded", $"{ReportText.Count(done)} of {ReportText.Count(total)}", rest.Length > 0 ? rest : total == 0 ? "the plan has no tasks" : "all of them");
    }

    private static Figure Attempts(RunFacts facts) => new(
        "Attempts", ReportText.Count(facts.Totals.Attempts),
        facts.Totals.Attempts == 0 ? "nothing was started" : $"{(facts.Totals.Retries == 1 ? "1 retry" : $"{ReportText.Count(facts.Totals.Retries)} retries")}, {ReportText.Count(facts.Totals.Losses)} lost");

    private static Figure Work(RunFacts facts) => new(
        "Work done", DurationText.Format(facts.Totals.Work),
        facts.Totals.LostWork > TimeSpan.Zero
            ? $"sum of all attempts; {DurationText.Format(facts.Totals.LostWork)} of it in lost ones"
            : "sum of all attempts");

    private static Figure? SpeedUp(RunFacts facts)
    {
        if (facts.Times.Active <= TimeSpan.Zero || facts.Totals.UsefulWork <= TimeSpan.Zero) return null;
        var lost = facts.Totals.LostWork > TimeSpan.Zero ? ", without lost attempts" : "";
        var down = facts.Times.Downtime > TimeSpan.Zero ? ", without downtime" : "";
        return new Figure("Speed-up", ReportText.Factor(facts.Totals.UsefulWork / facts.Times.Active), $"sum of task times{lost} / wall time{down}");
    }

    private static Figure? Utilisation(RunFacts facts)
    {
        if (facts.Times.Active <= TimeSpan.Zero || facts.Totals.UsefulWork <= TimeSpan.Zero) return null;
        var share = Math.Min(1, facts.Totals.UsefulWork / facts.Times.Active / facts.MaxConcurrency);
        return new Figure("Slots in use", ReportText.Percent(share), $"of max_concurrency {ReportText.Count(facts.MaxConcurrency)}, on average");
    }

    private static Figure? Chain(RunFacts facts)
    {
        var chain = facts.Path.LongestChain;
        if (chain <= TimeSpan.Zero) return null;
        var ratio = facts.Times.Active / chain;
        var note = "longest chain of measured task times" + (ratio >= 1 ? $"; the wall time is {ReportText.Factor(ratio)} that" : "");
        return new Figure("Critical path", DurationText.Format(chain), note);
    }

    private static Figure Gates(RunFacts facts)
    {
        var passed = facts.Totals.GateStates.FirstOrDefault(c => c.State == "succeeded")?.Count ?? 0;
        var rest = string.Join(", ", facts.Totals.GateStates.Where(c => c.State != "succeeded").Select(c => $"{ReportText.Count(c.Count)} {c.State}"));
        return new Figure("Gates passed", $"{ReportText.Count(passed)} of {ReportText.Count(facts.Gates.Count)}", rest.Length > 0 ? rest : "all of them");
    }

    private static Figure Compared(ComparisonFacts other)
    {
        var run = ReportText.Line(other.Run);
        var took = $"the same plan one task at a time took {DurationText.Format(other.Time)} (run {run})";
        if (other.Faster is not { } faster) return new Figure("Against one at a time", "–", $"not comparable with run {run}: {other.Caveat}");
        return new Figure("Against one at a time", ReportText.Factor(faster) + (faster >= 1 ? " faster" : " as fast"),
            $"measured: {took}{(other.Caveat is null ? "" : $"; {other.Caveat}")}");
    }
}
