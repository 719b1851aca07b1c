namespace Skep.Orchestration.Processes;

/// <summary>How a process ended and what it had used.</summary>
/// <param name="Code">Exit code, when it ended by itself.</param>
/// <param name="Signal">The signal that killed it, or 0.</param>
/// <param name="Cpu">CPU time of the process and of all descendants that were waited for.</param>
/// <param name="PeakRssBytes">Largest resident size of one process among them, or null when it is not known.</param>
internal sealed record ProcessExit(int? Code, int Signal, TimeSpan? Cpu, long? PeakRssBytes)
{
    /// <summary>Someone else in this program collected the exit status (a <c>waitpid(-1)</c>), so it is lost.</summary>
    public static ProcessExit Stolen { get; } = new(null, 0, null, null);

    /// <summary>What happened, for people.</summary>
    public override string ToString() => Code is { } code ? $"exited with code {code}"
        : Signal != 0 ? $"killed by signal {Signals.Name(Signal)}"
        : "ended, but its exit status was taken by another part of this program that waits for any child";
}
