using Skep.Agents.Queries;

namespace Skep.Cli.Commands.Queries;

/// <summary>Finds a query by what was written on the command line: its id, or <c>RUN/TASK</c> for the newest attempt of a task.</summary>
internal static class QueryLookup
{
    /// <exception cref="CliException">There is none.</exception>
    public static string Find(OpenRuns runs, string word)
    {
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == word.Length - 1) throw new CliException(ExitCodes.Usage, $"'{word}' names no query: write RUN/TASK, or RUN/TASK/ATTEMPT; 'skep query list' shows them");
        var run = runs.Find(word[..slash]);
        var rest = word[(slash + 1)..];
        if (AttemptName.Parse($"{run}/{rest}") is { } exact && Has(runs, exact)) return $"{run}/{rest}";
        var node = runs.Load(run).Find(rest) ?? throw new CliException(ExitCodes.NotFound, $"run {run} has no task '{rest}'; 'skep show {run}' lists its tasks");
        if (node.Attempts.Count == 0) throw new CliException(ExitCodes.Refused, $"task '{rest}' of run {run} has not begun");
        return $"{run}/{rest}/{node.Attempts[^1].Number}";
    }

    private static bool Has(OpenRuns runs, AttemptName name) => runs.Load(name.Run).Find(name.Task)?.Attempts.Any(a => a.Number == name.Attempt) == true;
}
