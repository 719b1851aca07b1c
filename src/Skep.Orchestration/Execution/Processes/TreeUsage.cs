namespace Skep.Orchestration.Processes;

/// <summary>What a process tree used at one moment.</summary>
/// <param name="RssBytes">Resident memory, summed over the processes. Pages that they share count once for each.</param>
/// <param name="Cpu">CPU time of the living processes and of those they waited for.</param>
internal readonly record struct TreeUsage(long RssBytes, TimeSpan Cpu);
