namespace Skep.Orchestration.Processes;

/// <summary>What to start. Nothing of the host's environment is added.</summary>
/// <param name="Argv">Program and arguments; the program is looked up in the PATH of <paramref name="Environment"/>.</param>
/// <param name="Environment">The whole environment.</param>
/// <param name="WorkingDirectory">Absolute path.</param>
internal sealed record ProcessStart(IReadOnlyList<string> Argv, IReadOnlyDictionary<string, string> Environment, string WorkingDirectory)
{
    /// <summary>Absolute path of the file that becomes its standard input; null: an empty one.</summary>
    public string? InputFile { get; init; }

    /// <summary>Whether what it writes to stderr comes apart from its output (<see cref="ChildProcess.Errors"/>).</summary>
    public bool SplitErrors { get; init; }
}

/// <summary>A process could not be started; the message says why and what to do.</summary>
internal sealed class ProcessStartException(string message, bool retryable = false) : Exception(message)
{
    /// <summary>Whether another attempt may help: the machine was short of something.</summary>
    public bool Retryable { get; } = retryable;
}
