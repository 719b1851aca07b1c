using Skep.Orchestration.Output;

namespace Skep.Orchestration;

/// <summary>Where the full log of an attempt stands, for whoever wants to read it while the attempt runs.</summary>
public static class AttemptLogPath
{
    /// <summary>Path relative to the run's folder. The file is there once the attempt has written something.</summary>
    /// <param name="task">Node key.</param>
    /// <param name="attempt">Number of the attempt.</param>
    public static string Of(string task, int attempt) => Path.Combine(RunPaths.Logs, $"{SafeFileName.Of(task)}.{attempt}.log");
}
