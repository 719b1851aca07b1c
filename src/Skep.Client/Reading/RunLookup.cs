namespace Skep.Client.Reading;

/// <summary>Finds the run that a word on the command line means.</summary>
internal static class RunLookup
{
    /// <summary>The newest run, whatever its state.</summary>
    public const string Last = "last";

    /// <summary>Most runs that are named in a message.</summary>
    public const int MaxNamed = 5;

    /// <summary>The id: given in full, as a unique beginning, or as <c>last</c>.</summary>
    /// <exception cref="CliException">No run, or several, are meant.</exception>
    public static string Find(IEventLog store, string word)
    {
        if (word == Last)
            return store.List(1) is [var newest] ? newest.Stream : throw new CliException(ExitCodes.RunNotFound, "there is no run in this folder yet; 'skep run' starts one");
        if (word.Length is > 0 and <= StorageLimits.MaxStreamIdLength && store.Find(word) is not null) return word;
        var matches = store.List().Select(s => s.Stream).Where(s => s.StartsWith(word, StringComparison.Ordinal)).ToList();
        return matches switch
        {
            [var only] when word.Length > 0 => only,
            [] => throw new CliException(ExitCodes.RunNotFound, $"there is no run '{word}'; 'skep runs' lists them"),
            _ => throw new CliException(ExitCodes.RunNotFound, $"'{word}' may mean {matches.Count} runs: {string.Join(", ", matches.Take(MaxNamed))}{(matches.Count > MaxNamed ? ", …" : "")}; write more of it"),
        };
    }

    /// <summary>The newest run that has not ended.</summary>
    /// <exception cref="CliException">All have ended.</exception>
    public static string LatestOpen(IEventLog store) =>
        RunReader.List(store).FirstOrDefault(s => !s.Status.IsEnded())?.Run
        ?? throw new CliException(ExitCodes.RunNotFound, "there is nothing to resume: every run in this folder has ended; 'skep retry RUN' runs again what failed");
}
