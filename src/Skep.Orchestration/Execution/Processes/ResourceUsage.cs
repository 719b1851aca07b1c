namespace Skep.Orchestration.Processes;

/// <summary>Reads <c>struct rusage</c>, whose first five words are all that is needed: user time, system time, peak resident size.</summary>
internal static unsafe class ResourceUsage
{
    /// <summary>Words reserved for the structure, which takes 18.</summary>
    public const int Words = 64;

    private const int Self = 0;

    /// <summary>Largest resident size that this process has had, in bytes.</summary>
    public static long OwnPeakRss()
    {
        var usage = stackalloc long[Words];
        return LibC.GetRUsage(Self, usage) == 0 ? PeakRss(usage) : 0;
    }

    /// <summary>User and system time.</summary>
    public static TimeSpan Cpu(long* usage) =>
        TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds((int)usage[1] + (int)usage[3]);

    /// <summary>Peak resident size in bytes; Linux counts in KiB, macOS in bytes.</summary>
    public static long PeakRss(long* usage) => OperatingSystem.IsMacOS() ? usage[4] : usage[4] * 1024;
}
