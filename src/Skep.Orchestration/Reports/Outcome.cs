using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>The outcome of a run in words, for all renderings.</summary>
internal static class Outcome
{
    /// <summary>The task state whose colour and symbol stand for the run's state.</summary>
    public static string Look(RunStatus status) => status switch
    {
        RunStatus.New => "pending",
        RunStatus.Cancelling => "cancelled",
        _ => status.Name(),
    };

    public static string Words(RunFacts facts) => facts.Status switch
    {
        RunStatus.New => "Not started",
        RunStatus.Succeeded when facts.Dropped.Count > 0 => "Succeeded, degraded" + WithWaivers(facts),
        RunStatus.Succeeded when facts.Planned.Any => "Succeeded, incomplete" + WithWaivers(facts),
        RunStatus.Succeeded => "Succeeded" + WithWaivers(facts),
        _ => ReportText.Capital(facts.Status.Name()),
    };

    private static string WithWaivers(RunFacts facts) =>
        facts.Gates.Count(g => g.Waiver is not null) is var waived and > 0 ? $", {ReportText.Count(waived, "gate")} waived" : "";

    /// <summary>The lines under the title.</summary>
    public static IEnumerable<(string Label, string Value)> Particulars(RunFacts facts)
    {
        if (facts.Info is not { } info)
        {
            yield return ("Run", "has not begun");
            yield break;
        }

        yield return ("Run", ReportText.Line(info.Run));
        yield return ("Started", ReportText.Time(facts.Times.Start));
        yield return facts.Times.End is { } end ? ("Ended", ReportText.Time(end)) : ("Read", ReportText.Time(facts.Times.Until));
        yield return ("Wall time", DurationText.Format(facts.Times.Wall) + (facts.Times.End is null ? " so far" : ""));
        if (facts.Recoveries > 0) yield return ("Resumed", facts.Recoveries == 1 ? "once" : $"{ReportText.Count(facts.Recoveries)} times");
        yield return ("At most at once", ReportText.Count(facts.MaxConcurrency));
        if (facts.Graph.Plan.Version is { } version) yield return ("Plan version", ReportText.Line(version));
        if (info.PlanFile is { } file) yield return ("Plan file", ReportText.Line(file));
    }

    public static string FailureTitle(RunFacts facts) => facts.Status switch
    {
        RunStatus.Failed => "Why it failed",
        RunStatus.Cancelled or RunStatus.Cancelling => "Why it was cancelled",
        _ when facts.Failure is not null => "What has failed so far",
        _ => "Why it stands as it does",
    };

    /// <summary>The rest of the sentence that begins with the task and its state.</summary>
    public static string FailureDetail(RunFacts facts, FailureFacts failure)
    {
        var parts = new List<string>();
        if (failure.At is { } at) parts.Add($"at {ReportText.Offset(at - facts.Times.Start)}");
        if (failure.Attempt is null) parts.Add("without an attempt");
        else if (failure.Task.Attempts.Count > 1) parts.Add($"after {ReportText.Count(failure.Task.Attempts.Count)} attempts");
        if (failure.Attempt?.Result?.ExitCode is { } code) parts.Add($"with exit code {code}");
        return string.Join(", ", parts) + ": the first that went wrong.";
    }

    /// <summary>One line per tier that was dropped.</summary>
    public static IEnumerable<string> Drops(RunFacts facts)
    {
        foreach (var drop in facts.Dropped.Take(ReportBounds.Drops))
        {
            var named = string.Join(", ", drop.Tasks.Take(ReportBounds.OutputsPerRow * 2).Select(k => ReportText.Line(k)));
            var more = drop.Tasks.Count > ReportBounds.OutputsPerRow * 2 ? ", …" : "";
            yield return $"Tier {TierName(drop.Tier)}: {ReportText.Count(drop.Tasks.Count, "task")} dropped ({named}{more}). {ReportText.Line(drop.Reason, ReportBounds.Cell)}";
        }

        if (facts.Dropped.Count > ReportBounds.Drops) yield return $"{ReportText.Count(facts.Dropped.Count - ReportBounds.Drops)} more.";
    }

    public const string WaivedTitle = "Gates that did not pass and were waived";

    /// <summary>One line per gate that was waived.</summary>
    public static IEnumerable<string> Waivers(RunFacts facts)
    {
        var waived = facts.Gates.Where(g => g.Waiver is not null).ToList();
        foreach (var gate in waived.Take(ReportBounds.Drops))
            yield return $"{ReportText.Line(gate.Node.Id)}: {ReportText.Line(gate.Waiver!.ToString(), GateBounds.MaxText + ReportBounds.Cell)}. It had failed: {ReportText.Line(gate.Error, ReportBounds.Cell)}";
        if (waived.Count > ReportBounds.Drops) yield return $"{ReportText.Count(waived.Count - ReportBounds.Drops)} more.";
    }

    public static string TierName(Plans.Tier tier) => tier switch
    {
        Plans.Tier.Critical => "critical",
        Plans.Tier.Important => "important",
        Plans.Tier.Nice => "nice",
        _ => "experimental",
    };
}
