namespace Skep.Agents.Queries;

/// <summary>States of queries in words, the same wherever they are shown.</summary>
internal static class QueryStateWords
{
    /// <summary>It did not end, but its run did.</summary>
    public const string Abandoned = "abandoned";

    /// <summary>Nobody works on it; it goes on when its run is resumed.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>What the query's own log says.</summary>
    public static string Of(QueryStatus status) => status switch
    {
        QueryStatus.Init => "init",
        QueryStatus.Running => "running",
        QueryStatus.Paused => "paused",
        QueryStatus.Complete => "complete",
        QueryStatus.Terminated => "terminated",
        _ => "error",
    };

    /// <summary>The same with what that log cannot know.</summary>
    /// <param name="status">What the log says.</param>
    /// <param name="isLive">Whether somebody works on the run.</param>
    /// <param name="runHasEnded">Whether the run has ended; asked only where it matters.</param>
    public static string Of(QueryStatus status, bool isLive, Func<bool> runHasEnded)
    {
        if (status is not (QueryStatus.Init or QueryStatus.Running or QueryStatus.Paused) || isLive) return Of(status);
        if (runHasEnded()) return Abandoned;
        return status == QueryStatus.Paused ? Of(status) : Interrupted;
    }
}
