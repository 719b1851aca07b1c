namespace Skep.Orchestration;

/// <summary>What a reader may want to do now.</summary>
/// <param name="Why">What the command is for.</param>
/// <param name="Command">The command.</param>
internal sealed record NextStep(string Why, string Command)
{
    public static NextStep? Of(RunFacts facts)
    {
        if (facts.Info is not { } info) return null;
        var run = ReportText.Line(info.Run);
        return facts.Status switch
        {
            RunStatus.Failed or RunStatus.Cancelled => new NextStep("Run again what did not succeed, and what hangs on it:", $"skep retry {run}"),
            RunStatus.Paused => new NextStep("The run is paused. Let it go on:", $"skep resume {run}"),
            RunStatus.Running or RunStatus.Cancelling => new NextStep("If no process works on the run any more, take it up where it stopped:", $"skep resume {run}"),
            _ => null,
        };
    }

    public static string Imprint(RunFacts facts)
    {
        var plan = $"Plan {ReportText.Line(facts.Graph.Plan.Name)}";
        return facts.Info is not { } info
            ? plan + ". All times are UTC."
            : $"{plan}, SHA-256 {ReportLists.Hash(info.PlanHash)}. Run by Skep {ReportText.Line(info.Writer)}. All times are UTC.";
    }
}
