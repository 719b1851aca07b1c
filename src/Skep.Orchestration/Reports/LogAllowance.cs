namespace Skep.Orchestration;

/// <summary>How much log one page may still show. Attempts that went wrong have an allowance of their own.</summary>
internal sealed class LogAllowance
{
    private const int GoodTail = 1_000;

    private int _bad = ReportBounds.BadLogs;
    private int _good = ReportBounds.GoodLogs;

    /// <summary>The tail of an attempt's log as far as it is allowed; empty when there is none.</summary>
    public string Take(AttemptFacts attempt)
    {
        if (attempt.Result is not { LogTail.Length: > 0 } result) return "";
        var bad = result.Outcome != AttemptOutcome.Succeeded;
        var tail = ReportText.Tail(result.LogTail, bad ? Math.Min(ReportBounds.Log, _bad) : Math.Min(GoodTail, _good));
        if (bad) _bad -= tail.Length;
        else _good -= tail.Length;
        return tail;
    }
}
