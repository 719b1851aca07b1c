namespace Skep.Agents.Queries;

/// <summary>What a query asks of the queen of its run.</summary>
internal interface IQueryHost
{
    /// <summary>Holds its task, or lets it go on: lease and time limit stand still meanwhile.</summary>
    /// <returns>Null, or why not.</returns>
    Task<string?> HoldAsync(string run, string task, bool held, string by, CancellationToken cancel);

    /// <summary>Ends its task.</summary>
    /// <returns>Null, or why not.</returns>
    Task<string?> CancelAsync(string run, string task, string by, CancellationToken cancel);
}
